/** Plays a recording: the batches as they were recorded, at the recorded pace or as fast as possible. */

import { deliverAtOnce, type Feed, type FeedInfo, type Sink } from "./feed.ts";
import type { RecordingInfo } from "./recorder.ts";
import { type RecordedBlock, RecordingReader } from "./recording-reader.ts";

export interface ReplayOptions {
	/** recorded: with the pauses of the recording; fast: without pauses. */
	readonly pace: "recorded" | "fast";
}

const NS_PER_MS = 1_000_000n;
/** The first refresh is shown no longer than this, even if the second came late. */
const LONGEST_FIRST_PAUSE_MS = 1000;

export class ReplayFeed implements Feed {
	readonly info: FeedInfo;
	readonly recording: RecordingInfo;
	readonly #reader: RecordingReader;
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
	#isDone = false;

	/** Opens the file; throws RecordingError, NotAFileError or the system's error. */
	constructor(path: string, { pace }: ReplayOptions) {
		this.#reader = new RecordingReader(path);
		this.#isFast = pace === "fast";
		this.recording = this.#reader.info;
		const { host, kernel, machine, source, events } = this.recording;
		this.info = { host, kernel, machine, source, events };
	}

	start(sink: Sink, onEnd: (error: Error | null) => void): void {
		this.#sink = sink;
		this.#onEnd = onEnd;
		this.#schedule();
	}

	setDelay(): void {}

	want(): void {}

	follow(): void {
		throw new Error("No process can be followed in a recording.");
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
		let block: RecordedBlock | null;
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
		this.#batches = block.batches[Symbol.iterator]();
		const { timeNs } = block;
		this.#wait(this.#isFast ? 0 : this.#pauseBefore(timeNs));
		this.#lastTimeNs = timeNs;
		this.#blocks++;
	}

	#pauseBefore(timeNs: bigint): number {
		if (this.#lastTimeNs === null) return 0;
		const pauseMs = Number((timeNs - this.#lastTimeNs) / NS_PER_MS);
		return this.#blocks === 1 ? Math.min(pauseMs, LONGEST_FIRST_PAUSE_MS) : pauseMs;
	}

	#wait(pauseMs: number): void {
		if (this.#isDone) return;
		const proceed = (): void => {
			this.#cancelWait = null;
			if (!this.#isHeld) this.#deliver();
		};
		if (pauseMs > 0) {
			const timer = setTimeout(proceed, pauseMs);
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
				if (this.#isDone || this.#isHeld) return;
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
		if (!this.#isDone) this.#schedule();
	}

	#finish(error: Error | null): void {
		this.stop();
		this.#onEnd(error);
	}
}
