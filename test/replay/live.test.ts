/** Recordings that are played while they are made: a growing file, a growing folder, a stream. */

import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { StateBlocks } from "../../src/history/state-blocks.ts";
import { StateReader } from "../../src/history/state-reader.ts";
import { quietTimeOf } from "../../src/model/feed/being-written.ts";
import { FileBytes, StreamBytes } from "../../src/model/feed/recording-bytes.ts";
import { encodeBegin, encodeEnd } from "../../src/model/feed/recording-format.ts";
import { openStream, RecordingReader } from "../../src/model/feed/recording-reader.ts";
import { ReplayFeed } from "../../src/model/feed/replay.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { startEbtop, untilStuck } from "../helpers/run-ebtop.ts";
import { until } from "../helpers/workload.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-live-"));
afterAll(() => rmSync(folder, { recursive: true }));

const INFO = { ...SHOWN_INFO, host: hostname() };
const MINUTE_MS = 60_000;

/** One refresh for each minute since the machine started: at its own pace it would be played for hours. */
function minute(tick: number): Snapshot {
	const snapshot = changingSnapshot(tick, 3);
	return { ...snapshot, system: { ...snapshot.system, uptimeMs: tick * MINUTE_MS } };
}

/** Plays at the recorded pace. */
function played(feed: ReplayFeed) {
	const state = new StateReader();
	const seqs: number[] = [];
	let error: Error | null | undefined;
	const take = (batch: Uint8Array): undefined => {
		const snapshot = state.apply(batch);
		if (snapshot !== null) seqs.push(snapshot.seq);
	};
	feed.start(take, (end) => {
		error = end;
	});
	return {
		untilPlayed: (last: number) => until("the refresh", () => seqs.at(-1) === last),
		ended: async () => {
			await until("the end", () => error !== undefined);
			return { seqs, error: error?.message ?? null };
		},
	};
}

const upTo = (last: number) => Array.from({ length: last + 1 }, (_, seq) => seq);

describe("a file that is being written", () => {
	const start = (path: string, info: object = {}, last = 100): StateBlocks => {
		const blocks = new StateBlocks();
		const refreshes = upTo(last).flatMap((tick) => blocks.write(minute(tick)));
		writeFileSync(path, Buffer.concat([encodeBegin({ ...INFO, options: { delaySeconds: 1 }, ...info }), ...refreshes]));
		return blocks;
	};

	it("is known by its last refresh, a moment ago on this machine, and by having no end", () => {
		const path = join(folder, "known");
		const nowMs = 100 * MINUTE_MS;
		start(path);
		expect(quietTimeOf(path, nowMs)).toBe(4000);
		expect(quietTimeOf(path, nowMs + 3999)).toBe(4000);
		expect(quietTimeOf(path, nowMs + 4001)).toBe(null);
		expect(quietTimeOf(path, nowMs - MINUTE_MS)).toBe(null);
		start(path, { options: { delaySeconds: 60 } });
		expect(quietTimeOf(path, nowMs + 100_000)).toBe(181_000);
		start(path, { options: { delaySeconds: 1e9 } });
		expect(quietTimeOf(path, nowMs)).toBe(181_000);
		start(path, { host: "eb-other" });
		expect(quietTimeOf(path, nowMs)).toBe(null);
		start(path);
		appendFileSync(path, encodeEnd());
		expect(quietTimeOf(path, nowMs)).toBe(null);
		expect(quietTimeOf(join(folder, "missing"), nowMs)).toBe(null);
	});
	it("is played without pauses up to its end, then as it grows, piece by piece, until it is closed", async () => {
		const path = join(folder, "growing");
		const blocks = start(path);
		const reader = new RecordingReader(new FileBytes(path, MINUTE_MS));
		const play = played(new ReplayFeed(reader, { pace: "recorded", isLive: true }));
		await play.untilPlayed(100);
		const more = Buffer.concat([101, 102].flatMap((tick) => blocks.write(minute(tick))));
		appendFileSync(path, more.subarray(0, more.length - 7));
		await play.untilPlayed(101);
		appendFileSync(path, more.subarray(more.length - 7));
		await play.untilPlayed(102);
		appendFileSync(path, encodeEnd());
		expect(await play.ended()).toEqual({ seqs: upTo(102), error: null });
	});
	it("whose writer was killed ends where it was, after a while without more", async () => {
		const path = join(folder, "killed");
		start(path);
		const reader = new RecordingReader(new FileBytes(path, 300));
		const play = played(new ReplayFeed(reader, { pace: "recorded", isLive: true }));
		expect(await play.ended()).toEqual({ seqs: upTo(100), error: "its end is missing" });
	});
});

describe("a stream", () => {
	it("that runs dry is played as it comes from then on", async () => {
		const stream = new PassThrough();
		const blocks = new StateBlocks();
		const send = (tick: number) => stream.write(Buffer.concat(blocks.write(minute(tick))));
		stream.write(encodeBegin({ ...INFO, options: {}, isStreamed: true }));
		const play = played(new ReplayFeed(await openStream(new StreamBytes(stream)), { pace: "recorded" }));
		send(0);
		await play.untilPlayed(0);
		// The pause behind the first refresh is a second at most.
		await new Promise((resolve) => setTimeout(resolve, 1100));
		send(1);
		await play.untilPlayed(1);
		for (let tick = 2; tick <= 70; tick++) send(tick);
		await play.untilPlayed(70);
		stream.end(encodeEnd());
		expect(await play.ended()).toEqual({ seqs: upTo(70), error: null });
	});
});

describe("the program", () => {
	const WORDS = ["--source", "proc", "-d", "0.2", "--panes", "processes"];
	const parsed = (stdout: string) =>
		stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as Snapshot);
	const seqsOf = (stdout: string) => [...stdout.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));

	it.each(["file.ebtop", "folder/"])("plays %s while it is recorded, and ends with it", async (name) => {
		const path = join(folder, `eb-${name}`);
		const live = startEbtop(["--json", ...WORDS, "--record", path]);
		await live.nextLine();
		await live.nextLine();
		const replay = startEbtop(["--replay", path, "--json", "--panes", "processes"]);
		for (let lines = 0; lines < 6; lines++) expect(await replay.nextLine()).not.toBe(null);
		live.child.kill("SIGTERM");
		const [recorded, { stdout, ...end }] = await Promise.all([live.ended, replay.ended]);
		expect(end).toEqual({ status: 0, stderr: "" });
		expect(seqsOf(stdout).length).toBeGreaterThan(5);
		// The fields of rows of a folder are in another order.
		expect(isDeepStrictEqual(parsed(stdout), parsed(recorded.stdout))).toBe(true);
	});
	it("streams to another one through a pipe, every refresh in every field", async () => {
		const copy = join(folder, "copy");
		const script = '"$1" --record - -n 4 "$2" "$3" -d 0.2 | tee "$0" | "$1" --replay - --json';
		const { status, stdout, stderr } = await startEbtop(WORDS.slice(0, 2), ["sh", "-c", script, copy]).ended;
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(seqsOf(stdout)).toEqual([0, 1, 2, 3, 4]);
		expect((await startEbtop(["--replay", copy, "--json"]).ended).stdout === stdout).toBe(true);
	});
	it("ends properly where the reader of its recording goes, or takes nothing", async () => {
		const short = ["sh", "-c", '"$0" "$@" | head -c 3000 | wc -c'];
		expect(await startEbtop(["--record", "-", ...WORDS], short).ended).toEqual({
			status: 0,
			stdout: "3000\n",
			stderr: "",
		});
		const stuck = startEbtop(["--record", "-", "--source", "proc", "-d", "0.1"]);
		stuck.child.stdout?.pause();
		await untilStuck(stuck.child.pid as number);
		stuck.child.kill("SIGTERM");
		await new Promise((resolve) => stuck.child.once("exit", resolve));
		expect(stuck.child.exitCode).toBe(0);
	});
	it("refuses to write a recording to a terminal, and to print something else with it", async () => {
		const onTerminal = ["script", "-qec", `"${join(import.meta.dirname, "../../bin/ebtop")}" --record - -d 0.2`];
		const { stdout } = await startEbtop(["/dev/null"], ["sh", "-c", '"$0" "$1" "$2" "$4"', ...onTerminal]).ended;
		expect(stdout).toContain("A recording cannot be shown on a terminal");
		const both = await startEbtop(["--record", "-", "--json"]).ended;
		expect(both).toMatchObject({ status: 2, stdout: "" });
		expect([existsSync("-"), readdirSync(folder).includes("-"), statSync(folder).isDirectory()]).toEqual([
			false,
			false,
			true,
		]);
	});
});
