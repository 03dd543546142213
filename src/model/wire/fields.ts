/** Reads single fields of a wire record. */

import { safeTextFromBytes } from "../safe-text.ts";

const HIGH_WORD = 2 ** 32;

/** An unsigned 64-bit counter as a number: exact up to 2^53. Identities are read as two words instead. */
export function counterAt(view: DataView, at: number): number {
	return view.getUint32(at, true) + view.getUint32(at + 4, true) * HIGH_WORD;
}

/** The decimal text of a 64-bit identity. */
export function decimalOf(low: number, high: number): string {
	return high === 0 ? String(low) : ((BigInt(high) << 32n) | BigInt(low)).toString();
}

/** Four bytes as an unsigned number. */
export function wordAt(view: DataView, at: number): number {
	return view.getUint32(at, true);
}

export function bytesAt(view: DataView, at: number, length: number): Uint8Array {
	return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

/** Text that follows a record, up to its first NUL, safe to show. */
export function textAt(view: DataView, at: number, length: number): string {
	const bytes = bytesAt(view, at, length);
	const end = bytes.indexOf(0);
	return safeTextFromBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

interface CachedComm {
	readonly words: readonly [number, number, number, number];
	readonly text: string;
}

const COMM_CACHE_LIMIT = 4096;
const commCache = new Map<number, CachedComm>();

/** A comm field, safe to show. The same 16 bytes give the same string again without decoding. */
export function commAt(view: DataView, at: number): string {
	const a = view.getUint32(at, true);
	const b = view.getUint32(at + 4, true);
	const c = view.getUint32(at + 8, true);
	const d = view.getUint32(at + 12, true);
	const hash = a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b) ^ Math.imul(d, 0xc2b2ae35);
	const known = commCache.get(hash);
	if (known !== undefined) {
		const words = known.words;
		if (words[0] === a && words[1] === b && words[2] === c && words[3] === d) return known.text;
	}
	if (commCache.size >= COMM_CACHE_LIMIT) commCache.clear();
	const text = textAt(view, at, 16);
	commCache.set(hash, { words: [a, b, c, d], text });
	return text;
}
