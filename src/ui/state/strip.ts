/** The strip under the header: activity over the whole history, one cell for some refreshes, and marks. */

import type { Marks, Moment } from "../../history/moment.ts";

/** What one part of the strip shows. */
interface Measure {
	readonly label: string;
	/** The value of a full cell; 0: the largest visible value. */
	readonly full: number;
	/** Null if it is not measured. */
	of(moment: Moment): number | null;
}

const MEASURES: readonly Measure[] = [
	{ label: "cpu", full: 100, of: ({ cpuPercent }) => cpuPercent },
	{ label: "call", full: 0, of: ({ syscallRate }) => syscallRate },
	{ label: "fork", full: 0, of: ({ forkRate }) => forkRate },
	{ label: "disk", full: 0, of: ({ diskRate }) => diskRate },
	{ label: "net", full: 0, of: ({ netRate }) => netRate },
];

/** Refreshes of one cell, together. */
export interface Bucket extends Marks {
	/** Numbers of the first and the last. */
	readonly from: number;
	readonly to: number;
}

export interface StripPart {
	readonly label: string;
	/** Where its cells begin. */
	readonly left: number;
	readonly cells: number;
	/** The maximum of each bucket; null in the part with the marks. */
	readonly values: readonly number[] | null;
	readonly full: number;
}

export interface Strip {
	readonly parts: readonly StripPart[];
	/** Newest last; those of every part are at the right end of its cells. */
	readonly buckets: readonly Bucket[];
	/** The bucket of the shown refresh; -1 if live. */
	readonly cursor: number;
}

/** The least width of a part, its label included. */
const LEAST_PART = 26;

/** A cache for one screen: of the whole history, a refresh changes only the last cells. */
export function createStrip() {
	let known: readonly FullBucket[] = [];
	/** `shown`: number of the shown refresh, null if live. */
	return (moments: readonly Moment[], width: number, shown: number | null): Strip => {
		const newest = moments.at(-1);
		const measured = MEASURES.map((_, at) => at).filter(
			(at) => newest !== undefined && MEASURES[at]?.of(newest) !== null,
		);
		const measures = measured.slice(0, Math.max(1, Math.floor(width / LEAST_PART) - 1));
		const labels = measures.map((at) => (MEASURES[at] as Measure).label);
		const share = Math.floor(width / (measures.length + 1));
		const cells = Math.max(1, share - Math.max(...labels.map(({ length }) => length), MARKS.length) - 2);
		known = bucketsOf(moments, Math.ceil(moments.length / cells), known);
		const buckets = known.slice(-cells);
		const place = (label: string, at: number) => ({ label, left: at * share + label.length + 1, cells });
		const parts = measures.map((measure, at) => ({
			...place(labels[at] as string, at + 1),
			values: buckets.map(({ highest }) => highest[measure] as number),
			full: (MEASURES[measure] as Measure).full,
		}));
		return {
			parts: [{ ...place(MARKS, 0), values: null, full: 0 }, ...parts],
			buckets,
			cursor: shown === null ? -1 : buckets.findIndex(({ from, to }) => from <= shown && shown <= to),
		};
	};
}

const MARKS = "marks";

interface FullBucket extends Bucket {
	/** Its moments; null while there may be more. */
	readonly first: Moment | null;
	readonly size: number;
	/** Of each measure. */
	readonly highest: readonly number[];
}

/** `size` refreshes each; a bucket keeps its refreshes while newer ones arrive. */
function bucketsOf(moments: readonly Moment[], size: number, known: readonly FullBucket[]): FullBucket[] {
	const buckets: FullBucket[] = [];
	let next = 0;
	for (let at = 0; at < moments.length; ) {
		const first = moments[at] as Moment;
		while (next < known.length && (known[next] as FullBucket).from < first.no) next++;
		const same = known[next];
		const bucket = same?.first === first && same.size === size ? same : bucketFrom(moments, at, size);
		buckets.push(bucket);
		at += bucket.to - bucket.from + 1;
	}
	return buckets;
}

function bucketFrom(moments: readonly Moment[], begin: number, size: number): FullBucket {
	const first = moments[begin] as Moment;
	const end = begin + size - (first.no % size);
	const marks = { oomKills: 0, failedExits: 0, losses: 0, gaps: 0 };
	const highest = MEASURES.map(() => 0);
	const last = Math.min(end, moments.length) - 1;
	for (let at = begin; at <= last; at++) {
		const moment = moments[at] as Moment;
		marks.oomKills += moment.oomKills;
		marks.failedExits += moment.failedExits;
		marks.losses += moment.losses;
		marks.gaps += moment.gaps;
		for (const [each, measure] of MEASURES.entries())
			highest[each] = Math.max(highest[each] ?? 0, measure.of(moment) ?? 0);
	}
	const to = (moments[last] as Moment).no;
	return { from: first.no, to, first: end <= moments.length ? first : null, size, highest, ...marks };
}

/** The bucket under column `x` of the strip; undefined if there is none. */
export function bucketAt({ parts, buckets }: Strip, x: number): Bucket | undefined {
	const part = parts.find(({ left, cells }) => x >= left && x < left + cells);
	return part && buckets[buckets.length - (part.left + part.cells - x)];
}
