/** Decodes UTF-8 that may be malformed, in one pass. */

import { isUtf8 } from "node:buffer";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/** An escape takes the most room: `\xNN` for one byte. */
const UNITS_PER_BYTE = 4;
const HEX = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const BACKSLASH = "\\".charCodeAt(0);
const X = "x".charCodeAt(0);

/** Decodes any bytes. A byte outside of valid UTF-8 becomes `\xNN`. */
export function decodeUtf8(bytes: Uint8Array): string {
	// Not by an exception: one costs as much as decoding a kilobyte.
	return isUtf8(bytes) ? utf8.decode(bytes) : decodeBroken(bytes);
}

/**
 * Length of the sequence that begins at `at`, 0 if none does. The range of the second byte excludes overlong forms,
 * surrogates, and what is above U+10FFFF (RFC 3629, section 4).
 */
function sequenceLength(bytes: Uint8Array, at: number): number {
	const first = bytes[at] ?? 0;
	if (first < 0x80) return 1;
	if (first < 0xc2 || first > 0xf4) return 0;
	const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
	const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
	const second = bytes[at + 1] ?? 0;
	if (second < low || second > high) return 0;
	for (let next = 2; next < length; next++) {
		if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
	}
	return length;
}

function decodeBroken(bytes: Uint8Array): string {
	const units = new Uint16Array(bytes.length * UNITS_PER_BYTE);
	let end = 0;
	for (let at = 0; at < bytes.length; ) {
		const first = bytes[at] ?? 0;
		const length = sequenceLength(bytes, at);
		if (length === 1) {
			units[end++] = first;
		} else if (length === 0) {
			units[end++] = BACKSLASH;
			units[end++] = X;
			units[end++] = HEX[first >> 4] ?? 0;
			units[end++] = HEX[first & 15] ?? 0;
		} else {
			const code = codePoint(bytes, at, length);
			if (code >= 0x10000) units[end++] = 0xd7c0 + (code >> 10);
			units[end++] = code < 0x10000 ? code : 0xdc00 + (code & 0x3ff);
		}
		at += length || 1;
	}
	return utf16.decode(units.subarray(0, end));
}

/** The character of a sequence of two to four bytes. */
function codePoint(bytes: Uint8Array, at: number, length: number): number {
	// The longer the sequence, the fewer bits the first byte has.
	let code = (bytes[at] ?? 0) & (0x7f >> length);
	for (let next = 1; next < length; next++) code = (code << 6) | ((bytes[at + next] ?? 0) & 0x3f);
	return code;
}
