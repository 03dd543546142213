/** Plays a recording: the batches as they were recorded, at the recorded pace or as fast as possible. */

import { deliverAtOnce, type Feed, type FeedInfo, type Sink } from "./feed.ts";
import type { RecordingInfo } from "./recorder.ts";
import { type RecordedBlock, type RecordingInput, RecordingReader } from "./recording-reader.ts";

export interface ReplayOptions {
	/** recorded: with the pauses of the recording; fast: without; read: without, and only what is already written. */
	readonly pace: "recorded" | "fast" | "read";
	/** It is still being written: played without pauses up to its end, then as it grows. */
	readonly isLive?: boolean;
}

const NS_PER_MS = 1_000_000;
/** The longest pause after the first refresh, which may have taken the machine long, and before a gap. */
const SHORT_PAUSE_MS = 1000;
/** The longest --delay: a machine may have slept for hours. */
const LONGEST_PAUSE_MS = 60_000;

export class ReplayFeed implements Feed {
	readonly info: FeedInfo;
	readonly recording: RecordingInfo;
	gaps = 0;
	readonly #reader: RecordingInput;
	readonly #isFast: boolean;
	#sink: Sink = () => {};
	#onEnd: (error: Error | null) => void = () => {};
	/** The batches of the current block that are still to be delivered. */
	#batches: Iterator<Uint8Array> = [].values();
	#isDelivering = false;
	#lastTimeNs: bigint | null = null;
	#blocks = 0;
	/** Ends the wait for the next block; null if it does not wait. */
	#cancelWait: (() => void) | null = null;
	#isHeld = false;
	#isStepping = false;
	/** The next block is not written yet, or has not arrived. */
	#isWaitingForMore = false;
	/** It waits only for blocks that have not arrived yet. */
	#isLive: boolean;
	/** When the last delivered block had been handled. */
	#readyMs = 0;
	#speed = 1;
	/** The wait, by the recording's time, and when it began. */
	#pauseMs = 0;
	#waitBeganMs = 0;
	/** Pauses are skipped until it returns true. */
	#isThere: (() => boolean) | null = null;
	#isDone = false;

	/** Opens the file, or takes over the input; throws RecordingError, NotAFileError or the system's error. */
	constructor(path: string | RecordingInput, { pace, isLive = false }: ReplayOptions) {
		this.#reader = typeof path === "string" ? new RecordingReader(path) : path;
		this.#isFast = pace !== "recorded";
		this.#isLive = isLive;
		this.recording = this.#reader.info;
		const { host, kernel, machine, source, events } = this.recording;
		this.info = { host, kernel, machine, source, events };
	}

	start(sink: Sink, onEnd: (error: Error | null) => void): void {
		this.#sink = sink;
		this.#onEnd = onEnd;
		this.#readyMs = performance.now();
		this.#schedule();
	}

	setDelay(): void {}

	want(): void {}

	follow(): void {
		throw new Error("No process can be followed in a recording.");
	}

	/** The time of the last delivered block, since the recorded machine started. */
	get uptimeMs(): number {
		return Number(this.#lastTimeNs ?? 0n) / NS_PER_MS;
	}

	/** 2 plays twice as fast as it was recorded. */
	setSpeed(speed: number): void {
		this.#isLive = false;
		const leftMs = this.#pauseMs - (performance.now() - this.#waitBeganMs) * this.#speed;
		this.#speed = speed;
		if (this.#cancelWait === null || this.#pauseMs === 0) return;
		this.#cancelWait();
		this.#wait(Math.max(0, leftMs));
	}

	/** Skips pauses until `isThere` returns true. */
	hurryUntil(isThere: () => boolean): void {
		this.#isThere = isThere;
		if (this.#cancelWait === null || this.#pauseMs === 0) return;
		this.#cancelWait();
		this.#wait(0);
	}

	/** Delivers the next block even while held; false if there is none yet. */
	step(): boolean {
		if (this.#isDone || this.#isDelivering || this.#isWaitingForMore) return false;
		this.#cancelWait?.();
		this.#cancelWait = null;
		this.#isStepping = true;
		this.#deliver();
		this.#isStepping = false;
		return !this.#isDone;
	}

	hold(isHeld: boolean): void {
		this.#isHeld = isHeld;
		if (!isHeld && this.#cancelWait === null && !this.#isDelivering) this.#wait(0);
	}

	stop(): void {
		if (this.#isDone) return;
		this.#isDone = true;
		this.#cancelWait?.();
		this.#reader.close();
	}

	/** Reads the next block and waits until its time. */
	#schedule(): void {
		let block: RecordedBlock | null | "later";
		try {
			block = this.#reader.next();
		} catch (error) {
			this.#finish(error as Error);
			return;
		}
		if (block === null) {
			this.#finish(null);
			return;
		}
		if (block === "later") {
			this.#cancelWait = () => {};
			this.#isWaitingForMore = true;
			this.#pauseMs = 0;
			this.#reader.onMore(() => {
				this.#cancelWait = null;
				this.#isWaitingForMore = false;
				if (!this.#isDone) this.#schedule();
			});
			return;
		}
		this.#batches = block.batches[Symbol.iterator]();
		const { timeNs, isAfterGap } = block;
		if (isAfterGap) this.gaps++;
		if (this.#isThere?.()) this.#isThere = null;
		const isHurried = this.#isFast || this.#isThere !== null;
		this.#wait(isHurried ? 0 : this.#pauseLeft(this.#pauseBefore(block)));
		this.#lastTimeNs = timeNs;
		this.#blocks++;
	}

	/** What is left of a pause after the wait for the block itself. A stream that made it wait longer has been played up to now. */
	#pauseLeft(pauseMs: number): number {
		const leftMs = pauseMs - (performance.now() - this.#readyMs) * this.#speed;
		if (pauseMs > 0 && leftMs <= 0 && this.recording.isStreamed) this.#isLive = true;
		return this.#isLive ? 0 : Math.max(0, leftMs);
	}

	/** A gap is not waited for. */
	#pauseBefore({ timeNs, isAfterGap }: RecordedBlock): number {
		if (this.#lastTimeNs === null) return 0;
		const pauseMs = Number(timeNs - this.#lastTimeNs) / NS_PER_MS;
		return Math.min(pauseMs, this.#blocks === 1 || isAfterGap ? SHORT_PAUSE_MS : LONGEST_PAUSE_MS);
	}

	#wait(pauseMs: number): void {
		if (this.#isDone) return;
		this.#pauseMs = pauseMs;
		this.#waitBeganMs = performance.now();
		const proceed = (): void => {
			this.#cancelWait = null;
			if (!this.#isHeld) this.#deliver();
		};
		if (pauseMs > 0) {
			const timer = setTimeout(proceed, pauseMs / this.#speed);
			this.#cancelWait = () => clearTimeout(timer);
		} else {
			const immediate = setImmediate(proceed);
			this.#cancelWait = () => clearImmediate(immediate);
		}
	}

	/** A block may hold more ticks than a slow reader can take, so the reader may stop within it. */
	#deliver(): void {
		this.#isDelivering = true;
		try {
			for (;;) {
				if (this.#isDone || (this.#isHeld && !this.#isStepping)) return;
				const { done, value } = this.#batches.next();
				if (done) break;
				deliverAtOnce(this.#sink, value);
			}
		} catch (error) {
			this.#finish(error as Error);
			return;
		} finally {
			this.#isDelivering = false;
		}
		this.#readyMs = performance.now();
		if (!this.#isDone) this.#schedule();
	}

	#finish(error: Error | null): void {
		this.stop();
		this.#onEnd(error);
	}
}
