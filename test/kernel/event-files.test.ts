/** Events of file names: created, removed, renamed, and looked up without success. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { EventRow, Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { until, Workload } from "../helpers/workload.ts";

let workload: Workload;
let session: LiveSession;
afterEach(async () => {
	session.close();
	await workload.end();
});

/** Events of the workload's own names. */
async function observe(events: readonly string[], work = "files", options = {}): Promise<EventRow[]> {
	workload = new Workload("event-files", [work]);
	await workload.ready("eb-files");
	const pid = workload.pid("eb-files");
	session = new LiveSession({ concerns: ["process"], events, pids: [pid], ...options });
	await workload.work("eb-files");
	const snapshot = session.refresh();
	expect(session.losses()).toEqual([]);
	expect(schemaErrors(JSON.parse(JSON.stringify(snapshot)))).toEqual([]);
	return snapshot.events.filter((row) => row.pid === pid && /x-|\?/.test(row.text));
}

/** The number of each, without the workload's directory and the numbers in names. */
function counted(rows: readonly EventRow[], type: string, of: (row: EventRow) => unknown): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const row of rows.filter((candidate) => candidate.type === type)) {
		const word = String(of(row))
			.replaceAll(workload.directory, "~")
			.replaceAll(/\d+(?=:| |$)/g, "N");
		counts[word] = (counts[word] ?? 0) + 1;
	}
	return counts;
}

const EVERY = ["file-create", "file-delete", "file-rename", "open-failed", "stat-failed"];

describeLive("events of names", () => {
	test("opens and stats that fail: the name, the directory, and the error", async () => {
		const rows = await observe(["open-failed", "stat-failed"]);
		expect(counted(rows, "open-failed", (row) => row.text)).toEqual({
			...{ "/x-nowhere/file: ENOENT": 7, "~/x-sub/x-below: ENOENT": 5, "~/x-beside: ENOENT": 3 },
			...{ "~/x-sub: EISDIR": 2, "x-no-directory: EBADF": 1, "~/?: EFAULT": 1 },
			...{ "~/x-noneN: ENOENT": 13 },
		});
		expect(counted(rows, "stat-failed", (row) => row.text)).toEqual({
			...{ "~/x-no-stat: ENOENT": 17, "/x-no-access: ENOENT": 11, "~/x-sub/x-no-link: ENOENT": 3 },
		});
		const beside = rows.find(({ text }) => text.includes("x-beside"));
		expect(beside?.data).toMatchObject({ asked: "../x-beside", call: "openat2", error: "ENOENT" });
		expect(rows.filter(({ type }) => type.startsWith("file-"))).toEqual([]);
	});

	test("files made, removed and renamed, with the time that they lived", async () => {
		const rows = await observe(EVERY);
		const kinds = counted(rows, "file-create", ({ data }) => "kind" in data && data.kind);
		expect(kinds).toEqual({ file: 23, directory: 5, symlink: 3, link: 2, node: 1 });
		expect(counted(rows, "file-rename", (row) => row.text)).toEqual({
			"~/x-madeN to ~/x-newN": 7,
			"~/x-newN exchanged with ~/x-newN": 1,
		});
		const deleted = rows.flatMap((row) => (row.type === "file-delete" ? [row.data] : []));
		expect(deleted.filter(({ kind }) => kind === "directory")).toHaveLength(5);
		expect(deleted.filter(({ kind }) => kind === "file")).toHaveLength(8);
		const unknown = deleted.filter(({ lifetimeMs }) => lifetimeMs === null);
		expect(unknown.map(({ path }) => path)).toEqual([`${workload.directory}/x-old`]);
		expect(deleted.every(({ lifetimeMs }) => lifetimeMs === null || lifetimeMs > 0)).toBe(true);
	});

	test("opens and stats that succeed: flags, descriptor, path, call", async () => {
		const rows = await observe(["open", "stat", "open-failed", "stat-failed", "file-create"], "asked");
		expect(counted(rows, "open", ({ data }) => "fd" in data && `${data.flags} ${data.call} ${data.path}`)).toEqual({
			"O_RDONLY|O_DIRECTORY|O_CLOEXEC openat ~/x-sub": 1,
			"O_RDONLY|O_CLOEXEC openat ~/x-old": 13,
			"O_RDWR|O_APPEND|O_NONBLOCK openat ~/x-old": 11,
			"O_WRONLY|O_CREAT|O_TRUNC creat ~/x-creat": 7,
			"O_WRONLY|O_TRUNC openatN ~/x-old": 5,
			"O_WRONLY|O_CREAT|O_EXCL openat ~/x-newN": 2,
			"O_RDWR|O_CREAT openat ~/x-last": 1,
		});
		expect(
			counted(rows, "open-failed", ({ data }) => "asked" in data && "flags" in data && `${data.flags}: ${data.path} `),
		).toEqual({
			"O_WRONLY|O_CREAT|O_EXCL: ~/x-old ": 3,
		});
		expect(counted(rows, "stat", ({ data }) => "asked" in data && `${data.call} ${data.path}`)).toEqual({
			...{ "newfstatat ~/x-old": 17, "access ~/x-old": 7, "newfstatat ~/x-sub": 5, "readlinkat ~/x-link": 3 },
		});
		expect(counted(rows, "stat-failed", (row) => row.text)).toEqual({ "~/x-none: ENOENT": 2 });
		expect(counted(rows, "file-create", (row) => row.text)).toEqual({
			...{ "~/x-creat": 1, "~/x-newN": 2, "~/x-link (symlink)": 1, "~/x-last": 1 },
		});
		const last = rows.find(({ type, text }) => type === "open" && text.includes("x-last"));
		expect(last?.data).toMatchObject({ asked: "x-last", fd: workload.pid("descriptor"), latencyMs: null });
	});

	test("with latency each open and stat says how long it took", async () => {
		const rows = await observe(["open", "stat", "stat-failed"], "asked", { latency: true });
		const times = rows.flatMap(({ data }) => ("latencyMs" in data ? [data.latencyMs ?? 0] : []));
		expect(times.length).toBe(40 + 32 + 2);
		expect(times.every((ms) => ms > 0 && ms < 10_000)).toBe(true);
	});

	test("a flood of opens leaves the ring to others, and is counted whole", async () => {
		workload = new Workload("event-files", ["many"]);
		await workload.ready("eb-files");
		const pid = workload.pid("eb-files");
		session = new LiveSession({ events: ["open"], pids: [pid], capacity: { ringBytes: 1 << 18 } });
		writeFileSync(join(workload.directory, "go"), "");
		await until("the flood", () => workload.marks("half").length > 0);
		const opens = ({ events }: Snapshot) => events.filter(({ type }) => type === "open");
		const listed = (snapshot: Snapshot) => opens(snapshot).reduce((sum, { count }) => sum + count, 0);
		const left = ({ health }: Snapshot) => health.maps.find(({ map }) => map === "open-events")?.overflow ?? 0;
		const flood = session.refresh();
		expect(listed(flood) + left(flood)).toBe(4211 + 1);
		expect(left(flood)).toBeGreaterThan(1009);
		expect(session.losses()).toEqual([`table open-events had no room for ${left(flood)}`]);
		expect(flood.events.filter(({ type }) => type === "loss").map(({ data }) => data)).toEqual([
			{ of: "table open-events", count: left(flood) },
		]);
		writeFileSync(join(workload.directory, "again"), "");
		await until("the end", () => workload.marks("done").length > 0);
		const after = session.refresh();
		expect(opens(after).map(({ text }) => text.replace(workload.directory, "~"))).toEqual([
			...Array(7).fill(expect.stringMatching(/^~\/x-old as \d+, O_RDWR$/)),
			expect.stringContaining("done.eb-files"),
		]);
		expect(left(after)).toBe(left(flood));
	});

	test("events that are not wanted send no record", async () => {
		expect(await observe(["file-rename"])).toHaveLength(8);
		const told = session.records(wire.WireType.CALL_EVENT).map((view) => wire.callEventEvent(view, 0));
		expect(new Set(told)).toEqual(new Set([wire.WireEvent.FILE_RENAME]));
	});
});
