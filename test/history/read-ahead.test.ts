/** Step by step through the past, the next stretch is read before it is reached, in turns of the event loop. */

import { syncBuiltinESMExports } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
import zlib from "node:zlib";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { History } from "../../src/history/history.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";

/** A stretch has at most 256 refreshes. */
const STRETCHES = [0, 256, 512];
/** More than steps in a stretch: on a busy machine a turn may have one step only. */
const TURNS = 1000;

// A mock of the module would come too late where other tests have loaded the history.
const unpacked = vi.spyOn(zlib, "zstdDecompressSync");
syncBuiltinESMExports();
afterAll(() => {
	unpacked.mockRestore();
	syncBuiltinESMExports();
});

let history: History;
let shown: Snapshot[];

beforeEach(async () => {
	history = new History();
	shown = Array.from({ length: 600 }, (_, tick) => {
		history.add(changingSnapshot(tick, 7));
		return history.latest as Snapshot;
	});
	await history.settled();
	unpacked.mockClear();
});

/** What was unpacked while refresh `no` was read, and in the turns after it. */
async function read(no: number): Promise<{ now: number; ahead: number }> {
	unpacked.mockClear();
	expect(history.at(no)).toEqual(shown[no]);
	const now = unpacked.mock.calls.length;
	for (let turns = 0; turns < TURNS; turns++) await turn();
	return { now, ahead: unpacked.mock.calls.length - now };
}

test("going back, the stretch before is read ahead near the beginning of the present one, and only there", async () => {
	expect((await read(540)).now).toBeGreaterThan(0);
	expect(await read(539)).toEqual({ now: 0, ahead: 0 });
	expect(await read(528)).toEqual({ now: 0, ahead: 0 });
	expect((await read(527)).ahead).toBeGreaterThan(0);
	for (const no of [526, 525, 512, 511, 510, 256, 257]) expect(await read(no)).toEqual({ now: 0, ahead: 0 });
	expect((await read(256)).ahead).toBeGreaterThan(0);
	for (const no of [255, 254, 0]) expect(await read(no)).toEqual({ now: 0, ahead: 0 });
});

test("going forward, the beginning of the next stretch is read ahead", async () => {
	await read(255);
	await read(238);
	expect((await read(239)).ahead).toBe(0);
	expect((await read(240)).ahead).toBeGreaterThan(0);
	for (let no = 241; no < 256 + 16; no++) expect(await read(no)).toEqual({ now: 0, ahead: 0 });
});

test("a stretch that is reached while it is being read is read to its end at once, and no stretch is read in vain", async () => {
	for (const from of STRETCHES.slice(1).reverse()) {
		history.at(from + 1);
		for (const no of [from, from - 1, from - 2, from, from - 1]) expect(history.at(no)).toEqual(shown[no]);
	}
	unpacked.mockClear();
	history.at(300);
	history.at(301);
	for (let turns = 0; turns < TURNS; turns++) await turn();
	expect(unpacked).not.toHaveBeenCalled();
});
