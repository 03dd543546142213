/** What the scheduler did with the threads of a process, by CPU. Memory: one entry for each CPU on which it ran. */

import type { Scheduling } from "../../snapshot.ts";
import { latencyHistogram, noTimes, type Times } from "../../stats/histogram.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Wakers } from "./wakers.ts";

/** On one CPU. */
interface Turns {
	readonly runNs: number;
	readonly voluntary: number;
	readonly involuntary: number;
	readonly waits: Times;
}

/** The fields of Scheduling that are totals. */
export const SCHEDULING_TOTALS = ["runNs", "waitNs", "untimed", "voluntary", "involuntary"] as const;

/** By the number of the CPU. */
export type TurnsByCpu = Map<number, Turns>;

/** From a struct wire_sched. */
export function readTurns(view: DataView, at: number): Turns {
	const buckets = new Uint32Array(wire.WIRE_LATENCY_BUCKETS);
	for (let bucket = 0; bucket < buckets.length; bucket++) buckets[bucket] = wire.schedWaitBuckets(view, at, bucket);
	return {
		runNs: wire.schedRunNs(view, at),
		voluntary: wire.schedVoluntary(view, at),
		involuntary: wire.schedInvoluntary(view, at),
		waits: { totalNs: wire.schedWaitTotalNs(view, at), maxNs: wire.schedWaitMaxNs(view, at), buckets },
	};
}

/** All CPUs together. */
export function schedulingOf(turns: TurnsByCpu | null, wakers: Wakers | null): Scheduling {
	const waits = noTimes();
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
		wokenBy: wakers?.rows() ?? [],
		cpus: [...(turns ?? [])].map(([cpu, each]) => ({ cpu, runNs: each.runNs })).sort((a, b) => a.cpu - b.cpu),
	};
}
