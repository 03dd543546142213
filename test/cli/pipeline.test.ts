import { describe, expect, it } from "vitest";
import { deliverAtOnce, type Feed, type Sink } from "../../src/model/feed/feed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Steps } from "../../src/model/steps.ts";
import { createStore } from "../../src/model/store.ts";
import { type BatchSink, Pipeline } from "../../src/run/pipeline.ts";
import { aSnapshot } from "../helpers/snapshots.ts";
import { INFO } from "../replay/recordings.ts";

const TICK = Uint8Array.of(1);
const DRAIN = Uint8Array.of(0);

/** A feed controlled by the test; a last tick comes if one is requested. */
function handFeed() {
	const log: string[] = [];
	let sink: Sink = () => undefined;
	const hand = {
		/** Without its end, where `isBegun` says so. */
		send(batch: Uint8Array, isBegun = false) {
			if (isBegun) sink(batch)?.next();
			else deliverAtOnce(sink, batch);
		},
		end: (_: Error | null) => {},
	};
	const feed: Feed = {
		info: INFO,
		start(given, onEnd) {
			sink = given;
			hand.end = onEnd;
		},
		setDelay() {},
		want() {},
		follow() {},
		hold: (isHeld) => log.push(isHeld ? "hold" : "go on"),
		stop(lastTick) {
			log.push("stop");
			if (lastTick) hand.send(TICK);
		},
	};
	return { feed, hand, log };
}

interface Given {
	readonly count?: number | null;
	readonly recorder?: BatchSink | null;
	readonly atEnd?: (() => void) | null;
}

/** A pipeline on a model that makes a snapshot of every TICK. */
function startPipeline({ count = null, recorder = null, atEnd = null }: Given = {}) {
	const { feed, hand, log } = handFeed();
	const seqs: number[] = [];
	let seq = 0;
	const model = {
		*applyInSteps(batch: Uint8Array): Steps<Snapshot | null> {
			yield;
			return batch === TICK ? aSnapshot({ seq: seq++ }) : null;
		},
	};
	const store = createStore();
	store.subscribe(({ seq }) => seqs.push(seq));
	const pipeline = new Pipeline({ feed, model, store, recorder, atEnd, count });
	pipeline.start();
	return { pipeline, hand, log, seqs };
}

describe("a pipeline", () => {
	it("publishes a snapshot for each tick", () => {
		const { hand, seqs } = startPipeline();
		for (const batch of [TICK, DRAIN, DRAIN, TICK]) hand.send(batch);
		expect(seqs).toEqual([0, 1]);
	});
	it("finishes the batch under way before it takes the next", () => {
		const { hand, seqs } = startPipeline();
		hand.send(TICK, true);
		expect(seqs).toEqual([]);
		hand.send(DRAIN);
		expect(seqs).toEqual([0]);
	});
	it("ends after the snapshot that the count names", async () => {
		const { pipeline, hand, log, seqs } = startPipeline({ count: 2 });
		for (let tick = 0; tick < 3; tick++) hand.send(TICK);
		expect(await pipeline.ended).toBeNull();
		expect(log).toEqual(["stop"]);
		expect(seqs.slice(0, 3)).toEqual([0, 1, 2]);
		expect(pipeline.isPlayedOut).toBe(false);
	});
	it("publishes the last tick of an end in order", async () => {
		const { pipeline, hand, seqs } = startPipeline();
		hand.send(TICK);
		pipeline.stop(true);
		pipeline.stop(true);
		expect(await pipeline.ended).toBeNull();
		expect(seqs).toEqual([0, 1]);
	});
	it("distinguishes an end of the feed from a requested one", async () => {
		const { pipeline, hand } = startPipeline();
		hand.end(new Error("cut"));
		expect(await pipeline.ended).toEqual(new Error("cut"));
		expect(pipeline.isPlayedOut).toBe(true);
	});
	it("reports once that all is published, with the error if there was one", async () => {
		const seen: number[][] = [];
		const { pipeline, hand, seqs } = startPipeline({
			atEnd: () => {
				seen.push([...seqs]);
				throw new Error("no graph");
			},
		});
		hand.send(TICK);
		pipeline.stop(true);
		pipeline.stop(true);
		expect(await pipeline.ended).toEqual(new Error("no graph"));
		expect(seen).toEqual([[0, 1]]);
	});
	it("holds the feed back, but not once it has ended", () => {
		const { pipeline, log } = startPipeline();
		pipeline.hold(true);
		pipeline.hold(false);
		pipeline.stop(false);
		pipeline.hold(true);
		expect(log).toEqual(["hold", "go on", "stop"]);
	});
});

describe("a recorder", () => {
	it("gets every batch before the model, and is closed at the end", async () => {
		const written: (Uint8Array | "close")[] = [];
		const recorder = { write: (batch: Uint8Array) => written.push(batch), close: () => written.push("close") };
		const { pipeline, hand } = startPipeline({ recorder });
		hand.send(DRAIN);
		hand.send(TICK);
		pipeline.stop(true);
		await pipeline.ended;
		expect(written).toEqual([DRAIN, TICK, TICK, "close"]);
	});
	it("that fails ends the run with its message", async () => {
		const full = () => {
			throw new Error("full");
		};
		const { pipeline, hand, log, seqs } = startPipeline({ recorder: { write: full, close: full } });
		hand.send(TICK);
		expect(await pipeline.ended).toEqual(new Error("full"));
		expect(log).toEqual(["stop"]);
		expect(seqs).toEqual([]);
	});
});
