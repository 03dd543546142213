/**
 * Bounds the memory of all command lines, in characters as stored: a control byte takes four. A user's share is a
 * quarter, so that one user's long command lines do not truncate those of others.
 */

import type { Process } from "./process.ts";

const ALL_LIMIT = 64 * 1024 * 1024;
const USER_LIMIT = 16 * 1024 * 1024;

export class KeptArguments {
	readonly #processes: () => Iterable<Process>;
	#ofUser = new Map<number, number>();
	#ofAll = 0;
	/** Recounting visits every process, so it is done at most once per refresh. */
	#isCounted = false;

	/** `processes` are those that have arguments. */
	constructor(processes: () => Iterable<Process>) {
		this.#processes = processes;
	}

	/** Begins a refresh. */
	tick(): void {
		this.#isCounted = false;
	}

	/** Whether the user of the process may keep these too; if so they are counted. */
	take(process: Process, args: readonly string[]): boolean {
		const length = lengthOf(args);
		if (!this.#fits(process.holder, length) && !this.#isCounted) this.#count();
		if (!this.#fits(process.holder, length)) return false;
		this.#add(process.holder, length);
		return true;
	}

	#fits(user: number, length: number): boolean {
		return (this.#ofUser.get(user) ?? 0) + length <= USER_LIMIT && this.#ofAll + length <= ALL_LIMIT;
	}

	#add(user: number, length: number): void {
		this.#ofUser.set(user, (this.#ofUser.get(user) ?? 0) + length);
		this.#ofAll += length;
	}

	/** Counts again, since processes may be gone, and children share their parent's arguments. */
	#count(): void {
		this.#isCounted = true;
		this.#ofUser = new Map();
		this.#ofAll = 0;
		const seen = new Set<readonly string[]>();
		for (const { holder, args } of this.#processes()) {
			if (seen.has(args)) continue;
			seen.add(args);
			this.#add(holder, lengthOf(args));
		}
	}
}

function lengthOf(args: readonly string[]): number {
	let length = args.length;
	for (const word of args) length += word.length;
	return length;
}
