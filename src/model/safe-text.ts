/**
 * Makes strings from the kernel safe to show, once, where they enter the model: whatever could steer a terminal,
 * reorder or hide text becomes a visible escape and is never dropped.
 */

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

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Raw bytes as safe text. A byte that is no part of valid UTF-8 becomes `\xNN`. */
export function safeTextFromBytes(bytes: Uint8Array): string {
	let isAscii = true;
	for (const byte of bytes) {
		if (byte < 0x20 || byte > 0x7e) {
			isAscii = false;
			break;
		}
	}
	if (isAscii) return String.fromCharCode.apply(null, bytes as unknown as number[]);
	try {
		return safeText(utf8.decode(bytes));
	} catch {
		return decodeBroken(bytes);
	}
}

/** Length of the valid UTF-8 sequence at `at`, 0 if there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
	for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
		try {
			utf8.decode(bytes.subarray(at, at + length));
			return length;
		} catch {
			// a longer sequence may still be whole
		}
	}
	return 0;
}

function decodeBroken(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length; ) {
		const length = sequenceLength(bytes, at);
		if (length === 0) {
			text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}`;
			at += 1;
		} else {
			text += safeText(utf8.decode(bytes.subarray(at, at + length)));
			at += length;
		}
	}
	return text;
}
