/**
 * Deltas one after the other, in the form in which they are compressed. They are outside of V8's heap, whose collector would copy
 * and mark them, and in buffers that are used again.
 */

import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import type { Delta } from "./delta.ts";

const NUMBER_BYTES = 8;
/** Before each delta: how many numbers, how many bytes of text. */
const HEAD_BYTES = 8;

const FIRST_ROOM = 64 << 10;
/** Buffers that nobody uses: of the deltas of a stretch, and of its full state. */
const MOST_SPARE = 2;
/** A flood needs larger ones, once. */
const MOST_SPARE_BYTES = 8 << 20;
const spare: Buffer[] = [];

/** A higher level takes longer and saves nothing. */
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1 };
const compress = promisify(zstdCompress);

/** As of a block of a recording. */
const MOST_UNPACKED_BYTES = 256 << 20;

export class DeltaBytes {
	#bytes = spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_ROOM);
	readonly #ends: number[] = [];

	get length(): number {
		return this.#ends.at(-1) ?? 0;
	}

	get count(): number {
		return this.#ends.length;
	}

	/** Copies the delta. */
	add({ numbers, others }: Delta): void {
		const at = this.length;
		const textAt = at + HEAD_BYTES + numbers.byteLength;
		const textBytes = Buffer.byteLength(others);
		this.#reserve(textAt + textBytes);
		this.#bytes.writeUInt32LE(numbers.length, at);
		this.#bytes.writeUInt32LE(textBytes, at + 4);
		this.#bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at + HEAD_BYTES);
		this.#bytes.write(others, textAt);
		this.#ends.push(textAt + textBytes);
	}

	/** From number `from` to the one before `to`. */
	read(from: number, to: number): Delta[] {
		const begin = from === 0 ? 0 : this.#ends[from - 1];
		return [...deltasIn(this.#bytes.subarray(begin, this.#ends[Math.min(to, this.count) - 1] ?? 0))];
	}

	/** Compresses them on another thread. Until that is done, nothing is added; `isCopied`: that may happen meanwhile. */
	async pack(isCopied = false): Promise<Uint8Array> {
		const bytes = this.#bytes.subarray(0, this.length);
		// zstd sizes its tables by that; without it they take megabytes.
		const options = { params: PARAMS, pledgedSrcSize: bytes.length };
		// A copy, since zlib returns a part of a larger buffer.
		return new Uint8Array(await compress(isCopied ? Buffer.from(bytes) : bytes, options));
	}

	clear(): void {
		this.#ends.length = 0;
	}

	/** It is not used any more. */
	free(): void {
		this.clear();
		if (spare.length < MOST_SPARE && this.#bytes.length <= MOST_SPARE_BYTES) spare.push(this.#bytes);
		this.#bytes = Buffer.alloc(0);
	}

	#reserve(length: number): void {
		if (length <= this.#bytes.length) return;
		const more = Buffer.allocUnsafeSlow(Math.max(length, this.#bytes.length * 2));
		more.set(this.#bytes.subarray(0, this.length));
		this.#bytes = more;
	}
}

/** Throws where that is not what `pack` made, or too much. */
export function* unpack(packed: Uint8Array): Generator<Delta> {
	yield* deltasIn(zstdDecompressSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES }));
}

function* deltasIn(bytes: Buffer): Generator<Delta> {
	for (let at = 0; at < bytes.length; ) {
		const numbersAt = at + HEAD_BYTES;
		const textAt = numbersAt + bytes.readUInt32LE(at) * NUMBER_BYTES;
		const end = textAt + bytes.readUInt32LE(at + 4);
		const numbers = new Float64Array(new Uint8Array(bytes.subarray(numbersAt, textAt)).buffer); // a copy, for alignment
		yield { numbers, others: bytes.toString("utf8", textAt, end) };
		at = end;
	}
}
