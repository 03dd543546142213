/** The last minutes of what was shown, in memory: bounded in time and in bytes, the oldest go first. */

import type { Snapshot } from "../model/snapshot.ts";
import { finish, type RunningSteps, runInTurns, type Steps } from "../model/steps.ts";
import { HISTORY_BOUNDS, type HistoryBounds } from "./bounds.ts";
import { type Moment, momentOf } from "./moment.ts";
import type { ReceivedStretch } from "./past.ts";
import { withEventsBefore } from "./recent-events.ts";
import { type PackedStretch, Stretch } from "./stretch.ts";

/** The share of the bound that one stretch may take, so that little is dropped at once. */
const MOST_SHARE = 1 / 8;

/** Refreshes whose activity is kept even if nothing else is. */
const MOST_RECENT = 30;

/** How many stretches stay decoded: the one that is read, and the ones before and after. */
const KEPT_READINGS = 3;
/** So near to the end of a stretch, the next one is read ahead, for so long in each turn: a held key makes 30 steps a second. */
const NEAR_END = 16;
const TURN_MS = 4;
/** After this many refreshes without a read, decoded stretches are dropped. */
const READ_FOR = 60;

type Readable = Stretch | ReceivedStretch;

export class History {
	readonly bounds: HistoryBounds;
	/** All remembered refreshes, and the newest. */
	#moments: Moment[] = [];
	#recent: readonly Moment[] = [];
	/** What another ebtop remembered before the first refresh here. */
	#received: ReceivedStretch[] = [];
	#stretches: Stretch[] = [];
	#readings: { readonly stretch: Readable; readonly snapshots: readonly Snapshot[] }[] = [];
	/** The stretch that is read before it is asked for. */
	#ahead: { readonly stretch: Readable; readonly steps: RunningSteps } | null = null;
	/** The refresh that was read last, and the newest at that time. */
	#readNo = 0;
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
		return [...this.#received, ...this.#stretches].reduce((sum, { bytes }) => sum + bytes, 0);
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
		if (moment.no - this.#readAt > READ_FOR) this.#forgetReadings(() => true);
	}

	/** The snapshot of refresh `no`; null if it is not remembered. The newest is the same object that was added. */
	at(no: number): Snapshot | null {
		if (no === this.#moments.at(-1)?.no) return this.#latest;
		const stretch = this.#stretchOf(no);
		if (stretch === undefined) return null;
		if (this.#ahead?.stretch === stretch) this.#ahead.steps.finish();
		const snapshots = this.#read(stretch, no);
		if (snapshots === null) return null;
		this.#keepReading(stretch, snapshots);
		this.#readAhead(stretch, no);
		[this.#readNo, this.#readAt] = [no, this.#moments.at(-1)?.no ?? 0];
		return snapshots[no - stretch.from] ?? null;
	}

	/**
	 * Takes what another ebtop remembers from before the first refresh here, which has number 0; the newest stretch comes first. Its
	 * moment of that first refresh replaces ours, since it knows the refresh before. False if the stretch is too old, too large, or
	 * not the next one.
	 */
	receive(past: ReceivedStretch): boolean {
		const oldest = this.#moments[0];
		if (oldest === undefined) return false;
		const first = past.moments.find(({ no }) => no === 0);
		if (first !== undefined && oldest.no === 0) this.#moments[0] = { ...first, atMs: 0, gaplessMs: 0 };
		const before = gaplessBefore(
			oldest,
			past.moments.filter(({ no }) => no < oldest.no),
		);
		const last = before.at(-1);
		if (last === undefined) return false;
		const isTooMuch = this.bytes + past.bytes > this.bounds.mostBytes;
		this.#isCut ||= isTooMuch;
		const isNext = last.no === oldest.no - 1 && last.no < 0;
		if (isTooMuch || !isNext || this.#ageMs(before.at(-1)) > this.bounds.spanMs) return false;
		this.#received.unshift(past);
		this.#moments = [...before, ...this.#moments];
		return true;
	}

	/** Up to `packedMs` back from refresh `end`, the newest first. */
	async *packed(end: number, packedMs: number): AsyncGenerator<{ stretch: PackedStretch; moments: readonly Moment[] }> {
		for (const one of this.#stretches.toReversed()) {
			if (one.from > end) continue;
			const stretch = await one.packed();
			const at = this.#moments.findIndex(({ no }) => no === one.from);
			if (stretch === null || at < 0) return;
			const [last, newest] = [this.#momentOf(one.from + stretch.count - 1), this.#momentOf(end)];
			if ((newest?.gaplessMs ?? 0) - (last?.gaplessMs ?? 0) > packedMs) return;
			yield { stretch, moments: this.#moments.slice(at, at + stretch.count) };
		}
	}

	/** Resolves when everything that can be compressed is compressed. */
	async settled(): Promise<void> {
		await Promise.all(this.#stretches.map((stretch) => stretch.settled()));
	}

	/** What was received and cannot be read is dropped, and so is all before it. */
	#read(stretch: Readable, no: number): readonly Snapshot[] | null {
		const steps = stretch.read(no, this.#known(stretch));
		if (stretch instanceof Stretch) return finish(steps);
		try {
			return finish(steps);
		} catch {
			const dropped = this.#received.splice(0, this.#received.indexOf(stretch) + 1);
			this.#forgetReadings((one) => dropped.includes(one as ReceivedStretch));
			this.#cutMoments();
			return null;
		}
	}

	/** Step by step in one direction, the next stretch is read before it is reached. */
	#readAhead(stretch: Readable, no: number): void {
		const isFirst = no + 1 === this.#moments.at(-1)?.no;
		const by = isFirst ? -1 : no - this.#readNo;
		const isNear = by === -1 ? no - stretch.from < NEAR_END : by === 1 && stretch.end - no <= NEAR_END;
		const wanted = by === -1 ? stretch.from - 1 : stretch.end;
		const next = isNear ? this.#stretchOf(wanted) : undefined;
		if (next === undefined || next === this.#ahead?.stretch) return;
		const known = this.#known(next);
		if (known.length > wanted - next.from) return;
		this.#ahead?.steps.drop();
		const steps = runInTurns(unlessDamaged(next.read(wanted, known)), TURN_MS, (snapshots) => {
			this.#ahead = null;
			if (snapshots !== null) this.#keepReading(next, snapshots);
		});
		this.#ahead = { stretch: next, steps };
	}

	#stretchOf(no: number): Readable | undefined {
		const stretches: readonly Readable[] = no < 0 ? this.#received : this.#stretches;
		return stretches.find((one) => no >= one.from && no < one.end);
	}

	#known(stretch: Readable): readonly Snapshot[] {
		return this.#readings.find((reading) => reading.stretch === stretch)?.snapshots ?? [];
	}

	#keepReading(stretch: Readable, snapshots: readonly Snapshot[]): void {
		const others = this.#readings.filter((reading) => reading.stretch !== stretch);
		this.#readings = [{ stretch, snapshots }, ...others].slice(0, KEPT_READINGS);
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
		const isOld = ({ end }: Readable) => this.#ageMs(this.#momentOf(end - 1)) > this.bounds.spanMs;
		for (let oldest = this.#oldest; oldest !== undefined; oldest = this.#oldest) {
			const isTooMuch = this.bytes > this.bounds.mostBytes;
			if (!isTooMuch && !isOld(oldest)) break;
			this.#isCut ||= isTooMuch;
			if (oldest instanceof Stretch) this.#stretches.shift()?.drop();
			else this.#received.shift();
			this.#forgetReadings((stretch) => stretch === oldest);
		}
		this.#cutMoments();
	}

	#momentOf(no: number): Moment | undefined {
		return this.#moments[no - (this.#moments[0]?.no ?? 0)];
	}

	#ageMs(moment: Moment | undefined): number {
		return (this.#moments.at(-1)?.gaplessMs ?? 0) - (moment?.gaplessMs ?? 0);
	}

	get #oldest(): Readable | undefined {
		return this.#received[0] ?? this.#stretches[0];
	}

	#forgetReadings(isMeant: (stretch: Readable) => boolean): void {
		this.#readings = this.#readings.filter(({ stretch }) => !isMeant(stretch));
		if (this.#ahead === null || !isMeant(this.#ahead.stretch)) return;
		this.#ahead.steps.drop();
		this.#ahead = null;
	}

	/** Those of refreshes that are not remembered. */
	#cutMoments(): void {
		const from = this.#oldest?.from ?? (this.#moments.at(-1) as Moment).no;
		const gone = from - (this.#moments[0] as Moment).no;
		if (gone > 0) this.#moments.splice(0, gone);
	}
}

/** Null for what was received and is damaged: that is found again when it is read. */
function* unlessDamaged(steps: Steps<readonly Snapshot[]>): Steps<readonly Snapshot[] | null> {
	try {
		return yield* steps;
	} catch {
		return null;
	}
}

/** Other ebtops do not send that time. */
function gaplessBefore(next: Moment, moments: readonly Moment[]): Moment[] {
	let after = next;
	return moments
		.toReversed()
		.map((moment) => {
			const ms = after.gaps > 0 ? 0 : after.atMs - moment.atMs;
			after = { ...moment, gaplessMs: after.gaplessMs - ms };
			return after;
		})
		.reverse();
}
