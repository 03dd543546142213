import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Windows } from "../../src/history/windows.ts";
import { SegmentsReader } from "../../src/model/feed/segments-reader.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { RowDatabase } from "../../src/query/database.ts";
import { SegmentFolder } from "../../src/save/segment-folder.ts";
import { SegmentWriter } from "../../src/save/segment-writer.ts";
import { Thinner } from "../../src/save/thinner.ts";
import { recordedSnapshots, SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { aFile, anEvent, aProcess, aSnapshot, aSystem } from "../helpers/snapshots.ts";
import { until } from "../helpers/workload.ts";

const top = mkdtempSync(join(tmpdir(), "eb-thin-"));
afterAll(() => rmSync(top, { recursive: true }));

const ALL = { bytes: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };
const BEGIN_MS = Date.UTC(2026, 10, 20, 17);
const HOUR_MS = 3_600_000;

/** One refresh each `stepMs`: a file that is written to all the time, a process and file that live for a second, an event. */
function refresh(seq: number, stepMs: number): Snapshot {
	const short = { pid: 1000 + seq, comm: "eb-short" };
	return aSnapshot({
		seq,
		time: new Date(BEGIN_MS + seq * stepMs).toISOString(),
		intervalMs: seq === 0 ? 0 : stepMs,
		system: aSystem({ uptimeMs: 100_000 + seq * stepMs, cpuPercent: seq % 7 }),
		processes: [aProcess({ cpuPercent: seq % 13 }), aProcess({ ...short, start: String(seq), cpuPercent: 3 })],
		files: [
			aFile({ path: "/long", writes: seq * 7, writeBytes: seq * 7919, opens: 0 }),
			aFile({ ...short, path: "/short", writes: 3, writeBytes: 101 }),
		],
		events: [anEvent({ id: seq, time: new Date(BEGIN_MS + seq * stepMs - 500).toISOString() })],
	});
}
const refreshes = (count: number, stepMs = 1000) => Array.from({ length: count }, (_, seq) => refresh(seq, stepMs));

function windowsOf(windowMs: number, snapshots: readonly Snapshot[]): Snapshot[] {
	const windows = new Windows(windowMs);
	const made = snapshots.flatMap((snapshot) => windows.add(snapshot));
	return [...made, ...windows.end()];
}

function ask(snapshots: readonly Snapshot[], query: string) {
	const database = new RowDatabase(query);
	for (const snapshot of snapshots) database.add(snapshot, false);
	return [...database.answer().rows];
}

/** What was counted, and everything that existed, is the same; rates are, but for the rounding of their means. */
function expectSameSums(thinned: readonly Snapshot[], all: readonly Snapshot[]): void {
	for (const query of [
		"SELECT * FROM who_wrote ORDER BY pid",
		"SELECT count(*), min(time), max(time), count(DISTINCT id) FROM events",
		"SELECT DISTINCT pid, comm FROM processes ORDER BY 1",
		"SELECT CAST(sum(intervalMs) AS INTEGER) FROM refreshes",
	]) {
		expect(ask(thinned, query), query).toEqual(ask(all, query));
	}
	const totalMs = Number(ask(all, "SELECT sum(intervalMs) FROM refreshes")[0]?.[0]);
	const [query, rounding] = ["SELECT sum(cpuPercent * intervalMs) FROM processes WHERE pid = 812", 0.0005];
	const [now, before] = [thinned, all].map((snapshots) => Number(ask(snapshots, query)[0]?.[0])) as [number, number];
	expect(Math.abs(now - before)).toBeLessThanOrEqual(rounding * totalMs);
}

describe("windows", () => {
	it("are fewer refreshes with the same sums, events and processes", () => {
		const all = refreshes(61);
		const windows = windowsOf(10_000, all);
		expect(windows.map(({ seq, intervalMs }) => [seq, intervalMs])).toEqual([
			[0, 0],
			...[10, 20, 30, 40, 50, 60].map((seq) => [seq, 10_000]),
		]);
		expectSameSums(windows, all);
		expect(windowsOf(60_000, windows).map(({ seq }) => seq)).toEqual([0, 60]);
		expectSameSums(windowsOf(60_000, windows), all);
	});
	it("end before a counter that begins anew, so that nothing that was counted is hidden", () => {
		const writes = [3, 4, 6, 10, 2, 15, 17, 19, null, 4, 11, 12, 13, null, 50, 60];
		const all = writes.map((count, seq) => ({
			...refresh(seq, 1000),
			files: count === null ? [] : [aFile({ path: "/anew", writes: count, writeBytes: count * 7919 })],
		}));
		const windows = windowsOf(10_000, all);
		expect(windows.length).toBeLessThan(all.length);
		expectSameSums(windows, all);
	});
});

/** Three segments of ten minutes, and a thinner that works on one of them each time; ages are those of their last refreshes. */
function recorded() {
	const folder = mkdtempSync(join(top, "eb-"));
	const all = refreshes(300, 5000);
	const writer = new SegmentWriter(new SegmentFolder(folder), SHOWN_INFO, ALL, (error) =>
		expect.unreachable(String(error)),
	);
	for (const snapshot of all) writer.write(snapshot);
	writer.close();
	const names = readdirSync(folder).sort();
	for (const [at, name] of names.entries()) {
		const endMs = BEGIN_MS + Math.min((at + 1) * 600, 1500) * 1000;
		utimesSync(join(folder, name), endMs / 1000, endMs / 1000);
	}
	return { folder, names, all };
}

/** Works until nothing is left to do. */
async function thin(folder: string, nowMs: number): Promise<number> {
	const held = new SegmentFolder(folder);
	const thinner = new Thinner(held, undefined, 0);
	let saved = 0;
	// Each look begins with one segment, and the next one says what that saved.
	for (let looks = 0; looks <= readdirSync(folder).length; looks++) {
		saved += thinner.look("", nowMs, looks * 1000);
		await until("the end of a segment", () => !thinner.isWorking);
	}
	held.close();
	return saved;
}

describe("a folder with --thin", () => {
	it("has fewer refreshes in old segments, and in very old ones fewer still, with the same sums", async () => {
		const { folder, names, all } = recorded();
		const bytes = () => names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
		const before = bytes();
		const saved = await thin(folder, BEGIN_MS + 1000 * 1000 + HOUR_MS);
		expect(saved).toBe(before - bytes());
		expect(saved).toBeGreaterThan(0);
		const once = await recordedSnapshots(folder);
		expect(once.map(({ seq }) => seq)).toEqual([
			...[0, ...Array.from({ length: 59 }, (_, at) => (at + 1) * 2), 119],
			...all.slice(120).map(({ seq }) => seq),
		]);
		expectSameSums(once, all);
		const endMs = BEGIN_MS + 600_000;
		expect(statSync(join(folder, names[0] as string)).mtimeMs).toBe(endMs);
		await thin(folder, endMs + 25 * HOUR_MS);
		const twice = await recordedSnapshots(folder);
		expect(twice.length).toBeLessThan(40);
		expectSameSums(twice, all);
		expect(readdirSync(folder).sort()).toEqual(names);
		const reader = new SegmentsReader(folder);
		for (let block = reader.next(); block !== null && block !== "later"; block = reader.next())
			expect(block.isAfterGap).toBe(false);
		expect(await thin(folder, endMs + 25 * HOUR_MS)).toBe(0);
	});
	it("leaves a damaged segment as it is, and removes what a killed program left", async () => {
		const { folder, names } = recorded();
		const path = join(folder, names[0] as string);
		const damaged = readFileSync(path).fill(0x41, 5000, 5001);
		writeFileSync(path, damaged);
		utimesSync(path, BEGIN_MS / 1000, BEGIN_MS / 1000);
		writeFileSync(`${path}.next`, "half");
		await thin(folder, BEGIN_MS + HOUR_MS + 1000);
		expect(readFileSync(path).equals(damaged)).toBe(true);
		expect(readdirSync(folder).sort()).toEqual(names);
	});
});
