/** Connects the parts of a run: feed → recorder and model → store. It ends once, properly or with an error. */

import { Failure } from "../failure.ts";
import type { Feed } from "../model/feed/feed.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { finish, type Steps } from "../model/steps.ts";
import type { Store } from "../model/store.ts";

/** What the pipeline needs of the model. */
export interface BatchReader {
	/** Returns the snapshot if the batch ends with a tick. */
	applyInSteps(batch: Uint8Array): Steps<Snapshot | null>;
}

/** What the pipeline needs of a recorder. */
export interface BatchSink {
	write(batch: Uint8Array): void;
	close(): void;
}

export interface PipelineParts {
	readonly feed: Feed;
	readonly model: BatchReader;
	readonly store: Store;
	readonly recorder: BatchSink | null;
	/** Called once, when the last snapshot is published. */
	readonly atEnd: (() => void) | null;
	/** After that: sends what is left. The end waits for it. */
	readonly flush?: (() => Promise<void>) | null;
	/** Snapshots before this is true are not published; null: all are. */
	readonly isBegun?: ((snapshot: Snapshot) => boolean) | null;
	/** End after so many snapshots behind the first. */
	readonly count: number | null;
}

export class Pipeline {
	/** Resolves with null after a proper end, otherwise with what went wrong; everything is released by then. */
	readonly ended: Promise<Error | null>;
	/** True once the feed has ended by itself, as a recording does; false if the run was stopped. */
	isPlayedOut = false;
	/** Of the last snapshot, published or not. */
	lastTime: string | null = null;
	/** True once the first snapshot was published. */
	hasBegun = false;
	/** True once something stopped it before its own end. */
	isStopped = false;
	readonly #parts: PipelineParts;
	#resolve: (error: Error | null | Promise<Error | null>) => void = () => {};
	#isEnding = false;
	/** `seq` of the first snapshot: not 0 in a part of a recording. */
	#firstSeq: number | null = null;
	/** Of the feed, before the last snapshot. */
	#gaps = 0;
	#lastSeq: number | null = null;
	/** The remaining steps of the current batch. */
	#steps: Steps | null = null;

	constructor(parts: PipelineParts) {
		this.#parts = parts;
		this.ended = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	start(): void {
		try {
			this.#parts.feed.start(
				(batch) => this.#take(batch),
				(error) => {
					this.isPlayedOut = !this.#isEnding;
					this.#end(error, false);
				},
			);
		} catch (error) {
			this.#end(error as Error, false);
		}
	}

	/** Ends the run; `lastTick` asks a live feed for one more snapshot first. */
	stop(lastTick: boolean): void {
		this.isStopped ||= !this.#isEnding;
		this.#end(null, lastTick);
	}

	/** For a slow reader: suspends new snapshots, or resumes them. */
	hold(isHeld: boolean): void {
		if (!this.#isEnding) this.#parts.feed.hold(isHeld);
	}

	/** Names of containers arrive at any time: the current batch is finished first. */
	#take(batch: Uint8Array): Steps {
		if (this.#steps !== null) finish(this.#steps);
		this.#steps = this.#apply(batch);
		return this.#steps;
	}

	*#apply(batch: Uint8Array): Steps {
		const { model, recorder } = this.#parts;
		try {
			recorder?.write(batch);
			const snapshot = yield* model.applyInSteps(batch);
			if (snapshot !== null) yield* this.#parts.store.prepare(snapshot);
			this.#steps = null;
			if (snapshot !== null) this.#publish(snapshot);
		} catch (error) {
			this.#end(error as Error, false);
		}
	}

	#publish(snapshot: Snapshot): void {
		const { feed, store, count } = this.#parts;
		this.lastTime = snapshot.time;
		if (!this.#isBegun(snapshot)) return;
		const gaps = feed.gaps ?? 0;
		// Who streams to a slow reader leaves refreshes out.
		const isMissing = this.#lastSeq !== null && snapshot.seq > this.#lastSeq + 1;
		store.publish(snapshot, gaps > this.#gaps || isMissing);
		[this.#gaps, this.#lastSeq] = [gaps, snapshot.seq];
		this.#firstSeq ??= snapshot.seq;
		if (count !== null && snapshot.seq - this.#firstSeq >= count) this.#end(null, false);
	}

	/** Where a recording was to be played from a time that it does not reach. */
	#whyNothing(): Error | null {
		if (this.hasBegun || !this.isPlayedOut || this.lastTime === null) return null;
		return new Failure(`The recording ends at ${this.lastTime}, before the time asked for.`, 2);
	}

	#isBegun(snapshot: Snapshot): boolean {
		const { isBegun } = this.#parts;
		this.hasBegun ||= isBegun === null || isBegun === undefined || isBegun(snapshot);
		return this.hasBegun;
	}

	#end(error: Error | null, lastTick: boolean): void {
		if (this.#isEnding) return;
		this.#isEnding = true;
		let problem = error;
		const { feed, recorder, atEnd } = this.#parts;
		for (const step of [() => feed.stop(lastTick), () => recorder?.close(), () => atEnd?.()]) {
			try {
				step();
			} catch (late) {
				problem ??= late as Error;
			}
		}
		const outcome = problem ?? this.#whyNothing();
		const { flush } = this.#parts;
		this.#resolve(flush ? flush().then(() => outcome) : outcome);
	}
}
