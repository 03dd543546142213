/** A table that gets short of room: idle slots are taken away, and no count is lost by it. */

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";

const FILES = 421;
const folder = mkdtempSync(join(tmpdir(), "eb-retire-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** This process is the long-lived one: it opens each file, writes `bytes` to it `times` times and closes it. */
function writeAll(times: number, bytes: number): void {
	for (let index = 0; index < FILES; index++) {
		const fd = openSync(join(folder, `file-${index}`), "a");
		for (let count = 0; count < times; count++) writeSync(fd, Buffer.alloc(bytes, "x"));
		closeSync(fd);
	}
}

const written = (snapshot: Snapshot) =>
	snapshot.files.filter((row) => row.pid === process.pid && row.path.startsWith(`${folder}/file-`));

const usedSlots = (snapshot: Snapshot) => snapshot.health.maps.find((map) => map.map === "io")?.used ?? Number.NaN;

describeLive("retirement", () => {
	test("idle files of a living process give their slots back, and count on when they are used again", async () => {
		const session = new LiveSession({ pids: [process.pid], capacity: { io: 1024 } });
		writeAll(3, 13);
		expect(usedSlots(session.refresh())).toBeGreaterThanOrEqual(FILES);
		await session.until("room in the table", (snapshot) => usedSlots(snapshot) < FILES / 2);
		writeAll(1, 7);
		session.refresh();
		const snapshot = session.refresh();
		session.close();

		const rows = written(snapshot);
		expect(rows).toHaveLength(FILES);
		expect(new Set(rows.map((row) => `${row.opens} ${row.writes} ${row.writeBytes}`))).toEqual(new Set(["2 4 46"]));
		expect(snapshot.health.maps.find((map) => map.map === "io")?.overflow).toBe(0);
	});
});
