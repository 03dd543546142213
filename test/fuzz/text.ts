/** Hostile bytes for names, paths and arguments. */

import * as fc from "fast-check";

const NASTY = [
	"sh",
	"/usr/bin/redis-server",
	"/x (deleted)",
	"a\0b\0c",
	"\x1b[2J\x1b]0;title\x07",
	"\x1b[31mred",
	"\u202egnp.exe",
	"e\u0301\u0301\u0301",
	"👩‍👩‍👧‍👦 家族",
	"\u200b\ufeff",
	"line\nline\r\n\t",
	"\\x1b[31m \\u{202e} \\u{ffffffffff}",
	"\x9b31m",
	"\ud7ff\ue000\uffff",
	"__proto__",
	"constructor",
	" ",
	"…",
	"0x0/1 :[]{}\"'`$",
] as const;
const encoder = new TextEncoder();

/** Text that is known to do harm, any text, and long text. */
export const hostileText: fc.Arbitrary<Uint8Array> = fc.oneof(
	{ weight: 5, arbitrary: fc.constantFrom(...NASTY).map((text) => encoder.encode(text)) },
	{ weight: 3, arbitrary: fc.uint8Array({ maxLength: 24 }) },
	{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }).map((text) => encoder.encode(text)) },
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.constantFrom(...NASTY), fc.nat(300))
			.map(([text, times]) => encoder.encode(text.repeat(times))),
	},
);

/** The same as strings, with lone surrogates. */
export const hostileString: fc.Arbitrary<string> = fc.oneof(
	fc.constantFrom<string>(...NASTY, "", "\ud83d", "\udc00x"),
	fc.string({ unit: "binary", maxLength: 30 }),
	fc.string({ maxLength: 30 }),
);

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** The first character of `text` that could control a terminal or hide text; null if all may be shown. */
export function unsafeCharacter(text: string): string | null {
	const found = UNSAFE.exec(text);
	return found === null ? null : `U+${(found[0].codePointAt(0) ?? 0).toString(16)} at ${found.index}`;
}
