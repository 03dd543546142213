/** Events of file names: created, removed, renamed, and looked up without success. */

import { afterEach, expect, test } from "vitest";
import type { EventRow } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { Workload } from "../helpers/workload.ts";

let workload: Workload;
let session: LiveSession;
afterEach(async () => {
	session.close();
	await workload.end();
});

/** Events of the workload's own names. */
async function observe(events: readonly string[]): Promise<EventRow[]> {
	workload = new Workload("event-files", ["files"]);
	await workload.ready("eb-files");
	const pid = workload.pid("eb-files");
	session = new LiveSession({ concerns: ["process"], events, pids: [pid] });
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

	test("events that are not wanted send no record", async () => {
		expect(await observe(["file-rename"])).toHaveLength(8);
		const told = session.records(wire.WireType.CALL_EVENT).map((view) => wire.callEventEvent(view, 0));
		expect(new Set(told)).toEqual(new Set([wire.WireEvent.FILE_RENAME]));
	});
});
