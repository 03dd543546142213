/** WIRE_SCHED: what the scheduler did with the threads of a process on one CPU. */

import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { ProcessRegistry } from "./process/registry.ts";

/** Each record has the totals since the measuring began. */
export function listenToScheduler(decoder: Decoder, processes: ProcessRegistry): void {
	decoder.on(wire.WireType.SCHED, (view, at) => {
		const process = processes.ofRecord(view, at);
		if (process === null) return;
		const buckets = new Uint32Array(wire.WIRE_LATENCY_BUCKETS);
		for (let bucket = 0; bucket < buckets.length; bucket++) buckets[bucket] = wire.schedWaitBuckets(view, at, bucket);
		process.turns ??= new Map();
		process.turns.set(wire.schedCpu(view, at), {
			runNs: wire.schedRunNs(view, at),
			voluntary: wire.schedVoluntary(view, at),
			involuntary: wire.schedInvoluntary(view, at),
			waits: { totalNs: wire.schedWaitTotalNs(view, at), maxNs: wire.schedWaitMaxNs(view, at), buckets },
		});
		processes.dirty.add(process);
	});
}
