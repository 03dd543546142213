import * as fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import paintedWidth from "../../src/ui/ink/painted-width.ts";

const paint = fc.constantFrom("\x1b[32m", "\x1b[0m", "\x1b[38;2;1;2;3m", "\x1b[", "\x1b]8;;x\x07", "\x1b[3");
const chart = fc.integer({ min: 0x2500, max: 0x259f }).map((code) => String.fromCharCode(code));
const piece = fc.oneof(paint, chart, fc.string(), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }));

test("a text is as wide as string-width says, whatever is in it", () => {
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
			const text = pieces.join("");
			expect(paintedWidth(text)).toBe(stringWidth(text));
		}),
		{ numRuns: 3000 },
	);
	for (let code = 0x2500; code <= 0x259f; code++) expect(paintedWidth(String.fromCharCode(code))).toBe(1);
});
