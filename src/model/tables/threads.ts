/**
 * Threads: their state, what each waits for, and which thread woke it. Memory: the living threads; a dead thread has no
 * row.
 */

import { letterOfState } from "../names/states.ts";
import { COMPAT_ENDING, type SyscallNames } from "../names/syscalls.ts";
import type { ThreadRow } from "../snapshot.ts";
import { percent } from "../stats/rate.ts";
import { NO_ROW, RowList } from "../stats/row-list.ts";
import { forEachInSteps, type Steps } from "../steps.ts";
import type { Decoder } from "../wire/decode.ts";
import { textAt } from "../wire/fields.ts";
import * as wire from "../wire/layout.gen.ts";
import type { ObjectTable } from "./object/index.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import { type ObjectIdentity, type Waiting, type WaitScene, waitText } from "./thread-waits.ts";
import type { Tick } from "./tick.ts";

const GONE = "X".charCodeAt(0);
/** In these states a thread waits. */
const WAITS: ReadonlySet<string> = new Set(["S", "D", "I"]);
/** Stands for a wakeup by a timer or a device. */
const INTERRUPT = { pid: 0, tid: 0, comm: "interrupt" };

class Thread {
	readonly process: Process;
	readonly tid: number;
	readonly bornLow: number;
	readonly bornHigh: number;
	comm = "";
	state = "?";
	cpuNs = 0;
	waitNs: number | null = null;
	voluntary: number | null = null;
	involuntary: number | null = null;
	cpuBeforeNs = Number.NaN;
	bornNs = 0;
	/** A call, or a function of the kernel; null for neither. */
	waiting: Waiting | string | null = null;
	wokenBy: ThreadRow["wokenBy"] = null;
	rowIndex = NO_ROW;

	constructor(process: Process, view: DataView, at: number) {
		this.process = process;
		this.tid = wire.threadTid(view, at);
		this.bornLow = wire.threadBornLow(view, at);
		this.bornHigh = wire.threadBornHigh(view, at);
		this.bornNs = this.bornLow + this.bornHigh * 2 ** 32;
	}

	is(view: DataView, at: number): boolean {
		return this.bornLow === wire.threadBornLow(view, at) && this.bornHigh === wire.threadBornHigh(view, at);
	}
}

export class ThreadTable {
	readonly #processes: ProcessRegistry;
	readonly #names: SyscallNames;
	readonly #scene: WaitScene;
	readonly #threads = new Map<Process, Map<number, Thread>>();
	readonly #rows = new RowList<ThreadRow>();

	constructor(
		decoder: Decoder,
		processes: ProcessRegistry,
		objects: ObjectTable,
		names: SyscallNames,
		linksOf: WaitScene["linksOf"],
	) {
		this.#processes = processes;
		this.#names = names;
		this.#scene = {
			find: (identity) => objects.find(identity.dev, identity.ino, identity.gen),
			linksOf,
			processOf: (pid) => processes.newest(pid)?.ref ?? null,
		};
		decoder.on(wire.WireType.THREAD, (view, at) => this.#apply(view, at));
		const drop = (process: Process) => this.#dropAll(process);
		processes.listen({ exited: drop, evicted: drop });
	}

	/** After the links: what a thread waits for changes with them. */
	*tick(tick: Tick): Steps<readonly ThreadRow[]> {
		yield* forEachInSteps(this.#all(), (thread) => {
			const row = this.#rowOf(thread, tick);
			const known = this.#rows.rowOf(thread);
			if (known === undefined || !isSame(known, row)) this.#rows.put(thread, row);
		});
		return this.#rows.publish();
	}

	*#all(): Generator<Thread> {
		for (const threads of this.#threads.values()) yield* threads.values();
	}

	#apply(view: DataView, at: number): void {
		const isGone = wire.threadState(view, at) === GONE;
		const process = isGone
			? this.#processes.find(wire.headPid(view, at), wire.headStartLow(view, at), wire.headStartHigh(view, at))
			: this.#processes.ofRecord(view, at);
		if (!process || process.exit !== null) return;
		const tid = wire.threadTid(view, at);
		const known = this.#threads.get(process)?.get(tid);
		if (isGone) {
			if (known?.is(view, at)) this.#drop(known);
			return;
		}
		if (known !== undefined && !known.is(view, at)) this.#drop(known);
		this.#take(this.#threads.get(process)?.get(tid) ?? this.#open(process, view, at), view, at);
	}

	#open(process: Process, view: DataView, at: number): Thread {
		const thread = new Thread(process, view, at);
		const threads = this.#threads.get(process) ?? new Map<number, Thread>();
		this.#threads.set(process, threads.set(thread.tid, thread));
		return thread;
	}

	#take(thread: Thread, view: DataView, at: number): void {
		thread.comm = wire.threadComm(view, at);
		thread.state = letterOfState(wire.threadState(view, at)) ?? "?";
		thread.cpuNs = wire.threadCpuNs(view, at);
		const counted = wire.threadCounted(view, at);
		thread.waitNs = counted === wire.WireCounted.NOTHING ? null : wire.threadWaitNs(view, at);
		const hasSwitches = counted === wire.WireCounted.SWITCHES;
		thread.voluntary = hasSwitches ? wire.threadVoluntary(view, at) : null;
		thread.involuntary = hasSwitches ? wire.threadInvoluntary(view, at) : null;
		thread.waiting = WAITS.has(thread.state) ? this.#waitingOf(thread.process, view, at) : null;
		thread.wokenBy = wokenBy(view, at);
	}

	#waitingOf(process: Process, view: DataView, at: number): Thread["waiting"] {
		const nr = wire.threadNr(view, at);
		if (nr === wire.WIRE_NO_CALL) return textAt(view, wire.threadTextAt(at), wire.threadWchanLen(view, at)) || null;
		const isCompat = wire.threadAbi(view, at) === wire.WireAbi.COMPAT;
		const name = isCompat ? this.#names.compat(nr) : this.#names.native(nr);
		return {
			process,
			call: name.replace(COMPAT_ENDING, ""),
			argument: wire.threadArgumentLow(view, at),
			isWide: wire.threadArgumentHigh(view, at) !== 0,
			second: wire.threadSecondArgumentLow(view, at),
			wait: wire.threadWait(view, at),
			otherTid: wire.threadOtherTid(view, at),
			otherPid: wire.threadOtherPid(view, at),
			object: wire.threadHasObject(view, at) === 0 ? null : objectOf(view, at),
		};
	}

	#rowOf(thread: Thread, tick: Tick): ThreadRow {
		const { process, waiting } = thread;
		const isNew = thread.bornNs >= tick.nowNs - tick.intervalNs;
		const before = Number.isNaN(thread.cpuBeforeNs) ? (isNew ? 0 : thread.cpuNs) : thread.cpuBeforeNs;
		const usedNs = Math.max(0, thread.cpuNs - before);
		thread.cpuBeforeNs = thread.cpuNs;
		return {
			pid: process.pid,
			tid: thread.tid,
			comm: thread.comm,
			state: thread.state,
			cpuPercent: percent(usedNs, tick.intervalNs),
			waitNs: thread.waitNs,
			voluntary: thread.voluntary,
			involuntary: thread.involuntary,
			waitsIn: waiting === null || typeof waiting === "string" ? waiting : waitText(waiting, this.#scene),
			wokenBy: thread.wokenBy,
		};
	}

	#drop(thread: Thread): void {
		const threads = this.#threads.get(thread.process);
		threads?.delete(thread.tid);
		if (threads?.size === 0) this.#threads.delete(thread.process);
		this.#rows.remove(thread);
	}

	#dropAll(process: Process): void {
		for (const thread of this.#threads.get(process)?.values() ?? []) this.#rows.remove(thread);
		this.#threads.delete(process);
	}
}

function objectOf(view: DataView, at: number): ObjectIdentity {
	const ino = { low: wire.threadInoLow(view, at), high: wire.threadInoHigh(view, at) };
	return { dev: wire.threadDev(view, at), ino, gen: wire.threadGen(view, at) };
}

function wokenBy(view: DataView, at: number): ThreadRow["wokenBy"] {
	const waker = wire.threadWaker(view, at);
	if (waker === wire.WireWaker.INTERRUPT) return INTERRUPT;
	if (waker === wire.WireWaker.UNKNOWN) return null;
	return {
		pid: wire.threadWakerPid(view, at),
		tid: wire.threadWakerTid(view, at),
		comm: wire.threadWakerComm(view, at),
	};
}

function isSame(a: ThreadRow, b: ThreadRow): boolean {
	return (
		a.cpuPercent === b.cpuPercent &&
		a.waitNs === b.waitNs &&
		a.voluntary === b.voluntary &&
		a.involuntary === b.involuntary &&
		a.state === b.state &&
		a.comm === b.comm &&
		a.waitsIn === b.waitsIn &&
		a.wokenBy?.tid === b.wokenBy?.tid &&
		a.wokenBy?.comm === b.wokenBy?.comm
	);
}
