/** Clocks that are set, and a machine that sleeps: by the readings of the clocks in the records. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { History } from "../../src/history/history.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { SegmentFolder } from "../../src/save/segment-folder.ts";
import { SegmentWriter } from "../../src/save/segment-writer.ts";
import { recordedSnapshots, SHOWN_INFO } from "../helpers/recorded-snapshots.ts";
import { Scenario } from "../helpers/scenario.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";

const HOUR_MS = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "eb-clock-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Before refresh `at` the machine sleeps so long, or its clock is moved so far. */
const HAPPENS = [
	{ at: 7, sleepS: 8 * 3600 },
	{ at: 11, clockMs: -2 * HOUR_MS },
	{ at: 17, clockMs: 24 * HOUR_MS },
	{ at: 23, sleepS: 300 },
	{ at: 29, clockMs: -30 * 365 * 24 * HOUR_MS },
];

/** 31 refreshes of a second; in each, the same process uses 130 ms of CPU, and another one lives. */
function refreshes(): Snapshot[] {
	const scenario = new Scenario();
	return Array.from({ length: 31 }, (_, at) => {
		const { sleepS = 0, clockMs = 0 } = HAPPENS.find((one) => one.at === at) ?? {};
		scenario.setMs += clockMs;
		scenario.process({ pid: 103, start: 1n }, { comm: "eb-busy", cpu_ns: BigInt(at) * 130_000_000n });
		const one = { pid: 1000 + at, start: scenario.nowNs };
		scenario.fork(one, 103);
		scenario.wait(sleepS);
		return scenario.exit(one).tick();
	});
}

test("all is shown as it was measured, kept and recorded; the sleep is a gap, a clock that is set is none", async () => {
	const all = refreshes();
	expect(all.flatMap(schemaErrors)).toEqual([]);
	expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, at) => at));
	const cpus = all.map(({ processes }) => processes.find(({ pid }) => pid === 103)?.cpuPercent ?? -1);
	const asleep = HAPPENS.flatMap(({ at, sleepS }) => (sleepS === undefined ? [] : [at]));
	for (const [at, cpu] of cpus.entries()) {
		if (at > 0) expect(cpu).toBeCloseTo(13_000 / (all[at]?.intervalMs ?? 0), 1);
	}
	for (const [at, { processes }] of all.entries()) {
		expect(processes.some(({ pid, exit }) => pid === 1000 + at && exit !== null)).toBe(true);
	}

	const history = new History({ spanMs: 24 * HOUR_MS });
	const shown = all.map((snapshot) => {
		history.add(snapshot);
		return history.latest;
	});
	for (const { no } of history.moments) expect(history.at(no)).toEqual(shown[no]);
	expect(history.moments.filter(({ gaps }) => gaps > 0).map(({ no }) => no)).toEqual(asleep);
	const times = history.moments.map(({ atMs }) => atMs);
	expect(times).toEqual([...times].sort((a, b) => a - b));

	const writer = new SegmentWriter(
		new SegmentFolder(join(folder, "eb/")),
		SHOWN_INFO,
		{ bytes: Number.POSITIVE_INFINITY, ms: 14 * 24 * HOUR_MS },
		(error) => {
			throw error;
		},
	);
	for (const snapshot of all) writer.write(snapshot);
	writer.close();
	const played = await recordedSnapshots(join(folder, "eb/"));
	expect(played).toEqual(all);
	const replayed = new History({ spanMs: 24 * HOUR_MS });
	for (const snapshot of played) replayed.add(snapshot);
	expect(replayed.moments).toEqual(history.moments);
});
