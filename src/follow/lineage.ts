/** The command's process and its descendants, from the fork records: it does not matter whether a parent has died. */

import type { ForkData } from "../model/event-data.ts";
import type { EventType } from "../model/event-types.ts";
import { dataOf, type NewEvent } from "../model/tables/new-event.ts";
import type { Process } from "../model/tables/process/process.ts";
import type { ProcessRegistry } from "../model/tables/process/registry.ts";

/** Between a process that is met and one that is known. */
const MOST_GENERATIONS = 64;

export class Lineage {
	/** Processes beyond the bound. */
	missed = 0;
	/** Those that were already counted in `missed`, since they are seen at each refresh. */
	readonly #missed = new WeakSet<Process>();
	readonly #rootPids: readonly number[];
	readonly #processes: ProcessRegistry;
	readonly #most: number;
	/** The starter of each; null for the command itself. In the order in which they were seen. */
	readonly #starters = new Map<Process, Process | null>();

	/** Processes that had ended before the following began. */
	readonly #deadBefore = new WeakSet<Process>();

	/** Processes that were no descendants when they were met since the last refresh. */
	#strangers = new WeakSet<Process>();

	/** The pids whose process was found. */
	readonly #found = new Set<number>();

	/** `most`: how many processes are kept. */
	constructor(rootPids: readonly number[], processes: ProcessRegistry, most: number) {
		this.#rootPids = rootPids;
		this.#processes = processes;
		this.#most = most;
		for (const process of processes.all()) if (process.exit !== null) this.#deadBefore.add(process);
	}

	get all(): ReadonlyMap<Process, Process | null> {
		return this.#starters;
	}

	/** The command itself, the first of several; undefined before it was found. */
	get root(): Process | undefined {
		return this.#starters.keys().next().value;
	}

	has(process: Process): boolean {
		return this.#starters.has(process);
	}

	happened(event: NewEvent<EventType>): void {
		const { type, process: parent } = event;
		if (type !== "fork" || parent === null) return;
		const { childPid } = dataOf(event) as ForkData;
		this.#findRoots();
		const child = this.#processes.newest(childPid);
		if (child !== undefined && child !== parent && this.has(parent)) this.#add(child, parent);
	}

	/** A process did something: it may be a root, or a descendant that existed before. */
	met(process: Process): void {
		if (this.#rootPids.includes(process.pid)) this.#findRoots();
		if (this.has(process) || this.#strangers.has(process)) return;
		this.#strangers.add(process);
		const line: Process[] = [];
		let each: Process | undefined = process;
		while (each !== undefined && line.length < MOST_GENERATIONS && !this.#isOther(each)) {
			line.push(each);
			const parent: Process | undefined = this.#processes.newest(each.recorded.ppid);
			if (parent !== undefined && this.has(parent)) {
				for (const child of line.reverse()) this.#add(child, this.#processes.newest(child.recorded.ppid) ?? parent);
				return;
			}
			each = parent;
		}
	}

	/** Adds processes that existed before, and those whose fork record was lost, by their parents. */
	ticked(): void {
		this.#findRoots();
		this.#strangers = new WeakSet();
		for (const process of this.#processes.all()) {
			if (this.has(process) || this.#isOther(process)) continue;
			const parent = this.#processes.newest(process.recorded.ppid);
			if (parent !== undefined && this.has(parent)) this.#add(process, parent);
		}
	}

	#isOther(process: Process): boolean {
		return process.isForeign || this.#deadBefore.has(process);
	}

	/** Finds each only once, since a pid may be reused later. */
	#findRoots(): void {
		for (const pid of this.#rootPids) {
			const root = this.#found.has(pid) ? undefined : this.#processes.newest(pid);
			if (root === undefined) continue;
			this.#found.add(pid);
			this.#starters.set(root, null);
		}
	}

	#add(child: Process, parent: Process): void {
		if (this.has(child) || this.#missed.has(child)) return;
		if (this.#starters.size < this.#most) {
			this.#starters.set(child, parent);
			return;
		}
		this.#missed.add(child);
		this.missed++;
	}
}
