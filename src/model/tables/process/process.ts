/** One process: what is known about it, and what it did since the last refresh. */

import type { Container, Exit, ProcessRef } from "../../snapshot.ts";
import { NO_ROW } from "../../stats/row-list.ts";
import { decimalOf } from "../../wire/fields.ts";
import type { KernelObject, Use } from "../entities.ts";
import { DiskBytes, Interval } from "./activity.ts";
import { RecordedState } from "./recorded-state.ts";
import type { TurnsByCpu } from "./turns.ts";
import type { Wakers } from "./wakers.ts";

export const UNKNOWN_COMM = "?";
export const NO_PASS = -1;

let processesMade = 0;

/** A process as seen by its descendants: one of the registry, or the Ancestor of a dropped one (ancestry.ts). */
export interface Starter {
	starter: Starter | null;
	readonly started: Set<Starter>;
}

export class Process extends RecordedState implements Starter {
	/** Different for every process that the model has made. */
	readonly serial = ++processesMade;
	readonly pid: number;
	/** Start time in nanoseconds since boot, as two words: with the pid it is the identity. */
	readonly startLow: number;
	readonly startHigh: number;
	/** Earlier owners of the same pid that are still shown. */
	older: Process | null = null;

	/**
	 * The process that forked it, with its last name; null if the fork was not seen and the parent may have adopted it.
	 */
	startedBy: ProcessRef | null = null;
	/** Its nearest known starter, and the processes that it started itself: see ancestry.ts. */
	starter: Starter | null = null;
	readonly started = new Set<Starter>();
	comm = UNKNOWN_COMM;
	exe: string | null = null;
	args: readonly string[] = [];
	state = "?";
	/** cpuNs at the last refresh, or NaN if the part before it was first seen is unknown. */
	cpuBaseNs = Number.NaN;
	cgroup: string | null = null;
	container: Container | null = null;
	user: string | null = null;
	/** Since attach. */
	seccompRefused = 0;
	/** Null until a WIRE_SCHED record came. */
	turns: TurnsByCpu | null = null;
	/** Null until a WIRE_WAKE record came. */
	wakers: Wakers | null = null;
	exit: Exit | null = null;
	exitNs = 0;

	/** Time of the last record that proves that it was alive. */
	aliveNs = 0;
	/** The last pass that found it. */
	pass = 0;
	/** The last pass that found it as a zombie after its end was seen. */
	zombiePass = NO_PASS;
	/** Not wanted (--pid, --comm): only the other end of a link, without a row. */
	isForeign = false;
	isEvicted = false;
	wasPublishedDead = false;
	wasOomKilled = false;

	readonly interval = new Interval();
	readonly diskBytes = new DiskBytes();
	readonly uses = new Map<KernelObject, Use>();

	isDirty = false;
	rowIndex = NO_ROW;
	#start: string | null = null;
	#ref: ProcessRef | null = null;

	constructor(pid: number, startLow: number, startHigh: number) {
		super();
		this.pid = pid;
		this.startLow = startLow;
		this.startHigh = startHigh;
	}

	get start(): string {
		this.#start ??= decimalOf(this.startLow, this.startHigh);
		return this.#start;
	}

	/** How rows refer to it; the same object until its comm changes. */
	get ref(): ProcessRef {
		if (this.#ref === null || this.#ref.comm !== this.comm) this.#ref = { pid: this.pid, comm: this.comm };
		return this.#ref;
	}

	get startNs(): number {
		return this.startLow + this.startHigh * 2 ** 32;
	}

	isSame(startLow: number, startHigh: number): boolean {
		return this.startLow === startLow && this.startHigh === startHigh;
	}

	/** Copies what a child has in common with its parent until records say otherwise. */
	inherit(parent: Process): void {
		this.inheritRecorded(parent);
		this.exe = parent.exe;
		this.args = parent.args;
		this.user = parent.user;
		this.cgroup = parent.cgroup;
		this.container = parent.container;
		if (this.comm === UNKNOWN_COMM) this.comm = parent.comm;
	}
}
