/** The last minutes of what was shown, in memory: bounded in time and in bytes, the oldest go first. */

import type { Snapshot } from "../model/snapshot.ts";
import { HISTORY_BOUNDS, type HistoryBounds } from "./bounds.ts";
import { type Moment, momentOf } from "./moment.ts";
import { withEventsBefore } from "./recent-events.ts";
import { Stretch } from "./stretch.ts";

/** The share of the bound that one stretch may take, so that little is dropped at once. */
const MOST_SHARE = 1 / 8;

/** Refreshes whose activity is kept even if nothing else is. */
const MOST_RECENT = 30;

/** How many stretches stay decoded. */
const KEPT_READINGS = 2;
/** After this many refreshes without a read, decoded stretches are dropped. */
const READ_FOR = 60;

export class History {
	readonly bounds: HistoryBounds;
	/** All remembered refreshes, and the newest. */
	#moments: Moment[] = [];
	#recent: readonly Moment[] = [];
	#stretches: Stretch[] = [];
	#readings: { readonly stretch: Stretch; readonly snapshots: readonly Snapshot[] }[] = [];
	/** The newest refresh at the time of the last read. */
	#readAt = 0;
	#latest: Snapshot | null = null;
	#isCut = false;

	constructor(bounds: Partial<HistoryBounds> = {}) {
		this.bounds = { ...HISTORY_BOUNDS, ...bounds };
	}

	/** The newest, with the events of the refreshes before; null before the first. */
	get latest(): Snapshot | null {
		return this.#latest;
	}

	/** The remembered refreshes, oldest first; the newest is always among them. */
	get moments(): readonly Moment[] {
		return this.#moments;
	}

	/** The last 30, even if nothing else is remembered; oldest first. */
	get recent(): readonly Moment[] {
		return this.#recent;
	}

	/** Its memory, compressed or waiting for compression. */
	get bytes(): number {
		return this.#stretches.reduce((sum, stretch) => sum + stretch.bytes, 0);
	}

	/** How far back it reaches now. */
	get reachMs(): number {
		const [oldest, newest] = [this.#moments[0], this.#moments.at(-1)];
		return oldest && newest ? newest.atMs - oldest.atMs : 0;
	}

	/** Whether something was dropped that `spanMs` would have kept. */
	get isCutByBytes(): boolean {
		return this.#isCut;
	}

	/** `isAfterGap`: something of a recording is missing before it. */
	add(snapshot: Snapshot, isAfterGap = false): void {
		const before = this.#moments.at(-1);
		const moment = momentOf(before, snapshot, isAfterGap);
		const shown = withEventsBefore(this.#latest, snapshot);
		this.#latest = shown;
		this.#moments.push(moment);
		this.#recent = [...this.#recent, moment].slice(-MOST_RECENT);
		if (this.bounds.spanMs > 0) this.#keep(moment.no, shown);
		this.#forget();
		if (moment.no - this.#readAt > READ_FOR) this.#readings = [];
	}

	/** The snapshot of refresh `no`; null if it is not remembered. The newest is the same object that was added. */
	at(no: number): Snapshot | null {
		if (no === this.#moments.at(-1)?.no) return this.#latest;
		const stretch = this.#stretches.find((one) => no >= one.from && no < one.end);
		if (stretch === undefined) return null;
		const known = this.#readings.find((reading) => reading.stretch === stretch)?.snapshots ?? [];
		const snapshots = stretch.read(no, known);
		this.#readAt = this.#moments.at(-1)?.no ?? 0;
		const others = this.#readings.filter((reading) => reading.stretch !== stretch);
		this.#readings = [{ stretch, snapshots }, ...others].slice(0, KEPT_READINGS);
		return snapshots[no - stretch.from] ?? null;
	}

	/** Resolves when everything that can be compressed is compressed. */
	async settled(): Promise<void> {
		await Promise.all(this.#stretches.map((stretch) => stretch.settled()));
	}

	#keep(no: number, snapshot: Snapshot): void {
		const open = this.#stretches.at(-1);
		if (open !== undefined && !open.isFull && open.bytes < this.bounds.mostBytes * MOST_SHARE) {
			open.add(snapshot);
		} else {
			open?.seal();
			this.#stretches.push(new Stretch(no, snapshot));
		}
	}

	/** Drops whole stretches, the oldest first. */
	#forget(): void {
		const newest = this.#moments.at(-1) as Moment;
		const isOld = ({ end }: Stretch) => newest.atMs - (this.#moment(end - 1)?.atMs ?? 0) > this.bounds.spanMs;
		for (let oldest = this.#stretches[0]; oldest !== undefined; oldest = this.#stretches[0]) {
			const isTooMuch = this.bytes > this.bounds.mostBytes;
			if (!isTooMuch && !isOld(oldest)) break;
			this.#isCut ||= isTooMuch;
			oldest.drop();
			this.#stretches.shift();
			this.#readings = this.#readings.filter(({ stretch }) => stretch !== oldest);
		}
		const from = this.#stretches[0]?.from ?? newest.no;
		const gone = from - (this.#moments[0] as Moment).no;
		if (gone > 0) this.#moments.splice(0, gone);
	}

	#moment(no: number): Moment | undefined {
		return this.#moments[no - (this.#moments[0]?.no ?? 0)];
	}
}
