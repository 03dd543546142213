/**
 * Puts the chunks of a command line together. Memory: at most WIRE_ARGS_MAX for each command line under way. Whoever
 * starts programs with as much text as the kernel takes, as fast as it can, gets no more of them decoded than LONG_BUDGET.
 */

import { bytesAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { splitAtNul } from "./names.ts";
import type { Process } from "./process.ts";

const UNDER_WAY_LIMIT = 256;
/** Stands as the last argument where the kernel side did not send all. */
export const MORE_ARGUMENTS = "…";

/** Command lines up to so many bytes are always whole. */
const SHORT_BYTES = 4096;
/** Bytes of longer ones in one refresh: 64 of the longest, or 400 that are as long as a Java program's. */
const LONG_BUDGET = 8 * 1024 * 1024;

interface Pending {
	readonly bytes: Uint8Array;
	received: number;
}

export class ArgumentChunks {
	readonly #pending = new Map<Process, Pending>();
	#budget = LONG_BUDGET;
	#cut = 0;

	/** The whole command line once its last chunk is there, null before. */
	add(process: Process, view: DataView, at: number): readonly string[] | null {
		const offset = wire.textOffset(view, at);
		const total = wire.textTotal(view, at);
		const length = wire.textLen(view, at);
		const chunk = bytesAt(view, wire.textTextAt(at), length);
		const isTruncated = (wire.textFlags(view, at) & wire.WireTextFlag.TRUNCATED) !== 0;
		if (offset === 0 && length >= total) return argumentsOf(chunk, isTruncated);
		if (total > wire.WIRE_ARGS_MAX || offset + length > total) return null;
		const pending = this.#begin(process, offset, total);
		if (pending === undefined || pending.received !== offset) return null;
		pending.bytes.set(chunk, offset);
		pending.received += length;
		if (pending.received < total) return null;
		this.#pending.delete(process);
		return this.#longOf(pending.bytes, isTruncated);
	}

	/** Begins a refresh: how many command lines were cut in the last one. */
	takeCut(): number {
		const cut = this.#cut;
		this.#budget = LONG_BUDGET;
		this.#cut = 0;
		return cut;
	}

	forget(process: Process): void {
		this.#pending.delete(process);
	}

	#longOf(bytes: Uint8Array, isTruncated: boolean): readonly string[] {
		if (bytes.length <= SHORT_BYTES) return argumentsOf(bytes, isTruncated);
		if (bytes.length <= this.#budget) {
			this.#budget -= bytes.length;
			return argumentsOf(bytes, isTruncated);
		}
		this.#cut++;
		return argumentsOf(bytes.subarray(0, SHORT_BYTES), true);
	}

	#begin(process: Process, offset: number, total: number): Pending | undefined {
		if (offset !== 0) return this.#pending.get(process);
		// One that never came to its end must not stay for ever.
		if (this.#pending.size >= UNDER_WAY_LIMIT) this.#pending.clear();
		const pending = { bytes: new Uint8Array(total), received: 0 };
		this.#pending.set(process, pending);
		return pending;
	}
}

function argumentsOf(bytes: Uint8Array, isTruncated: boolean): readonly string[] {
	const words = splitAtNul(bytes);
	if (isTruncated) words.push(MORE_ARGUMENTS);
	return words;
}
