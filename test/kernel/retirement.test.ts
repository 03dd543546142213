/** A table that runs out of room: idle slots are freed, and no count is lost by that. */

import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { until, Workload } from "../helpers/workload.ts";

/**
 * Slots of the io table. More than three eighths must be taken for slots to be freed after 5 s, but no user gets more than half
 * (bpf/lib/share.bpf.h): beyond, calls count for the process only. So 227 slots remain for what else this process uses, such as /proc.
 * In a table that is fuller, some key finds none of its 32 slots, and the first calls of its row are missing.
 */
const SLOTS = 2048;
const FILES = 797;
const NUMBERS = 41;
/** Counts of the workload from here on. */
const UNUSED_NUMBER = 470;
const IDLE = ["eb-idle1", "eb-idle2", "eb-idle3"];
const [EARLY, LATE] = ["early", "late"].map((name) => Array.from({ length: 8 }, (_, at) => `eb-${name}${at}`)) as [
	string[],
	string[],
];
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

const tableIn = (snapshot: Snapshot, name: string) => snapshot.health.maps.find(({ map }) => map === name);
const usedSlots = (snapshot: Snapshot, name: string) => tableIn(snapshot, name)?.used ?? Number.NaN;
const timed = (buckets: readonly number[] = []) => buckets.reduce((sum, count) => sum + count, 0);
/** "CALLS ERRORS TIMES" of the rows. */
const differentCounts = (rows: Snapshot["syscalls"]) =>
	new Set(rows.map(({ count, errors, latency }) => `${count} ${errors} ${timed(latency?.buckets)}`));

describeLive("retirement", () => {
	test("idle files of a live process lose their slots, and continue counting when they are used again", async () => {
		const session = new LiveSession({ pids: [process.pid], capacity: { io: SLOTS } });
		writeAll(3, 13);
		const full = session.refresh();
		expect(usedSlots(full, "io")).toBeGreaterThanOrEqual(FILES);
		expect(tableIn(full, "io")?.overflow).toBe(0);
		await session.until("room in the table", (snapshot) => usedSlots(snapshot, "io") < FILES / 2);
		writeAll(1, 7);
		session.refresh();
		const snapshot = session.refresh();
		session.close();

		const rows = written(snapshot);
		expect(rows).toHaveLength(FILES);
		expect(new Set(rows.map((row) => `${row.opens} ${row.writes} ${row.writeBytes}`))).toEqual(new Set(["2 4 46"]));
		expect(tableIn(snapshot, "io")?.overflow).toBe(0);
	});

	test("so do idle calls of live processes, and their times", async () => {
		const workload = new Workload("idle-calls", ["numbers"]);
		try {
			await workload.ready(...IDLE);
			const pids = IDLE.map((name) => workload.pid(name));
			const session = new LiveSession({ pids, capacity: { syscall: 256 }, latency: true });
			const isDone = workload.work(...IDLE);
			await until("all calls", () => workload.marks("called").length === IDLE.length);
			const all = IDLE.length * NUMBERS;
			expect(usedSlots(session.refresh(), "syscall")).toBeGreaterThanOrEqual(all);
			await session.until("room in the table", (snapshot) => usedSlots(snapshot, "syscall") < all);
			writeFileSync(join(workload.directory, "again"), "");
			await isDone;
			const snapshot = session.refresh();
			session.close();

			const rows = snapshot.syscalls.filter(({ nr, pid }) => nr >= UNUSED_NUMBER && pids.includes(pid));
			expect(rows).toHaveLength(all);
			expect(differentCounts(rows)).toEqual(new Set(["8 8 8"]));
			expect(tableIn(snapshot, "syscall")?.overflow).toBe(0);
		} finally {
			await workload.end();
		}
	});

	test("a call whose first slot was far away, as the near ones were taken, gets a nearer one: both count as one", async () => {
		const workload = new Workload("idle-calls", ["company"]);
		try {
			await workload.ready(...EARLY, ...LATE);
			const late = LATE.map((name) => workload.pid(name));
			const pids = [...EARLY.map((name) => workload.pid(name)), ...late];
			const session = new LiveSession({ pids, capacity: { syscall: 2048 }, latency: true });
			const isDone = workload.work(...LATE);
			await until("all calls", () => workload.marks("called").length === EARLY.length + LATE.length);
			const ofLate = ({ syscalls }: Snapshot) => syscalls.filter(({ pid }) => late.includes(pid));
			writeFileSync(join(workload.directory, "leave"), "");
			await session.until("only their slots", (snapshot) => usedSlots(snapshot, "syscall") === ofLate(snapshot).length);
			writeFileSync(join(workload.directory, "again"), "");
			await isDone;
			session.refresh();
			const snapshot = session.refresh();
			session.close();

			const rows = ofLate(snapshot).filter(({ nr }) => nr >= UNUSED_NUMBER);
			expect(rows).toHaveLength(LATE.length * NUMBERS);
			expect(differentCounts(rows)).toEqual(new Set(["8 8 8"]));
			expect(usedSlots(snapshot, "syscall")).toBeGreaterThan(ofLate(snapshot).length);
		} finally {
			await workload.end();
		}
	});
});
