import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { playerOf } from "../../src/model/feed/player.ts";
import { ReplayFeed } from "../../src/model/feed/replay.ts";
import { Model } from "../../src/model/model.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { createStore } from "../../src/model/store.ts";
import { SegmentFolder } from "../../src/save/segment-folder.ts";
import { SegmentWriter } from "../../src/save/segment-writer.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { runEbtop, startEbtop } from "../helpers/run-ebtop.ts";
import { until } from "../helpers/workload.ts";
import { syntheticBatches, writeRecording } from "./recordings.ts";

const top = mkdtempSync(join(tmpdir(), "eb-controls-"));
afterAll(() => rmSync(top, { recursive: true }));

/** A recording of records, a refresh a second, the first at 101 s of uptime. */
const recording = join(top, "eb.ebtop");
const COUNT = 30;
writeRecording(recording, syntheticBatches(COUNT));

/** Plays it at its own pace; what was shown stands in `seqs`. */
function play() {
	const feed = new ReplayFeed(recording, { pace: "recorded" });
	const store = createStore();
	const model = new Model(feed.info);
	const seqs: number[] = [];
	store.subscribe(({ seq }) => seqs.push(seq));
	const ended = new Promise<Error | null>((resolve) =>
		feed.start((batch) => {
			const snapshot = model.apply(batch);
			if (snapshot !== null) store.publish(snapshot);
			return undefined;
		}, resolve),
	);
	return { feed, seqs, store, player: playerOf(feed, store), ended };
}

const turns = async (count: number): Promise<void> => {
	for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

describe("a recording that is played", () => {
	it("goes step by step while it is paused, to its end", async () => {
		const { player, seqs, ended } = play();
		player.pause(true);
		await turns(20);
		expect(seqs).toEqual([]);
		for (let step = 0; step < COUNT; step++) {
			expect(player.step()).toBe(true);
			expect(seqs).toEqual(Array.from({ length: step + 1 }, (_, at) => at));
		}
		expect(player.step()).toBe(false);
		expect(await ended).toBeNull();
		await until("the refresh", () => seqs.length === COUNT);
	});
	it("stays where it is while paused, and goes on from there", async () => {
		const { player, seqs, feed } = play();
		await until("the refresh", () => seqs.length === 1);
		player.pause(true);
		player.setSpeed(100);
		await turns(20);
		expect(seqs).toEqual([0]);
		player.step();
		player.pause(false);
		await until("the refresh", () => seqs.length >= 5);
		expect(seqs.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
		feed.stop();
	});
	it("hurries to a time and plays on from there at its pace", async () => {
		const { player, seqs, store, feed } = play();
		await until("the refresh", () => seqs.length === 1);
		const begin = Date.parse((store.get() as Snapshot).time);
		player.goTo(begin + 17_000);
		await until("the refresh", () => seqs.length === 18);
		await turns(50);
		expect(seqs).toHaveLength(18);
		feed.stop();
	});
	it("ends sooner where it is played faster", async () => {
		const { player, seqs, ended } = play();
		player.setSpeed(1e6);
		expect(await ended).toBeNull();
		expect(seqs).toHaveLength(COUNT);
	});
});

describe("--at", () => {
	/** 25 minutes in segments of ten, one refresh a minute from 17:00 on. */
	const folder = join(top, "folder/");
	const writer = new SegmentWriter(
		new SegmentFolder(folder),
		{ version: "0", host: "h", kernel: "k", machine: "x86_64", source: "bpf", content: "snapshots", options: {} },
		{ bytes: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY },
		() => {},
	);
	for (let tick = 0; tick < 25; tick++) {
		const snapshot = changingSnapshot(tick, 3);
		const time = new Date(Date.UTC(2026, 10, 20, 17, tick)).toISOString();
		const system = { ...snapshot.system, uptimeMs: 100_000 + tick * 60_000 };
		writer.write({ ...snapshot, time, intervalMs: 60_000, system });
	}
	writer.close();
	const seqsOf = (stdout: string) =>
		stdout
			.trimEnd()
			.split("\n")
			.map((line) => (JSON.parse(line) as Snapshot).seq);

	it.each([
		["17:17", 17],
		["17:17:30", 18],
		["2026-11-20T17:09:00Z", 9],
		["2026-11-20T10:00:00Z", 0],
		["-5m", 19],
		["3m ago", 21],
		["-2h", 0],
	])("%s begins a folder with refresh %i", async (time, first) => {
		const { stdout, status, stderr } = await runEbtop("--replay", folder, "--json", "--at", time);
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(seqsOf(stdout)).toEqual(Array.from({ length: 25 - first }, (_, at) => first + at));
	});
	it("begins a file of records too, and -n counts from there", async () => {
		const { stdout } = await runEbtop("--replay", recording, "--json", "--at", "-11s", "-n", "3");
		expect(seqsOf(stdout)).toEqual([18, 19, 20, 21]);
	});
	it("of a time behind the end says so", async () => {
		const { status, stderr, stdout } = await runEbtop("--replay", recording, "--json", "--at", "2030-01-01T00:00:00Z");
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toMatch(/^ebtop: The recording ends at \d{4}-.*Z, before the time asked for\.\n$/);
	});
	it("needs a recording, an end that is known, and a time", async () => {
		expect(await runEbtop("--json", "--at", "14:03")).toMatchObject({
			status: 2,
			stderr: expect.stringContaining("--replay"),
		});
		expect(await runEbtop("--replay", recording, "--at", "soon")).toMatchObject({
			status: 2,
			stderr: expect.stringContaining("14:03"),
		});
		const ago = await startEbtop(
			["--replay", "-", "--json", "--at", "-5m"],
			["sh", "-c", 'cat "$0" | exec "$@"', recording],
		).ended;
		expect(ago).toMatchObject({ status: 2, stderr: expect.stringContaining("Where stdin ends is not known") });
		expect(await runEbtop("--replay", recording, "--speed", "1000")).toMatchObject({ status: 2 });
	});
});
