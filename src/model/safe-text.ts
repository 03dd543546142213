/**
 * Makes text safe to show: characters that could control a terminal, reorder or hide text become visible escapes and
 * are never dropped. This is done where strings from the kernel enter the model, so that all views show and measure the
 * same, and again in `output/door.ts`, since not all text comes through the model.
 */

import { decodeUtf8 } from "./utf8.ts";

/** One unsafe character, as a regular expression with the flag u. */
export const UNSAFE = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`;
const ALL_UNSAFE = new RegExp(UNSAFE, "gu");
const ALL_UNSAFE_IN_LINES = new RegExp(`(?!\\n)${UNSAFE}`, "gu");
const PLAIN_ASCII = /^[\x20-\x7e]*$/;
const PLAIN_ASCII_LINES = /^[\x20-\x7e\n]*$/;

/** The visible form of one unsafe character: `\x1b` up to 0xff, `\u{202e}` above. */
export function escapeUnsafe(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** The same in JSON's notation, one or two UTF-16 units. */
function escapeForJson(character: string): string {
	return [...Array(character.length).keys()]
		.map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
		.join("");
}

/** `text` with every unsafe character escaped; safe text is returned unchanged. */
export function safeText(text: string): string {
	return PLAIN_ASCII.test(text) ? text : text.replace(ALL_UNSAFE, escapeUnsafe);
}

/** The same for whole lines: line feeds stay. */
export function safeLines(text: string): string {
	return PLAIN_ASCII_LINES.test(text) ? text : text.replace(ALL_UNSAFE_IN_LINES, escapeUnsafe);
}

/** The same for lines of JSON, whose meaning does not change. */
export function safeJson(text: string): string {
	return PLAIN_ASCII_LINES.test(text) ? text : text.replace(ALL_UNSAFE_IN_LINES, escapeForJson);
}

/** Up to this size decoding is as fast as the decoder; String.fromCharCode takes fewer than 126,000 arguments. */
const SHORT = 16;

/** Raw bytes as safe text. A byte outside of valid UTF-8 becomes `\xNN`. */
export function safeTextFromBytes(bytes: Uint8Array): string {
	return isShortAscii(bytes)
		? String.fromCharCode.apply(null, bytes as unknown as number[])
		: safeText(decodeUtf8(bytes));
}

function isShortAscii(bytes: Uint8Array): boolean {
	if (bytes.length > SHORT) return false;
	for (const byte of bytes) {
		if (byte < 0x20 || byte > 0x7e) return false;
	}
	return true;
}
