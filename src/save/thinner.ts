/** `--thin`: old segments keep fewer refreshes, but all events, all that existed, and sums that are exact. */

import { StateBlocks } from "../history/state-blocks.ts";
import { StateReader } from "../history/state-reader.ts";
import { Windows } from "../history/windows.ts";
import { encodeBegin, encodeEnd, RecordingError } from "../model/feed/recording-format.ts";
import { RecordingReader } from "../model/feed/recording-reader.ts";
import { writeWhole } from "../model/feed/regular-file.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { type RunningSteps, runInTurns, type Steps } from "../model/steps.ts";
import type { Replacement, Segment, SegmentFolder } from "./segment-folder.ts";

export interface Tier {
	/** Since the segment was last written. */
	readonly ageMs: number;
	/** For how long a refresh then stands. */
	readonly windowMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The oldest first. */
export const TIERS: readonly Tier[] = [
	{ ageMs: 24 * HOUR_MS, windowMs: MINUTE_MS },
	{ ageMs: HOUR_MS, windowMs: 10_000 },
];

/** How often it is looked for something to do: one segment each time. */
const LOOK_MS = MINUTE_MS;
/** How long is worked in one turn of the event loop. */
const TURN_MS = 2;

export class Thinner {
	readonly #folder: SegmentFolder;
	readonly #tiers: readonly Tier[];
	readonly #lookMs: number;
	/** For how long a refresh of a segment stands; infinite if it stays as it is. */
	readonly #windows = new Map<string, number>();
	#work: RunningSteps | null = null;
	#replacement: Replacement | null = null;
	#lookedMs = Number.NEGATIVE_INFINITY;
	#saved = 0;

	/** Other tiers and times are for tests. */
	constructor(folder: SegmentFolder, tiers = TIERS, lookMs = LOOK_MS) {
		this.#folder = folder;
		folder.removeUnfinished();
		this.#tiers = tiers;
		this.#lookMs = lookMs;
	}

	/** Begins with the next segment; `open` is the one that is being written. Returns the bytes saved since it was last called. */
	look(open: string, nowMs: number, uptimeMs: number): number {
		const saved = this.#saved;
		this.#saved = 0;
		if (this.#work !== null || uptimeMs - this.#lookedMs < this.#lookMs) return saved;
		this.#lookedMs = uptimeMs;
		const segments = this.#folder.segments().filter(({ name }) => name !== open);
		for (const segment of segments) {
			const windowMs = this.#tiers.find(({ ageMs }) => nowMs - segment.endMs > ageMs)?.windowMs ?? 0;
			if (windowMs <= (this.#windows.get(segment.name) ?? 0)) continue;
			let isDone = false;
			const work = runInTurns(this.#thinOrLeave(segment, windowMs), TURN_MS, () => {
				isDone = true;
				this.#work = null;
			});
			if (!isDone) this.#work = work;
			break;
		}
		return saved;
	}

	/** Whether a segment is under way. */
	get isWorking(): boolean {
		return this.#work !== null;
	}

	/** What is under way is dropped; the segment stays as it was. */
	stop(): void {
		this.#work?.drop();
		this.#replacement?.drop();
	}

	*#thinOrLeave(segment: Segment, windowMs: number): Steps {
		let done = Number.POSITIVE_INFINITY;
		try {
			if (yield* this.#thin(segment, windowMs)) done = windowMs;
		} catch {
			// damaged, gone, or no room for the new one: it stays as it is
		}
		this.#windows.set(segment.name, done);
	}

	/** False if it stays as it is. Throws RecordingError or the system's error. */
	*#thin(segment: Segment, windowMs: number): Steps<boolean> {
		const reader = new RecordingReader(this.#folder.pathOf(segment));
		try {
			const { info } = reader;
			if (info.content !== "snapshots") return false;
			if (Number(info.windowMs ?? 0) >= windowMs) return true;
			return yield* this.#rewrite(segment, reader, windowMs);
		} finally {
			reader.close();
		}
	}

	*#rewrite(segment: Segment, reader: RecordingReader, windowMs: number): Steps<boolean> {
		const replacement = this.#folder.replace(segment);
		this.#replacement = replacement;
		let isWhole = false;
		try {
			let length = 0;
			const write = (bytes: Buffer): void => {
				writeWhole(replacement.fd, length, bytes);
				length += bytes.length;
			};
			write(encodeBegin({ ...reader.info, windowMs }));
			const windows = new Windows(windowMs);
			const blocks = new StateBlocks();
			for (const snapshot of snapshotsOf(reader)) {
				yield;
				if (snapshot === null) continue;
				for (const window of windows.add(snapshot)) write(Buffer.concat(yield* blocks.writeInSteps(window)));
			}
			for (const window of windows.end()) write(Buffer.concat(yield* blocks.writeInSteps(window)));
			write(encodeEnd());
			isWhole = windows.left === 0;
			if (isWhole) {
				replacement.finish();
				this.#saved += segment.bytes - length;
			}
			return isWhole;
		} finally {
			this.#replacement = null;
			if (!isWhole) replacement.drop();
		}
	}
}

/** Null if there is more of the next one to read. Throws RecordingError if not all of it can be read. */
function* snapshotsOf(reader: RecordingReader): Generator<Snapshot | null> {
	const states = new StateReader();
	for (let block = reader.next(); block !== null; block = reader.next()) {
		if (block === "later" || block.isAfterGap) throw new RecordingError("it is damaged");
		for (const batch of block.batches) yield states.apply(batch);
	}
}
