import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Recorder } from "../../src/model/feed/recorder.ts";
import { BlockType, encodeBlock } from "../../src/model/feed/recording-format.ts";
import { OutputFile } from "../../src/model/feed/regular-file.ts";
import { ReplayFeed } from "../../src/model/feed/replay.ts";
import { INFO, linesOf, play, syntheticBatches, temporaryFolder, writeRecording } from "./recordings.ts";

const folder = temporaryFolder();
const path = join(folder, "eb.ebtop");
afterAll(() => rmSync(folder, { recursive: true }));

describe("a recording gives back what was recorded", () => {
	it("batch by batch, with their borders", async () => {
		const batches = syntheticBatches(5);
		writeRecording(path, batches);
		const played = await play(path);
		expect(played.error).toBeNull();
		expect(played.batches.map((batch) => Buffer.from(batch).toString("hex"))).toEqual(
			batches.map((batch) => Buffer.from(batch).toString("hex")),
		);
	});
	it("so that the model's JSON is the same, byte for byte", async () => {
		const batches = syntheticBatches(5);
		writeRecording(path, batches);
		const { feed, batches: played } = await play(path);
		const lines = linesOf(INFO, batches);
		expect(lines).toHaveLength(5);
		expect(lines[4]).toContain('"eb-played"');
		expect(linesOf(feed.info, played)).toEqual(lines);
	});
	it("with the machine it was recorded on, and the source of the records", () => {
		writeRecording(path, []);
		const feed = new ReplayFeed(path, { pace: "fast" });
		feed.stop();
		expect(feed.info).toEqual(INFO);
		expect(feed.recording).toMatchObject({ version: "0.0.0", source: "bpf" });
	});
	it("also batches after the last tick, and none that are empty", async () => {
		const batches = [...syntheticBatches(1), ...syntheticBatches(1).slice(0, 1)];
		writeRecording(path, batches.toSpliced(2, 0, new Uint8Array(0)));
		const played = await play(path);
		expect(played.batches.map((batch) => batch.length)).toEqual(batches.map((batch) => batch.length));
	});
});

describe("the file", () => {
	it("is readable only by its owner, even if an older file was readable by all", () => {
		writeFileSync(path, "old");
		chmodSync(path, 0o644);
		writeRecording(path, syntheticBatches(1));
		expect(statSync(path).mode & 0o777).toBe(0o600);
	});
	it("holds every finished refresh as soon as it is over", () => {
		const recorder = new Recorder(new OutputFile(path), INFO, "0.0.0", {});
		const sizes = syntheticBatches(3).map((batch) => {
			recorder.write(batch);
			return statSync(path).size;
		});
		recorder.close();
		const [, first = 0, between = 0, second = 0] = sizes;
		expect(between).toBe(first);
		expect(second).toBeGreaterThan(first);
	});
	it("is smaller than its records", () => {
		const batches = syntheticBatches(50);
		writeRecording(path, [Buffer.concat(batches)]);
		expect(readFileSync(path).length).toBeLessThan(Buffer.concat(batches).length / 4);
	});
});

describe("playing", () => {
	it("delivers nothing while held, and everything afterwards", async () => {
		writeRecording(path, syntheticBatches(4));
		const feed = new ReplayFeed(path, { pace: "fast" });
		let delivered = 0;
		const ended = new Promise<Error | null>((resolve) =>
			feed.start(() => {
				delivered++;
			}, resolve),
		);
		feed.hold(true);
		for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
		expect(delivered).toBe(0);
		feed.hold(false);
		expect(await ended).toBeNull();
		expect(delivered).toBe(8);
	});
	it("waits for a slow reader in the middle of a block", async () => {
		const batches = syntheticBatches(15);
		writeRecording(path, []);
		const bytes = readFileSync(path);
		const end = bytes.length - encodeBlock(BlockType.END, 0n, Buffer.alloc(0)).length;
		const payload = batches.flatMap((batch) => [Buffer.from(Uint32Array.of(batch.length).buffer), batch]);
		const block = encodeBlock(BlockType.BATCHES, 1n, Buffer.concat(payload));
		writeFileSync(path, Buffer.concat([bytes.subarray(0, end), block, bytes.subarray(end)]));
		const feed = new ReplayFeed(path, { pace: "fast" });
		let delivered = 0;
		const ended = new Promise<Error | null>((resolve) =>
			feed.start(() => {
				delivered++;
				feed.hold(delivered % 3 === 0);
			}, resolve),
		);
		for (let step = 1; step <= batches.length / 3; step++) {
			for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
			expect(delivered).toBe(step * 3);
			feed.hold(false);
		}
		expect(await ended).toBeNull();
		expect(delivered).toBe(batches.length);
	});
	it("ends where it is stopped, even in the middle of a block", async () => {
		writeRecording(path, syntheticBatches(4));
		const feed = new ReplayFeed(path, { pace: "fast" });
		let delivered = 0;
		feed.start(
			() => {
				delivered++;
				feed.stop();
			},
			() => expect.unreachable("a stopped feed does not report its end"),
		);
		for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
		expect(delivered).toBe(1);
	});
});
