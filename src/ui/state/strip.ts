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

/** `shown`: number of the shown refresh, null if live. */
export function stripOf(moments: readonly Moment[], width: number, shown: number | null): Strip {
	const newest = moments.at(-1);
	const measured = newest === undefined ? [] : MEASURES.filter((measure) => measure.of(newest) !== null);
	const measures = measured.slice(0, Math.max(1, Math.floor(width / LEAST_PART) - 1));
	const share = Math.floor(width / (measures.length + 1));
	const cells = Math.max(1, share - Math.max(...measures.map(({ label }) => label.length), MARKS.length) - 2);
	const buckets = bucketsOf(moments, cells);
	const place = (label: string, at: number) => ({ label, left: at * share + label.length + 1, cells });
	const parts = measures.map((measure, at) => ({
		...place(measure.label, at + 1),
		values: highestOf(measure, moments, buckets),
		full: measure.full,
	}));
	return {
		parts: [{ ...place(MARKS, 0), values: null, full: 0 }, ...parts],
		buckets,
		cursor: shown === null ? -1 : buckets.findIndex(({ from, to }) => from <= shown && shown <= to),
	};
}

const MARKS = "marks";

/** As many refreshes per cell as needed; a bucket keeps its refreshes while newer ones arrive. */
function bucketsOf(moments: readonly Moment[], cells: number): Bucket[] {
	const size = Math.ceil(moments.length / cells);
	const buckets: Bucket[] = [];
	for (let at = 0; at < moments.length; ) {
		const from = (moments[at] as Moment).no;
		const marks = { oomKills: 0, failedExits: 0, losses: 0, gaps: 0 };
		// Walks the whole history at each refresh, hence plain loops.
		for (const end = at + size - (from % size); at < end && at < moments.length; at++) {
			const moment = moments[at] as Moment;
			marks.oomKills += moment.oomKills;
			marks.failedExits += moment.failedExits;
			marks.losses += moment.losses;
			marks.gaps += moment.gaps;
		}
		buckets.push({ from, to: (moments[at - 1] as Moment).no, ...marks });
	}
	return buckets.slice(-cells);
}

function highestOf(measure: Measure, moments: readonly Moment[], buckets: readonly Bucket[]): number[] {
	const first = moments[0]?.no ?? 0;
	return buckets.map(({ from, to }) => {
		let highest = 0;
		for (let no = from; no <= to; no++) highest = Math.max(highest, measure.of(moments[no - first] as Moment) ?? 0);
		return highest;
	});
}

/** The bucket under column `x` of the strip; undefined if there is none. */
export function bucketAt({ parts, buckets }: Strip, x: number): Bucket | undefined {
	const part = parts.find(({ left, cells }) => x >= left && x < left + cells);
	return part && buckets[buckets.length - (part.left + part.cells - x)];
}
