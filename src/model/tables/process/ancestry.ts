/**
 * Which process started which, from the fork records: a parent that died and was dropped is kept as an Ancestor while
 * it has living descendants. Memory: as many of these as the bound allows, each with the beginning of its command line.
 */

import type { AncestorRow } from "../../snapshot.ts";
import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import { firstWords } from "./first-words.ts";
import { Process, type Starter } from "./process.ts";
import type { ProcessRegistry } from "./registry.ts";

/** How many dead ancestors in a row are followed to find a living one. */
const MOST_STEPS = 64;
/** Characters of a command line. */
const MOST_TEXT = 256;

/** What is kept of a dropped process. */
export class Ancestor implements Starter {
	row: AncestorRow;
	/** The user against whose share it counts. */
	readonly holder: number;
	starter: Starter | null;
	readonly started: Set<Starter>;

	constructor(process: Process) {
		const { pid, start, comm, exe, args, startedBy } = process;
		this.row = { pid, start, comm, exe, args: firstWords(args, MOST_TEXT), starter: startedBy };
		this.holder = process.holder;
		this.starter = process.starter;
		this.started = process.started;
	}
}

export class Ancestry {
	readonly #processes: ProcessRegistry;
	/** Processes whose starter is not known yet. */
	readonly #waiting = new Map<Process, number>();
	readonly #kept = new Set<Ancestor>();
	readonly #places: FairTable<number, Ancestor>;
	#rows: readonly AncestorRow[] = [];
	#isChanged = false;

	constructor(processes: ProcessRegistry, bounds: Bounds) {
		this.#processes = processes;
		this.#places = bounds.fair<number, Ancestor>("ancestors", {
			userOf: (holder) => holder,
			evict: (ancestor) => this.#drop(ancestor),
		});
		processes.listen({
			renamed: (process) => this.#rename(process),
			evicted: (process) => this.#forget(process),
		});
	}

	/** Sets the process that forked this one; `pid` 0: unknown. The first record counts. */
	take(process: Process, pid: number): void {
		if (pid !== 0 && process.startedBy === null && !this.#join(process, pid)) this.#waiting.set(process, pid);
	}

	/** A pass may find a process before its starter. */
	tick(): void {
		for (const [process, pid] of this.#waiting) if (process.startedBy === null) this.#join(process, pid);
		this.#waiting.clear();
	}

	#join(process: Process, pid: number): boolean {
		const starter = this.#processes.newest(pid);
		if (starter === undefined || starter === process || starter.startNs > process.startNs) return false;
		process.startedBy = starter.ref;
		process.starter = starter;
		starter.started.add(process);
		this.#processes.dirty.add(process);
		return true;
	}

	/** The same array as before if nothing changed. */
	rows(): readonly AncestorRow[] {
		if (this.#isChanged) this.#rows = Array.from(this.#kept, ({ row }) => row);
		this.#isChanged = false;
		return this.#rows;
	}

	/** A fork record has no name of the starter, and a process that renames itself is seen later. */
	#rename(starter: Process): void {
		for (const child of starter.started) {
			if (child instanceof Ancestor) {
				if (child.row.starter?.pid === starter.pid) child.row = { ...child.row, starter: starter.ref };
				this.#isChanged = true;
			} else if (child instanceof Process && child.startedBy?.pid === starter.pid) {
				child.startedBy = starter.ref;
				this.#processes.dirty.add(child);
			}
		}
	}

	#forget(process: Process): void {
		if (process.started.size === 0) this.#detach(process);
		else this.#keep(process, new Ancestor(process));
	}

	#keep(process: Process, ancestor: Ancestor): void {
		this.#replace(process, ancestor);
		if (this.#places.admit(ancestor.holder, false)) {
			this.#places.add(ancestor.holder, ancestor, true);
			this.#kept.add(ancestor);
			this.#isChanged = true;
		} else this.#drop(ancestor);
	}

	/** One process fewer needs its starter. */
	#detach(gone: Starter): void {
		let last: Starter = gone;
		for (let { starter } = last; starter !== null; starter = starter.starter) {
			starter.started.delete(last);
			if (!(starter instanceof Ancestor) || starter.started.size > 0) return;
			this.#remove(starter);
			last = starter;
		}
	}

	/** Its children now belong to its own starter. The gap shows in the names. */
	#drop(ancestor: Ancestor): void {
		this.#remove(ancestor);
		const { starter } = ancestor;
		starter?.started.delete(ancestor);
		for (const child of ancestor.started) {
			child.starter = starter;
			starter?.started.add(child);
			this.#touch(child);
		}
	}

	#remove(ancestor: Ancestor): void {
		if (!this.#kept.delete(ancestor)) return;
		this.#places.remove(ancestor.holder, ancestor);
		this.#isChanged = true;
	}

	#replace(process: Process, ancestor: Ancestor): void {
		const { starter } = process;
		if (starter !== null) {
			starter.started.delete(process);
			starter.started.add(ancestor);
		}
		for (const child of ancestor.started) {
			child.starter = ancestor;
			this.#touch(child);
		}
	}

	/** Its place in the tree may have changed, and that of its descendants if it was dropped. */
	#touch(person: Starter): void {
		const waiting = [person];
		for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
			if (next instanceof Process) this.#processes.dirty.add(next);
			else waiting.push(...next.started);
		}
	}
}

/** The nearest ancestor (by starter) that was not dropped; its parent if none is known. */
export function shownUnder(process: Process): number {
	let starter = process.starter;
	for (let steps = 0; starter instanceof Ancestor && steps < MOST_STEPS; steps++) starter = starter.starter;
	return starter instanceof Process ? starter.pid : process.recorded.ppid;
}
