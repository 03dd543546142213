/**
 * All processes by identity. Only here are they created, found, declared dead and dropped.
 *
 * Memory: the living processes and those that died within the last five seconds; the dead are bounded; beyond the bound
 * those of the user with the most are dropped earlier.
 */

import type { Exit } from "../../snapshot.ts";
import { DirtyList } from "../../stats/dirty-list.ts";
import { forEachInSteps, type Steps } from "../../steps.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import { KEEP_DEAD_NS } from "../tick.ts";
import { DeadPlaces } from "./dead-places.ts";
import { Process } from "./process.ts";

/** Callbacks of other tables when a process changes. */
export interface ProcessListener {
	/** Its comm changed. */
	renamed?(process: Process): void;
	exited?(process: Process): void;
	/** It was taken for dead and is alive. */
	revived?(process: Process): void;
	/** Until now it was only the other end of a link. */
	adopted?(process: Process): void;
	/** It is dropped: remove every row that belongs to it. */
	evicted?(process: Process): void;
}

export class ProcessRegistry {
	readonly dirty = new DirtyList<Process>();
	readonly #byPid = new Map<number, Process>();
	readonly #listeners: ProcessListener[] = [];
	/** In the order of their deaths. */
	#dead: Process[] = [];
	/** A process without a place is dropped as soon as it was shown once. */
	readonly #deadPlaces: DeadPlaces;

	constructor(bounds: Bounds) {
		this.#deadPlaces = new DeadPlaces(bounds, "process-dead");
	}

	listen(listener: ProcessListener): void {
		this.#listeners.push(listener);
	}

	/** The newest process with this pid, for records without a start time. */
	newest(pid: number): Process | undefined {
		return this.#byPid.get(pid);
	}

	/** The parent, while it is known; not a younger process that reuses its pid. */
	parentOf(process: Process): Process | undefined {
		let parent: Process | null | undefined = this.#byPid.get(process.recorded.ppid);
		while (parent && (parent === process || parent.startNs > process.startNs)) parent = parent.older;
		return parent ?? undefined;
	}

	live(): Process[] {
		return [...this.#byPid.values()].filter((process) => process.exit === null);
	}

	/** Including the dead that are still shown. */
	*all(): Generator<Process> {
		for (let process of this.#byPid.values()) {
			for (;;) {
				yield process;
				if (process.older === null) break;
				process = process.older;
			}
		}
	}

	find(pid: number, startLow: number, startHigh: number): Process | undefined {
		let process: Process | null | undefined = this.#byPid.get(pid);
		while (process && !process.isSame(startLow, startHigh)) process = process.older;
		return process ?? undefined;
	}

	/**
	 * The process in the head of a record, created if it is new; null if there is none, or if it was dropped long ago.
	 */
	ofRecord(view: DataView, at: number): Process | null {
		const pid = wire.headPid(view, at);
		const startLow = wire.headStartLow(view, at);
		const startHigh = wire.headStartHigh(view, at);
		const newest = this.#byPid.get(pid);
		if (newest?.isSame(startLow, startHigh)) return newest;
		return pid === 0 ? null : this.obtain(pid, startLow, startHigh);
	}

	obtain(pid: number, startLow: number, startHigh: number): Process | null {
		const known = this.find(pid, startLow, startHigh);
		if (known !== undefined) return known;
		const process = new Process(pid, startLow, startHigh);
		const newest = this.#byPid.get(pid);
		if (newest !== undefined) {
			if (process.startNs < newest.startNs) return null;
			// The pid was reused, so the old process is gone, even without an exit record.
			if (newest.exit === null) this.die(newest, process.startNs, null);
			process.older = newest;
		}
		process.aliveNs = process.startNs;
		this.#byPid.set(pid, process);
		this.dirty.add(process);
		return process;
	}

	/** The same for one that is not wanted. A wanted process stays wanted. */
	ofForeignRecord(view: DataView, at: number): Process | null {
		const pid = wire.headPid(view, at);
		const startLow = wire.headStartLow(view, at);
		const startHigh = wire.headStartHigh(view, at);
		const known = this.find(pid, startLow, startHigh);
		if (known !== undefined) return known;
		const process = this.obtain(pid, startLow, startHigh);
		if (process !== null) process.isForeign = true;
		return process;
	}

	/** It is wanted from now on and gets rows of its own. */
	adopt(process: Process): void {
		if (!process.isForeign) return;
		process.isForeign = false;
		this.dirty.add(process);
		for (const listener of this.#listeners) listener.adopted?.(process);
	}

	rename(process: Process, comm: string): void {
		if (process.comm === comm) return;
		process.comm = comm;
		this.dirty.add(process);
		for (const listener of this.#listeners) listener.renamed?.(process);
	}

	/** `exit` is null if the exit record was not seen. */
	die(process: Process, timeNs: number, exit: Exit | null): void {
		const wasAlive = process.exit === null;
		process.exit = exit ?? { code: null, signal: null, oom: false, durationMs: null };
		process.state = "X";
		this.dirty.add(process);
		if (!wasAlive) return;
		process.exitNs = timeNs;
		this.#dead.push(process);
		this.#deadPlaces.take(process);
		for (const listener of this.#listeners) listener.exited?.(process);
	}

	/** A process that a pass had missed turned out to be alive. */
	revive(process: Process): void {
		process.exit = null;
		process.wasPublishedDead = false;
		this.#dead = this.#dead.filter((dead) => dead !== process);
		this.#deadPlaces.leave(process);
		this.dirty.add(process);
		for (const listener of this.#listeners) listener.revived?.(process);
	}

	/** Drops dead processes after their time; `keep` may hold one back. */
	*evict(nowNs: number, keep: (process: Process) => boolean, forget: (process: Process) => void): Steps {
		const kept: Process[] = [];
		yield* forEachInSteps(this.#dead, (process) => {
			const isOld = nowNs - process.exitNs >= KEEP_DEAD_NS || !this.#deadPlaces.has(process);
			if (!isOld || !process.wasPublishedDead || keep(process)) {
				kept.push(process);
				return;
			}
			process.isEvicted = true;
			this.#deadPlaces.leave(process);
			this.#unlink(process);
			for (const listener of this.#listeners) listener.evicted?.(process);
			forget(process);
		});
		this.#dead = kept;
	}

	#unlink(process: Process): void {
		const newest = this.#byPid.get(process.pid);
		if (newest === process) {
			if (process.older === null) this.#byPid.delete(process.pid);
			else this.#byPid.set(process.pid, process.older);
			return;
		}
		let younger = newest;
		while (younger !== undefined && younger.older !== process) younger = younger.older ?? undefined;
		if (younger !== undefined) younger.older = process.older;
	}
}
