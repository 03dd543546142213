/**
 * System calls by process and number. Counters in the kernel only grow; a smaller value means that the slot was freed
 * and restarted from zero, and is added to what was counted before. Memory: for each process in the registry, at most
 * one entry per number and ABI, and two for all others. A busy shell script leaves many dead processes, each with some twenty
 * calls, so only so many of these keep their rows.
 */

import type { SyscallNames } from "../names/syscalls.ts";
import type { SyscallRow } from "../snapshot.ts";
import { DirtyList } from "../stats/dirty-list.ts";
import { latencyHistogram, noTimes, type Times } from "../stats/histogram.ts";
import { growth, perSecond } from "../stats/rate.ts";
import { NO_ROW, RowList } from "../stats/row-list.ts";
import { forEachInSteps, type Steps } from "../steps.ts";
import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { Bounds } from "./bounds.ts";
import { DeadPlaces } from "./process/dead-places.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import type { Tick } from "./tick.ts";

const ABI_SHIFT = 10;
/** The entry for calls that found no room in the kernel's table, so that the rows of a process add up to its calls. */
const OTHER_KEY = -1;
const OTHER_NAME = "other";

interface LatencyCounters extends Times {
	count: number;
}

/** Totals since attach, as its rows have them. */
export const CALL_TOTALS = ["count", "errors"] as const;

export class SyscallEntry {
	readonly process: Process;
	readonly nr: number;
	readonly name: string;
	count = 0;
	errors = 0;
	/** The kernel's last values. */
	rawCount = 0;
	rawErrors = 0;
	/** At the last refresh. */
	countBefore = 0;
	errorsBefore = 0;
	latency: LatencyCounters | null = null;
	/** The value of `latency` when the kernel's counters last restarted, and how many calls were reported since. */
	latencyBefore: Readonly<LatencyCounters> | null = null;
	rawLatencyCount = 0;
	isDirty = false;
	rowIndex = NO_ROW;

	constructor(process: Process, nr: number, name: string) {
		this.process = process;
		this.nr = nr;
		this.name = name;
	}
}

export class SyscallTable {
	/** Calls of all processes since the last refresh. */
	calls = 0;
	readonly #processes: ProcessRegistry;
	readonly #names: SyscallNames;
	/** By process, number and ABI. */
	readonly #entries = new Map<Process, Map<number, SyscallEntry>>();
	readonly #dirty = new DirtyList<SyscallEntry>();
	readonly #rows = new RowList<SyscallRow>();
	/** Dead processes that keep their rows. */
	readonly #dead: DeadPlaces;
	/** Those that lost their place since the last refresh, and those whose rows were shown since then. */
	#losing: Process[] = [];
	#shown: Process[] = [];
	/** Without rows; their entries stay, since counters may still come. */
	readonly #hidden = new Set<Process>();

	constructor(decoder: Decoder, processes: ProcessRegistry, names: SyscallNames, bounds: Bounds) {
		this.#dead = new DeadPlaces(bounds, "syscall-dead", (process) => this.#losing.push(process));
		this.#processes = processes;
		this.#names = names;
		decoder.on(wire.WireType.SYSCALL, (view, at) => this.#applyCount(view, at));
		decoder.on(wire.WireType.LATENCY, (view, at) => this.#applyLatency(view, at));
		processes.listen({
			renamed: (process) => this.#addDirty(process),
			exited: (process) => this.#dead.take(process),
			revived: (process) => {
				this.#dead.leave(process);
				this.#hidden.delete(process);
				this.#addDirty(process);
			},
			evicted: (process) => {
				this.#removeRows(process);
				this.#entries.delete(process);
				this.#hidden.delete(process);
				this.#dead.leave(process);
			},
		});
	}

	*tick(tick: Tick): Steps<readonly SyscallRow[]> {
		yield* forEachInSteps(this.#shown, (process) => this.#hide(process));
		[this.#shown, this.#losing] = [this.#losing, []];
		yield* forEachInSteps(this.#dirty.take(), (entry) => this.#put(entry, tick));
		this.calls = 0;
		return this.#rows.publish();
	}

	#put(entry: SyscallEntry, tick: Tick): void {
		if (entry.process.isEvicted || this.#hidden.has(entry.process)) return;
		const row = syscallRow(entry, tick);
		this.#rows.put(entry, row);
		entry.countBefore = entry.count;
		entry.errorsBefore = entry.errors;
		if (row.rate > 0 || row.errorRate > 0) this.#dirty.add(entry);
	}

	#hide(process: Process): void {
		if (process.isEvicted || process.exit === null) return;
		this.#hidden.add(process);
		this.#removeRows(process);
	}

	#addDirty(process: Process): void {
		for (const entry of this.#entries.get(process)?.values() ?? []) this.#dirty.add(entry);
	}

	#removeRows(process: Process): void {
		for (const entry of this.#entries.get(process)?.values() ?? []) this.#rows.remove(entry);
	}

	/** Calls that found no room in the kernel's table: their numbers are unknown. */
	addSpilled(process: Process, calls: number, errors: number): void {
		if (calls === 0 && errors === 0) return;
		const entry = this.#entryOf(process, OTHER_KEY, wire.WIRE_NO_CALL, OTHER_NAME);
		entry.errors += errors;
		this.#add(entry, calls);
	}

	/** `nr` and `abi` as in the record. */
	#entry(view: DataView, at: number, nr: number, abi: number): SyscallEntry | null {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return null;
		const isCompat = abi === wire.WireAbi.COMPAT;
		const number = nr < wire.WIRE_CALL_NUMBERS ? nr : wire.WIRE_NR_OTHER;
		const key = (Number(isCompat) << ABI_SHIFT) | number;
		return (
			this.#entries.get(process)?.get(key) ??
			this.#entryOf(process, key, number, isCompat ? this.#names.compat(number) : this.#names.native(number))
		);
	}

	#entryOf(process: Process, key: number, nr: number, name: string): SyscallEntry {
		const entries = this.#entries.get(process) ?? new Map<number, SyscallEntry>();
		this.#entries.set(process, entries);
		const entry = entries.get(key) ?? new SyscallEntry(process, nr, name);
		entries.set(key, entry);
		return entry;
	}

	#add(entry: SyscallEntry, calls: number): void {
		entry.count += calls;
		entry.process.interval.calls += calls;
		this.calls += calls;
		this.#dirty.add(entry);
		this.#processes.dirty.add(entry.process);
	}

	#applyCount(view: DataView, at: number): void {
		const nr = wire.syscallNr(view, at);
		const entry = this.#entry(view, at, nr, wire.syscallAbi(view, at));
		if (entry === null) return;
		const count = wire.syscallCount(view, at);
		const errors = wire.syscallErrors(view, at);
		if (count === entry.rawCount && errors === entry.rawErrors) return;
		const calls = growth(count, entry.rawCount);
		entry.errors += growth(errors, entry.rawErrors);
		entry.rawCount = count;
		entry.rawErrors = errors;
		this.#add(entry, calls);
	}

	#applyLatency(view: DataView, at: number): void {
		const nr = wire.latencyNr(view, at);
		const entry = this.#entry(view, at, nr, wire.latencyAbi(view, at));
		if (entry === null) return;
		const count = wire.latencyCount(view, at);
		if (entry.rawLatencyCount === count) return;
		entry.latency ??= { count: 0, ...noTimes() };
		const latency = entry.latency;
		if (count < entry.rawLatencyCount) entry.latencyBefore = { ...latency, buckets: Uint32Array.from(latency.buckets) };
		const before = entry.latencyBefore;
		entry.rawLatencyCount = count;
		latency.count = count + (before?.count ?? 0);
		latency.totalNs = wire.latencyTotalNs(view, at) + (before?.totalNs ?? 0);
		latency.maxNs = Math.max(wire.latencyMaxNs(view, at), before?.maxNs ?? 0);
		for (let bucket = 0; bucket < wire.WIRE_LATENCY_BUCKETS; bucket++) {
			latency.buckets[bucket] = wire.latencyBuckets(view, at, bucket) + (before?.buckets[bucket] ?? 0);
		}
		this.#dirty.add(entry);
	}
}

function syscallRow(entry: SyscallEntry, tick: Tick): SyscallRow {
	const { latency } = entry;
	return {
		pid: entry.process.pid,
		comm: entry.process.comm,
		nr: entry.nr,
		name: entry.name,
		count: entry.count,
		rate: perSecond(entry.count - entry.countBefore, tick.seconds),
		errors: entry.errors,
		errorRate: perSecond(entry.errors - entry.errorsBefore, tick.seconds),
		latency: latency === null || latency.count === 0 ? null : latencyHistogram(latency, latency.count),
	};
}
