/**
 * Results that workers leave in a list and announce through an eventfd. The list itself is not seen: but a reader replies
 * in the order in which the results came, and the eventfd says how many there are.
 */

import type { Segment } from "./segment.ts";

/** How much later than that of a read the record of an addition to the same value may come. */
const LATE_NS = 100_000;
/** Results that are announced this close together may be in the list in the other order. */
const CLOSE_NS = 30_000;

/** Larger values are no number of results. */
const MOST_UNITS = 256;

interface Done {
	readonly segment: Segment;
	readonly timeNs: number;
	/** Another worker announced its result at nearly the same time. */
	isClose: boolean;
}

/** The results that one read of an eventfd announced. */
export class Batch {
	readonly size: number;
	/** In order; shorter than `size` while records are missing. */
	readonly done: Done[];
	readonly #counter: Counter;
	#replies = 0;

	constructor(counter: Counter, size: number, done: Done[]) {
		this.#counter = counter;
		this.size = size;
		this.done = done;
	}

	/** Where the next reply is in the order. */
	next(): number {
		return this.#replies++;
	}

	/** Whether the result for a request that was read at `askedNs` must be the one at `place`. */
	isSure(place: number, askedNs: number | undefined): boolean {
		const done = this.done[place];
		if (done === undefined || askedNs === undefined || done.segment.sinceNs < askedNs) return false;
		return !done.isClose && (this.size === 1 || this.#counter.isOrdered);
	}

	/** The reader goes on to something else. */
	close(): void {
		if (this.size > 1 && this.#replies !== this.size) this.#counter.isOrdered = false;
	}
}

export class Counter {
	/** So far there was one reply for each result. */
	isOrdered = true;
	#unread: Done[] = [];
	#last: Done | null = null;
	/** The batch that lacks records of additions, and until when these may come. */
	#short: Batch | null = null;
	#shortUntilNs = 0;

	/** A worker added to the eventfd at the end of `segment`. */
	added(segment: Segment, units: number, timeNs: number): void {
		for (let unit = 0; unit < Math.min(units, MOST_UNITS); unit++) {
			const isClose = this.#last !== null && this.#last.segment !== segment && timeNs - this.#last.timeNs < CLOSE_NS;
			if (isClose && this.#last !== null) this.#last.isClose = true;
			const done = { segment, timeNs, isClose };
			this.#last = done;
			if (this.#short === null || timeNs > this.#shortUntilNs) this.#unread.push(done);
			else this.#fill(this.#short, done);
		}
		if (this.#unread.length > MOST_UNITS) this.#unread = this.#unread.slice(-MOST_UNITS);
	}

	/** An eventfd is read as a whole: what is left over from before was read already. */
	read(units: number, timeNs: number): Batch {
		const size = Math.min(units, MOST_UNITS);
		const batch = new Batch(this, size, this.#unread.slice(-size));
		this.#unread = [];
		this.#short = batch.done.length < size ? batch : null;
		this.#shortUntilNs = timeNs + LATE_NS;
		return batch;
	}

	#fill(batch: Batch, done: Done): void {
		batch.done.push(done);
		if (batch.done.length === batch.size) this.#short = null;
	}
}
