/** Percentiles of a histogram whose bucket b counts values of [2^b, 2^(b+1)). */

import type { LatencyHistogram } from "../snapshot.ts";
import { WIRE_LATENCY_BUCKETS } from "../wire/layout.gen.ts";

/** Counted durations. */
export interface Times {
	totalNs: number;
	maxNs: number;
	readonly buckets: Uint32Array;
}

export function noTimes(): Times {
	return { totalNs: 0, maxNs: 0, buckets: new Uint32Array(WIRE_LATENCY_BUCKETS) };
}

/** The same for `count` durations, as rows have it. */
export function latencyHistogram({ totalNs, maxNs, buckets }: Readonly<Times>, count: number): LatencyHistogram {
	return {
		totalNs,
		avgNs: count === 0 ? 0 : Math.round(totalNs / count),
		p50Ns: percentile(buckets, 0.5, maxNs),
		p99Ns: percentile(buckets, 0.99, maxNs),
		maxNs,
		buckets: [...buckets.subarray(0, buckets.findLastIndex((held) => held > 0) + 1)],
	};
}

/** The value below which `fraction` of the counted values lie, interpolated inside its bucket and at most `max`. */
export function percentile(buckets: ArrayLike<number>, fraction: number, max: number): number {
	let total = 0;
	for (let bucket = 0; bucket < buckets.length; bucket++) total += buckets[bucket] ?? 0;
	if (total === 0) return 0;
	const wanted = fraction * total;
	let below = 0;
	for (let bucket = 0; bucket < buckets.length; bucket++) {
		const count = buckets[bucket] ?? 0;
		if (count > 0 && below + count >= wanted) {
			const low = 2 ** bucket;
			if (count === 1 && max < 2 * low) return max; // the maximum, alone in its bucket
			const high = Math.min(2 * low, Math.max(max, low));
			return Math.min(Math.round(low + ((wanted - below) / count) * (high - low)), max);
		}
		below += count;
	}
	return max;
}
