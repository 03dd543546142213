import fs, { mkdtempSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { OutputFile } from "../../src/model/feed/regular-file.ts";
import { SegmentFolder } from "../../src/save/segment-folder.ts";
import { SegmentWriter } from "../../src/save/segment-writer.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { SHOWN_INFO } from "../helpers/recorded-snapshots.ts";

const top = mkdtempSync(join(tmpdir(), "eb-sync-"));
afterAll(() => rmSync(top, { recursive: true }));

/** When something was written, and when it was synced, in the fake clock's milliseconds. */
let [written, synced]: [number[], number[]] = [[], []];
const real = { fdatasync: fs.fdatasync, fdatasyncSync: fs.fdatasyncSync };

beforeEach(() => {
	vi.useFakeTimers({ now: 0 });
	[written, synced] = [[], []];
	fs.fdatasync = ((_fd: number, done: (error: null) => void) => {
		synced.push(Date.now());
		done(null);
	}) as typeof fs.fdatasync;
	fs.fdatasyncSync = () => void synced.push(Date.now());
	syncBuiltinESMExports();
});
afterEach(() => {
	Object.assign(fs, real);
	syncBuiltinESMExports();
	vi.useRealTimers();
});

/** Writes every `stepMs` for a minute, then nothing for a minute. */
async function minuteOf(stepMs: number, write: (tick: number) => void): Promise<void> {
	for (let tick = 0; tick * stepMs < 60_000; tick++) {
		write(tick);
		written.push(Date.now());
		await vi.advanceTimersByTimeAsync(stepMs);
	}
	await vi.advanceTimersByTimeAsync(60_000);
}

/** For how long the longest of what was written was not on the disk. */
const longestMs = () =>
	Math.max(...written.map((ms) => Math.min(...synced.filter((syncMs) => syncMs >= ms), Number.POSITIVE_INFINITY) - ms));

for (const stepMs of [100, 1000, 3000, 60_000]) {
	it(`a file is synced within 5 s of each write, one every ${stepMs} ms, and at the end`, async () => {
		const file = new OutputFile(join(top, `file-${stepMs}`));
		await minuteOf(stepMs, () => file.write(Buffer.from("eb")));
		expect(longestMs()).toBeLessThanOrEqual(5000);
		expect(synced.length).toBeLessThanOrEqual(16);
		const before = synced.length;
		file.close();
		expect(synced).toHaveLength(before + 1);
	});
}

it("segments are, and each at its end", async () => {
	const all = { bytes: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };
	const fail = (error: Error) => expect.unreachable(String(error));
	const writer = new SegmentWriter(new SegmentFolder(join(top, "folder")), SHOWN_INFO, all, fail);
	const snapshots = Array.from({ length: 60 }, (_, tick) => changingSnapshot(tick, 3));
	await minuteOf(1000, (tick) => {
		const snapshot = snapshots[tick] as (typeof snapshots)[0];
		const uptimeMs = 1000 + tick * 60_000; // so that a segment has ten refreshes
		writer.write({ ...snapshot, system: { ...snapshot.system, uptimeMs } });
	});
	expect(longestMs()).toBeLessThanOrEqual(5000);
	expect(writer.segments).toBe(6);
	writer.close();
});
