/** Latencies of calls as a histogram with buckets of powers of two, as they are measured. */

import { Histogram, type Metric, type Registry } from "@prometheus-io/client";
import type { LatencyHistogram } from "../model/snapshot.ts";
import type { Family } from "./series.ts";

/** The first bucket is up to 2^9 ns, half a microsecond; the last with a bound up to 2^36 ns, 69 s. */
const FIRST = 9;
const LAST = 36;
const BOUNDS_SECONDS = Array.from({ length: LAST - FIRST + 1 }, (_, at) => 2 ** (FIRST + at) / 1e9);
/** One more, without a bound. */
export const DURATION_BUCKETS = BOUNDS_SECONDS.length + 1;

/** How many latencies are in each bucket. */
export function durationBuckets({ buckets }: LatencyHistogram): number[] {
	const sums = Array<number>(DURATION_BUCKETS).fill(0);
	for (const [power, count] of buckets.entries()) {
		// From 2^power ns to twice that.
		const at = Math.max(0, Math.min(power + 1 - FIRST, DURATION_BUCKETS - 1));
		sums[at] = (sums[at] ?? 0) + count;
	}
	return sums;
}

/** Adds `name` to `registry`. The series of `family` have the seconds, then the buckets. */
export function addDurations(
	registry: Registry,
	family: Family,
	name: string,
	help: string,
	labelNames: readonly string[],
): void {
	const histogram = new Histogram({ name, help, labelNames, buckets: BOUNDS_SECONDS, registers: [] });
	const values = async () => {
		const all = [];
		for (const { labels, counters } of family) {
			const own = Object.fromEntries(labelNames.map((label, at) => [label, labels[at] ?? ""]));
			let count = 0;
			for (const [at, value] of counters.slice(1).entries()) {
				count += value;
				all.push({ labels: { ...own, le: BOUNDS_SECONDS[at] ?? "+Inf" }, value: count, metricName: `${name}_bucket` });
			}
			all.push({ labels: own, value: counters[0] ?? 0, metricName: `${name}_sum` });
			all.push({ labels: own, value: count, metricName: `${name}_count` });
		}
		return { name, help, type: "histogram", values: all, aggregator: "sum" };
	};
	// The library can only count single observations.
	registry.registerMetric(
		Object.assign(histogram, { get: values, getForPromString: values }) as unknown as Metric<string>,
	);
}
