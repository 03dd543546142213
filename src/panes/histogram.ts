/** Histograms of times as bars in a details view. */

import { formatDurationNs } from "../format/duration.ts";
import { left, right } from "./blocks.ts";
import type { Block } from "./pane.ts";

/** Cells of the longest bar. */
const BAR = 20;

/** A heading, and for each bucket b how many took from 2^b ns to twice that. */
export interface Counted {
	readonly head: string;
	readonly buckets: readonly number[];
}

/** Each line covers times twice as long as the line before; `empty` is shown if nothing is counted. */
export function histogramBlock(title: string, counted: readonly Counted[], empty: string): Block {
	const length = Math.max(0, ...counted.map(({ buckets }) => buckets.length));
	const most = Math.max(1, ...counted.flatMap(({ buckets }) => buckets));
	const counts = Array.from({ length }, (_, bucket) => counted.map(({ buckets }) => buckets[bucket] ?? 0));
	const isHeld = (each: readonly number[]) => each.some((count) => count > 0);
	const [first, last] = [counts.findIndex(isHeld), counts.findLastIndex(isHeld)];
	const bar = (count: number) => "#".repeat(Math.ceil((BAR * count) / most));
	return {
		kind: "table",
		title,
		heads: [right("FROM"), ...counted.flatMap(({ head }) => [right(head), left("")])],
		rows: (first < 0 ? [] : counts.slice(first, last + 1)).map((each, at) => [
			formatDurationNs(2 ** (first + at)),
			...each.flatMap((count) => [String(count), bar(count)]),
		]),
		empty,
	};
}

/** The sum of several, bucket by bucket. */
export function addBuckets(all: readonly (readonly number[])[]): number[] {
	const length = Math.max(0, ...all.map((buckets) => buckets.length));
	return Array.from({ length }, (_, bucket) => all.reduce((sum, buckets) => sum + (buckets[bucket] ?? 0), 0));
}
