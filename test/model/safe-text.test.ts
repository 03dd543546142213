/** Untrusted bytes as text: none is dropped, and none is decoded twice. */

import { expect, test, vi } from "vitest";
import { safeJson, safeLines, safeText, safeTextFromBytes } from "../../src/model/safe-text.ts";
import { splitAtNul } from "../../src/model/tables/process/names.ts";

const bytesOf = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)));

test.each([
	["plain", bytesOf("nginx: worker"), "nginx: worker"],
	["nothing", bytesOf(), ""],
	["UTF-8", bytesOf("café 日本 😀"), "café 日本 😀"],
	["what steers a terminal", bytesOf("a\x1b[31m\n\x7f\u009b"), "a\\x1b[31m\\x0a\\x7f\\x9b"],
	["what turns or hides text", bytesOf("\u202e\u200b"), "\\u{202e}\\u{200b}"],
	["a byte order mark", bytesOf("\ufeffpasswd"), "\\u{feff}passwd"],
	["the same beside a broken byte", bytesOf("\ufeff\u{1f600}", [0xff]), "\\u{feff}😀\\xff"],
	["a continuation alone", bytesOf([0x80], "a"), "\\x80a"],
	["too long a form of a slash", bytesOf([0xc0, 0xaf, 0xe0, 0x80, 0xaf]), "\\xc0\\xaf\\xe0\\x80\\xaf"],
	["a surrogate", bytesOf([0xed, 0xa0, 0x80]), "\\xed\\xa0\\x80"],
	["beyond U+10FFFF", bytesOf([0xf4, 0x90, 0x80, 0x80]), "\\xf4\\x90\\x80\\x80"],
	["a sequence that is cut short", bytesOf("é", [0xf0, 0x9f, 0x98]), "é\\xf0\\x9f\\x98"],
])("%s", (_, bytes, text) => {
	expect(safeTextFromBytes(bytes)).toBe(text);
});

test("lines stay lines", () => {
	expect(safeLines("a\nb\x1b\r\n\u2028\n")).toBe("a\nb\\x1b\\x0d\n\\u{2028}\n");
});

test("JSON stays the same JSON, in characters that are safe to show", () => {
	const value = { "k\u009b": "\x1b\x7f\u0085\u202e\ufeff\u{e0001}\ud800 café 😀", n: 1.5 };
	const line = `${JSON.stringify(value)}\n`;
	expect(safeText(line.trim())).not.toBe(line.trim());
	expect(safeLines(safeJson(line))).toBe(safeJson(line));
	expect(JSON.parse(safeJson(line))).toEqual(value);
	expect(safeJson(line)).toContain("café 😀");
});

test("128 KiB of anything are decoded at once, not byte by byte, and throw nothing on the way", () => {
	const decode = vi.spyOn(TextDecoder.prototype, "decode");
	for (const [bytes, text] of [
		[[0x61], "a"],
		[[0xff], "\\xff"],
		[[0xc3, 0xa9, 0xff], "é\\xff"],
		[[0xf0, 0x9f, 0x98], "\\xf0\\x9f\\x98"],
	] as const) {
		const times = Math.floor(131_072 / bytes.length);
		decode.mockClear();
		const found = safeTextFromBytes(Buffer.from(Array(times).fill(bytes).flat()));
		expect(decode.mock.calls.length).toBe(1);
		expect(decode.mock.results[0]?.type).toBe("return");
		expect(found === text.repeat(times)).toBe(true);
	}
	decode.mockRestore();
});

test("65,536 arguments of one broken byte each are decoded at once", () => {
	const decode = vi.spyOn(TextDecoder.prototype, "decode");
	const words = splitAtNul(Buffer.from("ff00".repeat(65_536), "hex"));
	expect(decode.mock.calls.length).toBe(1);
	decode.mockRestore();
	expect(words.length).toBe(65_536);
	expect(new Set(words)).toEqual(new Set(["\\xff"]));
	expect(splitAtNul(Buffer.from("a\0\0b\x1b\0\0"))).toEqual(["a", "", "b\\x1b", ""]);
	expect([splitAtNul(Buffer.from("a\0b")), splitAtNul(Buffer.from("")), splitAtNul(Buffer.from("\0"))]).toEqual([
		["a", "b"],
		[],
		[""],
	]);
});

test("every first byte with all relevant following bytes, as a strict decoder does it", () => {
	const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	const expected = (bytes: Uint8Array): string => {
		for (let length = bytes.length; length > 0; length--) {
			try {
				return safeText(strict.decode(bytes.subarray(0, length))) + expected(bytes.subarray(length));
			} catch {
				// a shorter beginning may be whole
			}
		}
		return bytes.length === 0 ? "" : `\\x${bytes[0]?.toString(16).padStart(2, "0")}${expected(bytes.subarray(1))}`;
	};
	const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
	const wrong: string[] = [];
	for (let first = 0; first < 256; first++) {
		for (const second of edges) {
			for (const third of [0x41, 0x80, 0xbf, 0xc0]) {
				const bytes = Uint8Array.of(first, second, third, 0x80);
				if (safeTextFromBytes(bytes) !== expected(bytes)) wrong.push(Buffer.from(bytes).toString("hex"));
			}
		}
	}
	expect(wrong).toEqual([]);
});
