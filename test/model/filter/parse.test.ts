import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../src/model/filter/index.ts";

describe("a broken filter is refused with the column of the mistake", () => {
	const cases: [text: string, column: number, message: RegExp][] = [
		["", 1, /empty/],
		["   ", 1, /empty/],
		["color = red", 1, /no field "color"; there are pid /],
		["pid = 1 and colour = red", 13, /no field "colour"/],
		["pid =", 6, /value is missing after "="/],
		["(pid =)", 7, /value is missing/],
		["= 12", 1, /missing before "="/],
		["pid = x", 7, /needs a number/],
		["pid = 12k", 9, /"k" is not a unit of "pid"/],
		["bytes > 10X", 11, /"X" is not a unit/],
		["duration > 2", 13, /unit is missing/],
		["comm < x", 6, /is text/],
		["comm ~ [", 8, /regex is broken: missing closing \]/],
		["comm ~ (a)\\1", 8, /regex is broken: invalid escape sequence: `\\1`/],
		["comm ~ (?=a)", 8, /regex is broken/],
		["args ~ (a{10}){1000}", 8, /regex is broken/],
		["args ~ [ab]{999}[ab]{999}", 8, /regex is broken: it repeats too much/],
		["pid = 1 or comm ~ *", 19, /regex is broken/],
		["nginx worker", 7, /"and" or "or" is missing before "worker"/],
		["pid = 1 pid = 2", 9, /"and" or "or" is missing/],
		["(pid = 1", 1, /not closed/],
		["pid = 1)", 8, /no "\("/],
		["()", 2, /missing before "\)"/],
		["not", 4, /missing at the end/],
		["pid = 1 and", 12, /missing at the end/],
		["or pid = 1", 1, /missing before "or"/],
		['comm = "x', 8, /not closed/],
		['""', 1, /Empty quotes/],
		["pid == 1", 5, /"=" instead of "=="/],
		["comm =~ x", 6, /"~" instead of "=~"/],
		["pid = 1 && pid = 2", 9, /"and" instead of "&&"/],
		["pid = 1 || pid = 2", 9, /"or" instead of "\|\|"/],
	];
	it.each(cases)("%j at column %i", (text, column, message) => {
		const result = parseFilter(text);
		expect(result).toMatchObject({ ok: false, column });
		expect(!result.ok && result.message).toMatch(message);
	});
});

describe("valid filters", () => {
	const texts = [
		"12",
		"nginx",
		"'two words'",
		"pid=12",
		"comm!=x",
		"comm!~x",
		"rate>=1.5M",
		"bytes > 10MiB and bytes < 3GB",
		"duration>2ms or latency > 5us",
		"path ~ ^/(etc|usr)/",
		"(path ~ ^/(etc|usr)/)",
		"NOT (a AND b) Or c",
		"args = --foo=bar",
		"not not not x",
		"a!b&c|d",
	];
	it.each(texts)("%j", (text) => {
		expect(parseFilter(text)).toMatchObject({ ok: true, filter: { text } });
	});
});

it("refuses deep nesting instead of overflowing the stack", () => {
	for (const text of ["(".repeat(4000), `${"not ".repeat(1000)}x`, "(not ".repeat(800)]) {
		expect(parseFilter(text)).toMatchObject({ ok: false, message: "The filter is nested too deeply." });
	}
});

it("refuses a text that is too long", () => {
	expect(parseFilter(`${"1 or ".repeat(819)}1`)).toMatchObject({ ok: true });
	const long = { ok: false, message: "The filter is too long.", column: 4097 };
	expect(parseFilter("1 or ".repeat(820).slice(0, 4097))).toEqual(long);
	expect(parseFilter(`${"x and ".repeat(100_000)}x`)).toEqual(long);
});

it("never throws and never points outside the text, whatever the text", () => {
	const pieces = ["pid", "comm", "and", "or", "not", "(", ")", "=", "!", "~", "<", "'", '"', "\\", " ", "1", "[", "é"];
	let seed = 20261120;
	const random = (below: number): number => {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		return (seed >>> 8) % below;
	};
	for (let round = 0; round < 20_000; round++) {
		const text = Array.from({ length: 1 + random(10) }, () => pieces[random(pieces.length)]).join("");
		const result = parseFilter(text);
		if (result.ok) continue;
		expect(result.message, text).not.toBe("");
		expect(result.column, text).toBeGreaterThanOrEqual(1);
		expect(result.column, text).toBeLessThanOrEqual(text.length + 1);
	}
});
