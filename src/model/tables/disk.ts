/**
 * Requests to block devices, by process, device and operation; writes of a kernel thread also by the cgroup or the
 * process for which they are made. Memory: bounded by LIMITS and shared out among users; an entry exists as long as its process is in the
 * registry.
 */

import type { DiskRow, ProcessRef } from "../snapshot.ts";
import { DirtyList } from "../stats/dirty-list.ts";
import type { FairTable } from "../stats/fair-table.ts";
import { latencyHistogram, noTimes } from "../stats/histogram.ts";
import { perSecond } from "../stats/rate.ts";
import { NO_ROW, RowList } from "../stats/row-list.ts";
import type { DiskOperation } from "../values.ts";
import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { Bounds } from "./bounds.ts";
import { deviceText } from "./object/kernel-object.ts";
import type { Process } from "./process/process.ts";
import type { ProcessRegistry } from "./process/registry.ts";
import type { Tick } from "./tick.ts";

/** By enum wire_disk_operation. */
export const OPERATIONS: readonly DiskOperation[] = ["read", "write", "discard", "flush"];

/** Totals since the measuring began, as its rows have them. */
export const DISK_TOTALS = ["count", "bytes"] as const;

export class DiskUse {
	readonly process: Process;
	readonly key: string;
	readonly device: string;
	readonly name: string;
	readonly operation: DiskOperation;
	readonly cgroupLow: number;
	readonly cgroupHigh: number;
	readonly dirtier: ProcessRef | null;
	count = 0;
	bytes = 0;
	/** At the last refresh. */
	countBefore = 0;
	bytesBefore = 0;
	readonly queued = noTimes();
	readonly served = noTimes();
	isDirty = false;
	rowIndex = NO_ROW;

	constructor(process: Process, key: string, operation: DiskOperation, view: DataView, at: number) {
		this.process = process;
		this.key = key;
		this.device = deviceText(wire.diskDev(view, at));
		this.name = wire.diskName(view, at);
		this.operation = operation;
		this.cgroupLow = wire.diskCgroupLow(view, at);
		this.cgroupHigh = wire.diskCgroupHigh(view, at);
		const pid = wire.diskForPid(view, at);
		this.dirtier = pid === 0 ? null : { pid, comm: wire.diskForComm(view, at) };
	}
}

/** The path of a cgroup by its id as two words; null if it is not known. */
export type CgroupPath = (low: number, high: number) => string | null;

export class DiskTable {
	readonly #processes: ProcessRegistry;
	readonly #cgroupPath: CgroupPath;
	readonly #places: FairTable<Process, DiskUse>;
	/** By process and key. */
	readonly #uses = new Map<Process, Map<string, DiskUse>>();
	readonly #dirty = new DirtyList<DiskUse>();
	readonly #rows = new RowList<DiskRow>();

	constructor(decoder: Decoder, processes: ProcessRegistry, cgroupPath: CgroupPath, bounds: Bounds) {
		this.#processes = processes;
		this.#cgroupPath = cgroupPath;
		this.#places = bounds.fair<Process, DiskUse>("disks", {
			userOf: (process) => process.holder,
			evict: (use) => this.#crowdOut(use),
		});
		decoder.on(wire.WireType.DISK, (view, at) => this.#apply(view, at));
		decoder.on(wire.WireType.DISK_SUM, (view, at) => this.#applySum(view, at));
		processes.listen({
			renamed: (process) => {
				for (const use of this.#uses.get(process)?.values() ?? []) this.#dirty.add(use);
			},
			evicted: (process) => {
				for (const use of this.#uses.get(process)?.values() ?? []) this.#drop(use);
				this.#uses.delete(process);
			},
		});
	}

	tick(tick: Tick): readonly DiskRow[] {
		for (const use of this.#dirty.take()) {
			if (!this.#uses.get(use.process)?.has(use.key)) continue;
			const row = diskRow(use, this.#cgroupPath(use.cgroupLow, use.cgroupHigh), tick);
			this.#rows.put(use, row);
			use.countBefore = use.count;
			use.bytesBefore = use.bytes;
			if (row.rate > 0) this.#dirty.add(use);
		}
		return this.#rows.publish();
	}

	#apply(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		const operation = OPERATIONS[wire.diskOperation(view, at)];
		if (process === null || operation === undefined) return;
		const cgroup = `${wire.diskCgroupHigh(view, at)} ${wire.diskCgroupLow(view, at)}`;
		const dirtier = `${wire.diskForPid(view, at)} ${wire.diskForComm(view, at)}`;
		const key = `${wire.diskDev(view, at)} ${operation} ${cgroup} ${dirtier}`;
		const use = this.#uses.get(process)?.get(key) ?? this.#open(process, key, operation, view, at);
		if (use !== null) this.#take(use, view, at);
		else this.#takeUnlisted(process, key, operation, wire.diskBytes(view, at));
	}

	#takeUnlisted(process: Process, key: string, operation: DiskOperation, bytes: number): void {
		const { diskBytes } = process;
		diskBytes.unlisted ??= new Map();
		this.#count(process, operation, bytes - (diskBytes.unlisted.get(key) ?? 0));
		diskBytes.unlisted.set(key, bytes);
	}

	/** Adds to the process's total of all requests, with or without a row. */
	#count(process: Process, operation: DiskOperation, bytes: number): void {
		process.diskBytes.add(operation, Math.max(0, bytes));
		this.#processes.dirty.add(process);
	}

	#applySum(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		process.diskBytes.isToldAsSum = true;
		process.diskBytes.read = wire.diskSumReadBytes(view, at);
		process.diskBytes.written = wire.diskSumWriteBytes(view, at);
		this.#processes.dirty.add(process);
	}

	/** Null if there is no room. */
	#open(process: Process, key: string, operation: DiskOperation, view: DataView, at: number): DiskUse | null {
		if (!this.#places.admit(process, false)) return null;
		const use = new DiskUse(process, key, operation, view, at);
		// It was dropped to make room: the kernel has continued counting.
		const known = process.diskBytes.unlisted?.get(key);
		if (known !== undefined) {
			process.diskBytes.unlisted?.delete(key);
			use.bytes = known;
			use.countBefore = wire.diskCount(view, at);
			use.bytesBefore = wire.diskBytes(view, at);
		}
		const uses = this.#uses.get(process) ?? new Map<string, DiskUse>();
		this.#uses.set(process, uses.set(key, use));
		this.#places.add(process, use, true);
		return use;
	}

	#take(use: DiskUse, view: DataView, at: number): void {
		const { process } = use;
		const bytes = wire.diskBytes(view, at);
		this.#count(process, use.operation, bytes - use.bytes);
		use.count = wire.diskCount(view, at);
		use.bytes = bytes;
		use.queued.totalNs = wire.diskQueuedTotalNs(view, at);
		use.queued.maxNs = wire.diskQueuedMaxNs(view, at);
		use.served.totalNs = wire.diskServedTotalNs(view, at);
		use.served.maxNs = wire.diskServedMaxNs(view, at);
		for (let bucket = 0; bucket < wire.WIRE_LATENCY_BUCKETS; bucket++) {
			use.queued.buckets[bucket] = wire.diskQueuedBuckets(view, at, bucket);
			use.served.buckets[bucket] = wire.diskServedBuckets(view, at, bucket);
		}
		this.#places.setIdle(process, use, true);
		this.#dirty.add(use);
	}

	#crowdOut(use: DiskUse): void {
		const { diskBytes } = use.process;
		this.#drop(use);
		diskBytes.unlisted ??= new Map();
		diskBytes.unlisted.set(use.key, use.bytes);
	}

	#drop(use: DiskUse): void {
		this.#uses.get(use.process)?.delete(use.key);
		this.#places.remove(use.process, use);
		this.#rows.remove(use);
	}
}

function diskRow(use: DiskUse, cgroup: string | null, tick: Tick): DiskRow {
	const moved = use.operation === "flush" ? use.count - use.countBefore : use.bytes - use.bytesBefore;
	return {
		pid: use.process.pid,
		comm: use.process.comm,
		device: use.device,
		name: use.name,
		operation: use.operation,
		cgroup,
		dirtier: use.dirtier,
		count: use.count,
		bytes: use.bytes,
		rate: Math.max(0, perSecond(moved, tick.seconds)),
		queued: latencyHistogram(use.queued, use.count),
		served: latencyHistogram(use.served, use.count),
	};
}
