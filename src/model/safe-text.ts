/**
 * Makes strings from the kernel safe to show, once, where they enter the model: whatever could steer a terminal,
 * reorder or hide text becomes a visible escape and is never dropped.
 */

import { decodeUtf8 } from "./utf8.ts";

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN_ASCII = /^[\x20-\x7e]*$/;

/** Visible form of one unsafe character: `\x1b` up to 0xff, `\u{202e}` above. */
function escapeCharacter(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

/** `text` with every unsafe character escaped; plain text comes back as it is. */
export function safeText(text: string): string {
	return PLAIN_ASCII.test(text) ? text : text.replace(UNSAFE, escapeCharacter);
}

/** The decoder is as fast for so many bytes and faster for more; 126,000 are too many arguments for one call. */
const SHORT = 16;

/** Raw bytes as safe text. A byte that is no part of valid UTF-8 becomes `\xNN`. */
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
