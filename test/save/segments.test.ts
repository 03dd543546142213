import { execFileSync } from "node:child_process";
import {
	chmodSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { clockOf, StateReader } from "../../src/history/state-reader.ts";
import { parseWhen, type When } from "../../src/history/when.ts";
import { BlockType } from "../../src/model/feed/recording-format.ts";
import { SegmentsReader } from "../../src/model/feed/segments-reader.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { beginningAt, placeOf } from "../../src/run/beginning.ts";
import { SegmentFolder } from "../../src/save/segment-folder.ts";
import { type Retention, SegmentWriter } from "../../src/save/segment-writer.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { recordedSnapshots, SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";

const isRoot = process.getuid?.() === 0;
const top = mkdtempSync(join(tmpdir(), "eb-segments-"));
afterAll(() => rmSync(top, { recursive: true }));

const aFolder = () => mkdtempSync(join(top, "eb-"));

const ALL: Retention = { bytes: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };

/** One refresh a minute. */
function minute(tick: number, size = 5): Snapshot {
	const snapshot = changingSnapshot(tick, size);
	const time = new Date(Date.UTC(2026, 10, 20, 17, tick)).toISOString();
	return { ...snapshot, time, intervalMs: 60_000, system: { ...snapshot.system, uptimeMs: 100_000 + tick * 60_000 } };
}
const minutes = (count: number, from = 0) => Array.from({ length: count }, (_, at) => minute(from + at));

function write(path: string, snapshots: readonly Snapshot[], retention: Partial<Retention> = {}): SegmentWriter {
	const fail = (error: Error): never => {
		throw error;
	};
	const writer = new SegmentWriter(new SegmentFolder(path), SHOWN_INFO, { ...ALL, ...retention }, fail);
	for (const snapshot of snapshots) writer.write(snapshot);
	writer.close();
	return writer;
}

/** Numbers of those that were played and are not what was recorded; how many there were. */
function compare(played: readonly Snapshot[], recorded: readonly Snapshot[]) {
	const bySeq = new Map(recorded.map((snapshot) => [snapshot.seq, snapshot]));
	const wrong = played.filter((snapshot) => !isDeepStrictEqual(snapshot, bySeq.get(snapshot.seq)));
	return { played: played.length, wrong: wrong.map(({ seq }) => seq) };
}

describe("a folder of segments", () => {
	it("has one for each ten minutes, and each can be played alone", async () => {
		const folder = join(aFolder(), "new");
		const writer = write(folder, minutes(25));
		const names = readdirSync(folder).sort();
		expect(names).toEqual([
			"00000001-20261120T170000Z.ebtop",
			"00000002-20261120T171000Z.ebtop",
			"00000003-20261120T172000Z.ebtop",
		]);
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
		expect(compare(await recordedSnapshots(folder), minutes(25))).toEqual({ played: 25, wrong: [] });
		for (const [at, name] of names.entries()) {
			const own = minutes(Math.min(10, 25 - at * 10), at * 10);
			expect(compare(await recordedSnapshots(join(folder, name)), own)).toEqual({ played: own.length, wrong: [] });
		}
		const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
		expect([writer.segments, writer.bytes]).toEqual([3, bytes]);
	});
	it("goes on with the next number after one that was there, and plays them in the order of their numbers", async () => {
		const folder = aFolder();
		write(folder, minutes(3, 30));
		write(folder, minutes(3, 0)); // the clock was set back
		expect(readdirSync(folder)).toHaveLength(2);
		const played = await recordedSnapshots(folder);
		expect(played.map(({ seq }) => seq)).toEqual([30, 31, 32, 0, 1, 2]);
	});
	/** What is played from a time on: the first refresh that is, and how many were read for it. */
	function playedFrom(folder: string, time: string, snapshots: readonly Snapshot[]) {
		const when = parseWhen(time) as When;
		const reader = new SegmentsReader(folder, placeOf(when, folder, clockOf));
		const states = new StateReader();
		let uptimeMs = 0;
		const isBegun = beginningAt(when, folder, () => uptimeMs);
		for (let read = 1, block = reader.next(); block !== null && block !== "later"; block = reader.next(), read++) {
			uptimeMs = Number(block.timeNs) / 1e6;
			const [snapshot] = Array.from(block.batches, (batch) => states.apply(batch));
			if (snapshot === null || snapshot === undefined || !isBegun(snapshot)) continue;
			reader.close();
			const at = snapshots.findIndex((one) => isDeepStrictEqual(one, snapshot));
			return { at, read, isAfterGap: block.isAfterGap };
		}
		return null;
	}
	it("is played from a time on with the segment that has it, and in it from the last full state before", () => {
		const folder = aFolder();
		/** Refreshes of a second, for 13 minutes, from 23:51 on. */
		const all = Array.from({ length: 780 }, (_, at) => {
			const snapshot = changingSnapshot(at, 3);
			const time = new Date(Date.UTC(2026, 10, 20, 23, 51, at, 500)).toISOString();
			return { ...snapshot, time, system: { ...snapshot.system, uptimeMs: 100_000 + at * 1000 } };
		});
		write(folder, all);
		expect(readdirSync(folder)).toHaveLength(2);
		expect(playedFrom(folder, "2026-11-20T10:00:00Z", all)).toEqual({ at: 0, read: 1, isAfterGap: false });
		expect(playedFrom(folder, "2026-11-20T23:58:07Z", all)).toEqual({ at: 427, read: 8, isAfterGap: false });
		expect(playedFrom(folder, "23:58", all)).toEqual({ at: 420, read: 61, isAfterGap: false });
		expect(playedFrom(folder, "00:02:03", all)).toEqual({ at: 663, read: 4, isAfterGap: false });
		expect(playedFrom(folder, "-118s", all)).toEqual({ at: 661, read: 2, isAfterGap: false });
		expect(playedFrom(folder, "-719s", all)).toEqual({ at: 60, read: 61, isAfterGap: false });
		expect(playedFrom(folder, "2h ago", all)).toEqual({ at: 0, read: 1, isAfterGap: false });
		expect(playedFrom(folder, "2026-11-21T01:00:00Z", all)).toBeNull();
	});
	it("is played from a time before its end on since the last start of the machine", () => {
		const folder = aFolder();
		write(folder, minutes(12, 30));
		const again = minutes(12); // with a lower uptime
		write(folder, again);
		expect(playedFrom(folder, "-3m", again)).toEqual({ at: 8, read: 9, isAfterGap: false });
		expect(playedFrom(folder, "-3h", again)).toEqual({ at: 0, read: 1, isAfterGap: false });
	});
	it("is played from a time on also if a full state before it is damaged", () => {
		const folder = aFolder();
		const all = Array.from({ length: 200 }, (_, at) => {
			const snapshot = changingSnapshot(at, 3);
			return { ...snapshot, system: { ...snapshot.system, uptimeMs: 100_000 + at * 1000 } };
		});
		write(folder, all);
		const [name = ""] = readdirSync(folder);
		const path = join(folder, name);
		const bytes = readFileSync(path);
		const heads = [];
		for (let at = bytes.indexOf("eBLK"); at >= 0; at = bytes.indexOf("eBLK", at + 1)) {
			if (bytes.readUInt16LE(at + 4) === BlockType.STATE) heads.push(at);
		}
		expect(heads).toHaveLength(4);
		bytes[(heads[2] ?? 0) + 40] = (bytes[(heads[2] ?? 0) + 40] ?? 0) ^ 1;
		writeFileSync(path, bytes);
		expect(playedFrom(folder, all[59]?.time ?? "", all)).toMatchObject({ at: 59, read: 60 });
		expect(playedFrom(folder, all[185]?.time ?? "", all)).toMatchObject({ at: 185, isAfterGap: false });
	});
	it("has no gap where one segment goes on as the last ended, and one where something is missing", () => {
		const folder = aFolder();
		write(folder, minutes(25));
		write(folder, minutes(5, 40));
		const gapsIn = (change: () => void) => {
			change();
			const reader = new SegmentsReader(folder);
			const gaps: number[] = [];
			for (let block = reader.next(), at = 0; block !== null && block !== "later"; block = reader.next(), at++) {
				if (block.isAfterGap) gaps.push(at);
			}
			reader.close();
			return gaps;
		};
		expect(gapsIn(() => {})).toEqual([25]);
		expect(gapsIn(() => rmSync(join(folder, "00000002-20261120T171000Z.ebtop")))).toEqual([10, 15]);
	});
	it("is played in order and without a gap where the clock was set back, and keeps what is not old", async () => {
		const folder = aFolder();
		const back = (snapshot: Snapshot) => ({
			...snapshot,
			time: new Date(Date.parse(snapshot.time) - 3_600_000).toISOString(),
		});
		const all = minutes(25).map((snapshot, at) => (at < 12 ? snapshot : back(snapshot)));
		write(folder, all, { ms: 30 * 60_000 });
		expect(readdirSync(folder).sort()).toEqual([
			"00000001-20261120T170000Z.ebtop",
			"00000002-20261120T171000Z.ebtop",
			"00000003-20261120T162000Z.ebtop",
		]);
		expect(compare(await recordedSnapshots(folder), all)).toEqual({ played: 25, wrong: [] });
		const reader = new SegmentsReader(folder);
		for (let block = reader.next(); block !== null && block !== "later"; block = reader.next())
			expect(block.isAfterGap).toBe(false);
		reader.close();
	});
	it("keeps so many bytes: the oldest segments go, also within the ten minutes", async () => {
		const folder = aFolder();
		const all = Array.from({ length: 60 }, (_, at) => minute(at, 40));
		const most = 200_000;
		const writer = write(folder, all, { bytes: most });
		const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
		expect(writer.bytes).toBe(bytes);
		expect(bytes).toBeLessThanOrEqual(most);
		const played = await recordedSnapshots(folder);
		expect(compare(played, all).wrong).toEqual([]);
		expect(played.length).toBeGreaterThan(5);
		expect(played.at(-1)?.seq).toBe(59);
		expect(played.map(({ seq }) => seq)).toEqual(
			Array.from({ length: played.length }, (_, at) => 60 - played.length + at),
		);
	});
	it("keeps so long: segments that were last written before go, and nothing that is no segment", () => {
		const folder = aFolder();
		write(folder, minutes(25));
		writeFileSync(join(folder, "notes.ebtop"), "");
		const age = (name: string, time: string) => utimesSync(join(folder, name), new Date(time), new Date(time));
		age("00000001-20261120T170000Z.ebtop", "2026-11-20T17:09:00Z");
		age("00000002-20261120T171000Z.ebtop", "2026-11-20T17:19:00Z");
		age("notes.ebtop", "2020-01-01T00:00:00Z");
		write(folder, minutes(1, 30), { ms: 15 * 60_000 });
		expect(readdirSync(folder).sort()[0]).toBe("00000002-20261120T171000Z.ebtop");
		write(folder, minutes(6, 31), { ms: 15 * 60_000 }); // within one segment
		expect(readdirSync(folder).sort()).toEqual([
			"00000003-20261120T172000Z.ebtop",
			"00000004-20261120T173000Z.ebtop",
			"00000005-20261120T173100Z.ebtop",
			"notes.ebtop",
		]);
	});
});

describe("what is damaged", () => {
	const folder = aFolder();
	write(folder, minutes(25));
	const names = readdirSync(folder).sort();
	const whole = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));

	/** Plays the folder with one segment changed. */
	async function playWith(at: number, change: (bytes: Buffer) => Uint8Array) {
		const name = names[at] as string;
		writeFileSync(join(folder, name), change(Buffer.from(whole.get(name) as Buffer)));
		const snapshots: Snapshot[] = [];
		const problem = await recordedSnapshots(folder, snapshots).then(
			() => null,
			(error: Error) => error.message,
		);
		writeFileSync(join(folder, name), whole.get(name) as Buffer);
		return { problem, ...compare(snapshots, minutes(25)) };
	}

	it("a byte anywhere in the middle costs what comes until the next segment at most", async () => {
		const length = (whole.get(names[1] as string) as Buffer).length;
		for (let at = 16; at < length; at += 997) {
			const played = await playWith(1, (bytes) => bytes.fill((bytes[at] ?? 0) ^ 0x41, at, at + 1));
			expect(played, `byte ${at}`).toMatchObject({ problem: "it is damaged", wrong: [] });
			expect(played.played, `byte ${at}`).toBeGreaterThanOrEqual(15);
		}
	});
	it("a segment whose end is missing, as after kill -9, gives what is whole, and the next goes on", async () => {
		const length = (whole.get(names[1] as string) as Buffer).length;
		for (let end = 0; end < length; end += 499) {
			const played = await playWith(1, (bytes) => bytes.subarray(0, end));
			expect(played.wrong, `cut at ${end}`).toEqual([]);
			expect(played.played, `cut at ${end}`).toBeGreaterThanOrEqual(15);
		}
	});
	it("where the last has no end, that is said", async () => {
		expect(await playWith(2, (bytes) => bytes.subarray(0, -40))).toEqual({
			problem: "its end is missing",
			played: 25,
			wrong: [],
		});
	});
});

describe("a folder that is refused, in a sentence, before anything starts", () => {
	const refusal = async (path: string, ...more: string[]) => {
		const { status, stderr } = await startEbtop(["--json", "-n", "1", "--source", "proc", "--record", path, ...more])
			.ended;
		expect(status).toBe(2);
		return stderr;
	};
	it("one that others may write to", async () => {
		const folder = aFolder();
		chmodSync(folder, 0o770);
		expect(await refusal(folder)).toContain("others may write to it (chmod go-w helps).");
	});
	it("a link to one", async () => {
		const folder = aFolder();
		symlinkSync(folder, `${folder}-link`);
		expect(await refusal(`${folder}-link/`)).toContain("it is a symbolic link, name the folder itself.");
	});
	it("one that another ebtop records to, until that one ends, however it does", async () => {
		const folder = aFolder();
		const first = startEbtop(["--json", "--source", "proc", "--record", folder]);
		await first.nextLine();
		expect(await refusal(folder)).toContain("another ebtop records to it, name another folder.");
		first.child.kill("SIGKILL");
		await first.ended;
		const { status } = await startEbtop(["--json", "-n", "1", "-d", "0.1", "--source", "proc", "--record", folder])
			.ended;
		expect(status).toBe(0);
	});
	it("one below a folder that is not there", async () => {
		expect(await refusal(join(top, "missing/new/"))).toContain("there is no such file or directory.");
	});
	it("a file, with --keep", async () => {
		expect(await refusal(join(top, "file"), "--keep", "2G")).toContain("with a / behind it a new one.");
	});
});

describe("the program", () => {
	const words = (path: string) => ["--json", "--source", "proc", "-d", "0.1", "--panes", "processes", "--record", path];
	const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Snapshot);

	it("killed at any moment loses the last refresh at most", async () => {
		const folder = `${aFolder()}/`;
		const printed: Snapshot[] = [];
		let segments = 0;
		for (const lines of [1, 3, 4, 7]) {
			const { child, nextLine, ended } = startEbtop(words(folder));
			const own: string[] = [];
			while (own.length < lines) own.push((await nextLine()) as string);
			child.kill("SIGKILL");
			await ended;
			const played: Snapshot[] = [];
			// It has no segment before its first refresh is written.
			const segment = readdirSync(folder).length > segments ? readdirSync(folder).sort().at(-1) : undefined;
			if (segment !== undefined) await recordedSnapshots(join(folder, segment), played).catch(() => {});
			segments = readdirSync(folder).length;
			const shown = parsed(own).map(({ seq, time }) => ({ seq, time }));
			expect(played.map(({ seq, time }) => ({ seq, time })).slice(0, lines - 1)).toEqual(shown.slice(0, lines - 1));
			printed.push(...parsed(own));
		}
		expect(readdirSync(folder).length).toBeGreaterThanOrEqual(3);
		const { stdout } = await startEbtop(["--replay", folder, "--json", "--panes", "processes"]).ended;
		const times = new Set(parsed(stdout.trimEnd().split("\n")).map(({ time }) => time));
		expect(printed.filter(({ time }) => !times.has(time)).length).toBeLessThanOrEqual(4);
	});
	it("replays a folder to the lines of the live run", async () => {
		const folder = `${aFolder()}/`;
		const live = await startEbtop([...words(folder), "-n", "5"]).ended;
		const replayed = await startEbtop(["--replay", folder, "--json", "--panes", "processes"]).ended;
		expect({ ...replayed, stdout: "" }).toEqual({ status: 0, stdout: "", stderr: "" });
		expect(parsed(replayed.stdout.trimEnd().split("\n"))).toEqual(parsed(live.stdout.trimEnd().split("\n")));
	});
	it("plays what comes on stdin, as it comes", async () => {
		const folder = aFolder();
		write(folder, minutes(9));
		const path = join(folder, readdirSync(folder)[0] as string);
		const slowly =
			'(head -c 9 "$0"; sleep 0.2; tail -c +10 "$0" | head -c 2000; sleep 0.2; tail -c +2010 "$0") | exec "$@"';
		const { status, stdout, stderr } = await startEbtop(["--replay", "-", "--json"], ["sh", "-c", slowly, path]).ended;
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(compare(parsed(stdout.trimEnd().split("\n")), minutes(9))).toEqual({ played: 9, wrong: [] });
		const cut = await startEbtop(["--replay", "-", "--json"], ["sh", "-c", 'head -c 3000 "$0" | exec "$@"', path])
			.ended;
		expect(cut).toMatchObject({ status: 2, stderr: "ebtop: Cannot play -: its end is missing.\n" });
		const text = await startEbtop(["--replay", "-", "--json"], ["sh", "-c", 'echo text | exec "$@"', "sh"]).ended;
		expect(text).toMatchObject({ status: 2, stderr: "ebtop: Cannot play -: it is not a recording of ebtop.\n" });
	});
	it.skipIf(!isRoot)("goes on watching where the disk is full, says so at once and at the end", async () => {
		const disk = aFolder();
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "eb-disk", disk]);
		onTestFinished(() => void execFileSync("umount", [disk]));
		for (const target of [`${disk}/folder/`, `${disk}/file`]) {
			const { nextLine, ended, child } = startEbtop(words(target));
			let [linesAfter, told] = [0, ""];
			child.stderr?.on("data", (bytes) => {
				told += bytes;
			});
			for (let line = 0; line < 3; line++) await nextLine(); // the first refresh is written by then
			// What is left is the rest of the page that the recording ends in.
			expect(() => writeFileSync(`${disk}/rest`, Buffer.alloc(2 << 20))).toThrow("ENOSPC");
			while (linesAfter < 5 && (await nextLine()) !== null) if (told !== "") linesAfter++;
			expect(linesAfter).toBe(5);
			child.kill("SIGTERM");
			const { status, stderr } = await ended;
			expect(stderr).toContain("no space is left on the device. Nothing more is recorded.");
			expect(stderr).toContain("What was written before can be played.");
			expect(status).toBe(1);
			const played: Snapshot[] = [];
			await recordedSnapshots(target.replace(/\/$/, ""), played).catch(() => {});
			expect(played.length).toBeGreaterThan(0);
			rmSync(target, { recursive: true });
			rmSync(`${disk}/rest`);
		}
	});
});
