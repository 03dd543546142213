import { describe, expect, test } from "vitest";
import { asciiText, fitText, textWidth, wrapText } from "../../../src/format/text-width.ts";

describe("fitText gives exactly the cells asked for", () => {
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

test("a control character that should never have come this far is shown, not sent", () => {
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
