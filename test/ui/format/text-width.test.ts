import { describe, expect, test, vi } from "vitest";
import { asciiText, fitText, textWidth, wrapText } from "../../../src/format/text-width.ts";

describe("fitText returns exactly the requested cells", () => {
	test.each([
		["nginx", 8, "left", "end", "nginx   "],
		["nginx", 8, "right", "end", "   nginx"],
		["/usr/lib/libc.so.6", 10, "left", "end", "/usr/lib/+"],
		["/usr/lib/libc.so.6", 10, "left", "start", "+libc.so.6"],
		["日本語", 6, "left", "end", "日本語"],
		["日本語", 5, "left", "end", "日本+"],
		["日本語", 4, "left", "end", "日+ "],
		["日本語", 4, "right", "start", " +語"],
		["x", 0, "left", "end", ""],
	] as const)("%s in %i cells, %s, cut at the %s", (text, width, align, cut, expected) => {
		const fitted = fitText(text, width, align, cut);
		expect(fitted).toBe(expected);
		expect(textWidth(fitted)).toBe(width);
	});
});

describe("of a very long text only what fits is examined", () => {
	test.each([
		["é", 6, "ééééé+"],
		["日", 6, "日日+ "],
		["😀a", 6, "😀a😀+"],
		["a\u0300", 6, "a\u0300".repeat(5)],
	] as const)("%s", (piece, width, beginning) => {
		const measured = vi.spyOn(Intl.Segmenter.prototype, "segment");
		const fitted = fitText(piece.repeat(40_000), width);
		expect(Math.max(...measured.mock.calls.map(([text]) => text.length))).toBeLessThan(100);
		measured.mockRestore();
		expect(fitted.startsWith(beginning)).toBe(true);
		expect(fitted.length).toBeLessThan(100);
		expect(textWidth(fitted)).toBe(width);
	});

	test("very many combining marks on one letter", () => {
		const fitted = fitText(`a${"\u0301".repeat(60_000)}`, 4);
		expect(fitted.length).toBeLessThan(50);
		expect(textWidth(fitted)).toBe(4);
		expect(fitted.endsWith("+  ")).toBe(true);
	});

	test("a pair of surrogates is not cut in two", () => {
		for (const lead of ["", "a"]) {
			expect(fitText(`${lead}${"😀".repeat(300)}`, 9)).not.toContain("ud83d");
			expect(fitText(`${lead}${"😀".repeat(300)}`, 9, "left", "start")).not.toContain("ude00");
		}
	});
});

test("a control character that should not get this far is shown as an escape", () => {
	expect(fitText("a\x1b[31mb", 14)).toBe("a\\x1b[31mb    ");
	expect(wrapText("a\nb", 10)).toEqual(["a\\x0ab"]);
});

test("ASCII mode shows every other character as an escape", () => {
	expect(asciiText("café ☕")).toBe("caf\\xe9 \\u{2615}");
	expect(asciiText("plain")).toBe("plain");
});

describe("wrapText", () => {
	test("loses nothing", () => {
		const text = "postgres -D /var/lib/postgresql/16/main -c config_file=/etc/postgresql/16/main/postgresql.conf";
		for (const width of [7, 20, 40]) {
			const lines = wrapText(text, width);
			expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
			expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
		}
	});

	test("breaks at a blank where that leaves no short line", () => {
		expect(wrapText("alpha beta gamma", 11)).toEqual(["alpha beta", "gamma"]);
	});

	test("an empty text is one empty line", () => {
		expect(wrapText("", 10)).toEqual([""]);
	});
});
