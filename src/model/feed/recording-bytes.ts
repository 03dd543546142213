/** Reads the bytes of a recording in order, from a file or from a stream. */

import { closeSync, fstatSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { openToRead } from "./regular-file.ts";

export interface RecordingBytes {
	/** Whether the next `length` bytes, or all up to the end, are there to be read. */
	has(length: number): boolean;
	/** Calls `listener` once when there is more; only where `has` is false. */
	onMore(listener: () => void): void;
	/** Returns the next `length` bytes without consuming them; fewer only at the end. */
	peek(length: number): Buffer;
	/** Skips the next `length` bytes. */
	skip(length: number): void;
	close(): void;
}

/** How often what is being written is looked at. */
const LOOK_MS = 100;

/** Calls `listener` once, when `isTrue`; looks until the timer is cleared. */
export function lookUntil(isTrue: () => boolean, listener: () => void): NodeJS.Timeout {
	const looks = setInterval(() => {
		if (!isTrue()) return;
		clearInterval(looks);
		listener();
	}, LOOK_MS);
	return looks;
}

export class FileBytes implements RecordingBytes {
	readonly #fd: number;
	readonly #quietMs: number | null;
	#at = 0;
	#size = 0;
	#grownMs = performance.now();
	#looks: NodeJS.Timeout | undefined;

	/**
	 * `quietMs`: it is still being written, and has ended when nothing was added for so long; null: it has all that it will
	 * have. Throws NotAFileError or the system's error.
	 */
	constructor(path: string, quietMs: number | null = null) {
		this.#fd = openToRead(path);
		this.#quietMs = quietMs;
	}

	has(length: number): boolean {
		return this.#quietMs === null || this.#at + length <= this.#sizeNow() || this.#isQuiet(this.#quietMs);
	}

	onMore(listener: () => void): void {
		const before = this.#size;
		clearInterval(this.#looks);
		this.#looks = lookUntil(() => this.#sizeNow() !== before || this.#isQuiet(this.#quietMs ?? 0), listener);
	}

	#sizeNow(): number {
		const { size } = fstatSync(this.#fd);
		if (size !== this.#size) this.#grownMs = performance.now();
		this.#size = size;
		return size;
	}

	#isQuiet(quietMs: number): boolean {
		return performance.now() - this.#grownMs > quietMs;
	}

	peek(length: number): Buffer {
		const bytes = Buffer.allocUnsafe(length);
		let filled = 0;
		while (filled < length) {
			const count = readSync(this.#fd, bytes, filled, length - filled, this.#at + filled);
			if (count === 0) break;
			filled += count;
		}
		return bytes.subarray(0, filled);
	}

	skip(length: number): void {
		this.#at += length;
	}

	close(): void {
		clearInterval(this.#looks);
		closeSync(this.#fd);
	}
}

/** How much is read from the stream before it is needed. */
const MOST_AHEAD_BYTES = 4 << 20;

export class StreamBytes implements RecordingBytes {
	readonly #stream: Readable;
	#chunks: Buffer[] = [];
	#length = 0;
	/** Bytes that the reader waits for; a large block may have more than are read ahead. */
	#needed = 0;
	#isOver = false;
	#listener: () => void = () => {};

	constructor(stream: Readable) {
		this.#stream = stream;
		stream.on("data", (chunk: Buffer) => {
			this.#chunks.push(chunk);
			this.#length += chunk.length;
			if (this.#length >= Math.max(this.#needed, MOST_AHEAD_BYTES)) stream.pause();
			this.#tell();
		});
		const end = (): void => {
			this.#isOver = true;
			this.#tell();
		};
		stream.once("end", end);
		stream.once("close", end);
		stream.on("error", end);
	}

	has(length: number): boolean {
		if (this.#isOver || this.#length >= length) return true;
		this.#needed = length;
		this.#stream.resume();
		return false;
	}

	onMore(listener: () => void): void {
		this.#listener = listener;
	}

	peek(length: number): Buffer {
		if ((this.#chunks[0]?.length ?? 0) < length && this.#chunks.length > 1)
			this.#chunks = [Buffer.concat(this.#chunks)];
		return this.#chunks[0]?.subarray(0, length) ?? Buffer.alloc(0);
	}

	skip(length: number): void {
		this.peek(length);
		const rest = this.#chunks[0]?.subarray(length);
		if (rest === undefined) return;
		if (rest.length === 0) this.#chunks.shift();
		else this.#chunks[0] = rest;
		this.#length = Math.max(0, this.#length - length);
		if (!this.#isOver && this.#length < MOST_AHEAD_BYTES) this.#stream.resume();
	}

	close(): void {
		this.#stream.destroy();
	}

	#tell(): void {
		const listener = this.#listener;
		this.#listener = () => {};
		listener();
	}
}
