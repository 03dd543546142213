/**
 * A live feed with names of containers: they are looked up in the background and sent as records, so recordings contain
 * them.
 */

import { deliverAtOnce, type Feed, type FeedInfo, type Measurable, type Sink } from "../model/feed/feed.ts";
import { TICK_BYTES, tickTime } from "../model/feed/recorder.ts";
import type { Steps } from "../model/steps.ts";
import type { LiveContainer } from "../model/tables/process/names.ts";
import type { ContainerNames } from "./container-names.ts";

/** How long the first refresh waits for names, so that a run of one refresh has them too. */
const FIRST_WAIT_MS = 100;

export class NamedFeed implements Feed {
	readonly info: FeedInfo;
	readonly #feed: Feed;
	readonly #names: ContainerNames;
	readonly #containers: () => readonly LiveContainer[];
	#sink: Sink = () => {};
	/** The tick of the first refresh, which waits for names. */
	#waiting: Uint8Array | null = null;
	#isFirst = true;
	#isDone = false;

	/** `containers` asks the model that receives the batches. */
	constructor(feed: Feed, names: ContainerNames, containers: () => readonly LiveContainer[]) {
		this.#feed = feed;
		this.#names = names;
		this.#containers = containers;
		this.info = feed.info;
	}

	start(sink: Sink, onEnd: (error: Error | null) => void): void {
		this.#sink = sink;
		this.#feed.start((batch) => this.#take(batch), onEnd);
	}

	setDelay(seconds: number): void {
		this.#feed.setDelay(seconds);
	}

	want(things: readonly Measurable[]): void {
		this.#feed.want(things);
	}

	follow(pid: number | null): void {
		this.#feed.follow(pid);
	}

	hold(isHeld: boolean): void {
		this.#feed.hold(isHeld);
	}

	stop(lastTick: boolean): void {
		this.#endWait();
		this.#feed.stop(lastTick);
		this.#isDone = true;
	}

	*#take(batch: Uint8Array): Steps {
		this.#endWait();
		const hasTick = tickTime(batch) !== null;
		if (hasTick && this.#isFirst) this.#takeFirst(batch);
		else {
			yield* this.#sink(batch) ?? [];
			if (hasTick) this.#find();
		}
	}

	#takeFirst(batch: Uint8Array): void {
		this.#isFirst = false;
		const end = batch.length - TICK_BYTES;
		deliverAtOnce(this.#sink, batch.subarray(0, end));
		this.#waiting = batch.subarray(end);
		if (this.#containers().length === 0) {
			this.#endWait();
			return;
		}
		const timer = setTimeout(() => this.#endWait(), FIRST_WAIT_MS);
		this.#find().then(() => {
			clearTimeout(timer);
			this.#endWait();
		});
	}

	#endWait(): void {
		const tick = this.#waiting;
		this.#waiting = null;
		if (tick !== null) deliverAtOnce(this.#sink, tick);
	}

	#find(): Promise<void> {
		return this.#names.find(this.#containers(), (batch) => {
			if (!this.#isDone) deliverAtOnce(this.#sink, batch);
		});
	}
}
