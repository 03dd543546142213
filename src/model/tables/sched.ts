/**
 * What the scheduler did with the threads of each process, by CPU. Memory: one entry for each CPU on which a process in
 * the registry ran.
 */

import type { Scheduling } from "../snapshot.ts";
import { latencyHistogram, type Times } from "../stats/histogram.ts";
import type { Decoder } from "../wire/decode.ts";
import * as wire from "../wire/layout.gen.ts";
import type { ProcessRegistry } from "./process/registry.ts";

/** On one CPU. */
interface Turns {
	readonly runNs: number;
	readonly voluntary: number;
	readonly involuntary: number;
	readonly waits: Times;
}

/** By the number of the CPU. */
export type TurnsByCpu = Map<number, Turns>;

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

/** All CPUs together. */
export function schedulingOf(turns: TurnsByCpu | null): Scheduling {
	const waits = { totalNs: 0, maxNs: 0, buckets: new Uint32Array(wire.WIRE_LATENCY_BUCKETS) };
	let [runNs, voluntary, involuntary] = [0, 0, 0];
	for (const each of turns?.values() ?? []) {
		runNs += each.runNs;
		voluntary += each.voluntary;
		involuntary += each.involuntary;
		waits.totalNs += each.waits.totalNs;
		waits.maxNs = Math.max(waits.maxNs, each.waits.maxNs);
		each.waits.buckets.forEach((count, bucket) => {
			waits.buckets[bucket] = (waits.buckets[bucket] ?? 0) + count;
		});
	}
	const { totalNs, p50Ns, p99Ns, buckets } = latencyHistogram(waits, 0);
	const timed = buckets.reduce((sum, count) => sum + count, 0);
	return {
		runNs,
		waitNs: totalNs,
		waitP50Ns: p50Ns,
		waitP99Ns: p99Ns,
		waitBuckets: buckets,
		untimed: Math.max(0, voluntary + involuntary - timed),
		voluntary,
		involuntary,
		cpus: [...(turns ?? [])].map(([cpu, each]) => ({ cpu, runNs: each.runNs })).sort((a, b) => a.cpu - b.cpu),
	};
}
