/**
 * Assembles the chunks of a command line. Memory: at most WIRE_ARGS_MAX for each incomplete command line, and what
 * KeptArguments allows. If a process starts programs with as much text as the kernel takes, as fast as it can, no more
 * than LONG_BUDGET is decoded. A truncated command line ends in MORE_ARGUMENTS and is counted.
 */

import { bytesAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { KeptArguments } from "./kept-arguments.ts";
import { splitAtNul } from "./names.ts";
import type { Process } from "./process.ts";

const UNDER_WAY_LIMIT = 256;
/** The last argument if the kernel side did not send all. */
const MORE_ARGUMENTS = "…";

/** Command lines of up to this many bytes are always complete. */
const TINY_BYTES = 256;
/** Up to this size they are decoded, however many there are in a refresh. */
const SHORT_BYTES = 4096;
/** Bytes of longer ones per refresh: 64 of the longest, or 400 as long as a Java program's. */
const LONG_BUDGET = 8 * 1024 * 1024;

interface Pending {
	readonly bytes: Uint8Array;
	received: number;
}

export class ArgumentChunks {
	readonly #pending = new Map<Process, Pending>();
	readonly #kept: KeptArguments;
	#budget = LONG_BUDGET;
	#cut = 0;

	constructor(kept: KeptArguments) {
		this.#kept = kept;
	}

	/** The complete command line after its last chunk, null before. */
	add(process: Process, view: DataView, at: number): readonly string[] | null {
		const offset = wire.textOffset(view, at);
		const total = wire.textTotal(view, at);
		const length = wire.textLen(view, at);
		const chunk = bytesAt(view, wire.textTextAt(at), length);
		const isTruncated = (wire.textFlags(view, at) & wire.WireTextFlag.TRUNCATED) !== 0;
		if (offset === 0 && length >= total) return this.#keep(process, chunk, isTruncated);
		if (total > wire.WIRE_ARGS_MAX || offset + length > total) return null;
		const pending = this.#begin(process, offset, total);
		if (pending === undefined || pending.received !== offset) return null;
		pending.bytes.set(chunk, offset);
		pending.received += length;
		if (pending.received < total) return null;
		this.#pending.delete(process);
		return this.#keep(process, pending.bytes, isTruncated);
	}

	/** Begins a refresh. Returns how many command lines were truncated in the last one. */
	takeCut(): number {
		const cut = this.#cut;
		this.#budget = LONG_BUDGET;
		this.#cut = 0;
		this.#kept.tick();
		return cut;
	}

	forget(process: Process): void {
		this.#pending.delete(process);
	}

	#keep(process: Process, bytes: Uint8Array, isTruncated: boolean): readonly string[] {
		if (bytes.length <= TINY_BYTES) return argumentsOf(bytes, isTruncated);
		const whole = this.#decode(bytes, isTruncated);
		const args = whole ?? argumentsOf(bytes.subarray(0, SHORT_BYTES), true);
		// After a loss all are sent again: those already kept are neither truncated nor counted twice.
		if (isBeginOf(args, process.args)) return process.args;
		const isKept = this.#kept.take(process, args);
		const result = isKept ? args : argumentsOf(bytes.subarray(0, TINY_BYTES), true);
		if (result !== whole && isSame(result, process.args)) return process.args;
		if (result !== whole) this.#cut++;
		return result;
	}

	/** Null if there were too many long ones in this refresh. */
	#decode(bytes: Uint8Array, isTruncated: boolean): readonly string[] | null {
		if (bytes.length > SHORT_BYTES) {
			if (bytes.length > this.#budget) return null;
			this.#budget -= bytes.length;
		}
		return argumentsOf(bytes, isTruncated);
	}

	#begin(process: Process, offset: number, total: number): Pending | undefined {
		if (offset !== 0) return this.#pending.get(process);
		// An incomplete command line must not stay for ever.
		if (this.#pending.size >= UNDER_WAY_LIMIT) this.#pending.clear();
		const pending = { bytes: new Uint8Array(total), received: 0 };
		this.#pending.set(process, pending);
		return pending;
	}
}

/** Whether `known` begins with `args`, which may be truncated. */
function isBeginOf(args: readonly string[], known: readonly string[]): boolean {
	const isCut = args.at(-1) === MORE_ARGUMENTS;
	const words = isCut ? args.slice(0, -1) : args;
	if (known.length < words.length || (!isCut && known.length > words.length)) return false;
	const last = words.length - 1;
	return words.every((word, at) => (isCut && at === last ? known[at]?.startsWith(word) : known[at] === word));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
	return one.length === other.length && one.every((word, at) => word === other[at]);
}

function argumentsOf(bytes: Uint8Array, isTruncated: boolean): readonly string[] {
	const words = splitAtNul(bytes);
	if (isTruncated) words.push(MORE_ARGUMENTS);
	return words;
}
