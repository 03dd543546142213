/** Reads the bytes of a recording from a file, in order. */

import { closeSync, readSync } from "node:fs";
import { openToRead } from "./regular-file.ts";

export interface RecordingBytes {
	/** Returns the next `length` bytes without consuming them; fewer only at the end. */
	peek(length: number): Buffer;
	/** Skips the next `length` bytes. */
	skip(length: number): void;
	close(): void;
}

export class FileBytes implements RecordingBytes {
	readonly #fd: number;
	#at = 0;

	/** Throws NotAFileError or the system's error. */
	constructor(path: string) {
		this.#fd = openToRead(path);
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
		closeSync(this.#fd);
	}
}
