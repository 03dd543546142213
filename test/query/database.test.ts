import { describe, expect, it, test } from "vitest";
import { Failure } from "../../src/failure.ts";
import { cut } from "../../src/history/state.ts";
import { type Snapshot, TABLES } from "../../src/model/snapshot.ts";
import { RowDatabase, type SqlValue } from "../../src/query/database.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { aFile, aLink, anEvent, aProcess, aSnapshot, aSyscall } from "../helpers/snapshots.ts";

function ask(query: string, snapshots: readonly Snapshot[], afterGap: readonly number[] = []): SqlValue[][] {
	const database = new RowDatabase(query);
	for (const [at, snapshot] of snapshots.entries()) database.add(snapshot, afterGap.includes(at));
	const narrow = (value: SqlValue) => (typeof value === "bigint" ? Number(value) : value);
	return [...database.answer().rows].map((row) => row.map(narrow));
}

function refused(query: string): Failure {
	try {
		new RowDatabase(query);
	} catch (error) {
		if (error instanceof Failure) return error;
		throw error;
	}
	throw new Error(`${query} was taken`);
}

/** Refreshes of a run from its beginning, or from number `seq` on; a row that is the same object has not changed. */
const run = (refreshes: readonly Partial<Snapshot>[], seq = 0): Snapshot[] =>
	refreshes.map((refresh, at) => aSnapshot({ seq: seq + at, intervalMs: 1000, ...refresh }));

describe("the tables", () => {
	const snapshots = Array.from({ length: 20 }, (_, tick) => changingSnapshot(tick, 7));
	it.each(TABLES)("%s has the rows of each refresh, in columns", (table) => {
		const counts = ask(
			`SELECT r.seq, count(t.seq) FROM refreshes r LEFT JOIN ${table} t USING (seq) GROUP BY 1`,
			snapshots,
		);
		expect(counts).toEqual(snapshots.map((snapshot, seq) => [seq, cut(snapshot)[table]?.length]));
	});
	it("have the values of each refresh", () => {
		const rows = ask("SELECT seq, pid, path, writeBytes, shared FROM files ORDER BY seq, pid, path, device", snapshots);
		const wanted = snapshots.flatMap(({ files }, seq) =>
			files
				.toSorted((a, b) => a.pid - b.pid || (a.path < b.path ? -1 : 1))
				.map(({ pid, path, writeBytes, shared }) => [seq, pid, path, writeBytes, Number(shared)]),
		);
		expect(rows).toEqual(wanted);
		expect(wanted.length).toBeGreaterThan(20);
	});
	it("have the fields of an object as columns, and null where it is missing", () => {
		const exit = { code: 7, signal: null, oom: false, durationMs: 2.5 };
		const snapshots = run([{ processes: [aProcess(), aProcess({ pid: 11, exit, args: ["a", 'b"c'] })] }]);
		const query = "SELECT pid, exitCode, exitSignal, exitDurationMs, args ->> 1, namespacesNet, start FROM processes";
		expect(ask(query, snapshots)).toEqual([
			[812, null, null, null, "-g", 4026531840, "1203991200"],
			[11, 7, null, 2.5, 'b"c', 4026531840, "1203991200"],
		]);
	});
	it("have events once, with their own time and their data as JSON", () => {
		const query = "SELECT seq, time, type, data ->> 'exe' FROM events";
		expect(ask(query, run([{}, { events: [anEvent()] }, {}]))).toEqual([
			[1, "2026-11-20T17:00:00.504Z", "exec", "/bin/ls"],
		]);
	});
	it("say what the machine did, and where something is missing", () => {
		const snapshots = run([{}, {}, {}]);
		const query = "SELECT seq, time, intervalMs, syscallRate, loadAverage, recordsReceived, afterGap FROM refreshes";
		const refresh = (seq: number, gap: number) => [seq, snapshots[0]?.time, 1000, 18234, "[0.5,0.25,0.12]", 1203, gap];
		expect(ask(query, snapshots, [2])).toEqual([refresh(0, 0), refresh(1, 0), refresh(2, 1)]);
	});
});

describe("the deltas", () => {
	const file = (writes: number, over = {}) => aFile({ writes, writeBytes: writes * 101, opens: 0, ...over });
	const [kept, other] = [file(13), file(5, { pid: 11, comm: "cat" })];
	test("add up to what was written, however long a row stays or its process lives", () => {
		const snapshots = run([
			{ files: [file(7)] },
			{ files: [kept] },
			{ files: [kept, other] },
			{ files: [other, file(30)] },
			{},
		]);
		expect(ask("SELECT seq, pid, writes FROM files_deltas ORDER BY 1, 2", snapshots)).toEqual([
			[0, 10, 7],
			[1, 10, 6],
			[2, 11, 5],
			[3, 10, 17],
		]);
		expect(ask("SELECT * FROM who_wrote", snapshots)).toEqual([
			[10, "dd", 30 * 101, 30, 1],
			[11, "cat", 5 * 101, 5, 1],
		]);
	});
	test("leave out what was counted before a part of a run", () => {
		expect(ask("SELECT sum(writes) FROM files_deltas", run([{ files: [file(7)] }, { files: [file(18)] }], 5))).toEqual([
			[11],
		]);
	});
	test("begin anew with a run, with a counter that restarts, and with a row that went and came back", () => {
		const snapshots = [
			...run([{ files: [file(7)] }, { files: [file(3)] }, {}, { files: [file(11)] }]),
			...run([{ files: [file(13)] }, { files: [file(15)] }]),
		];
		expect(ask("SELECT seq, writes FROM files_deltas ORDER BY 1", snapshots)).toEqual([
			[0, 7],
			[1, 3],
			[3, 11],
			[4, 13],
			[5, 2],
		]);
	});
	test("answer who talked, who called and who ran", () => {
		const call = (count: number) => aSyscall({ count, errors: 2 });
		const snapshots = run([
			{ ipc: [aLink({ bytes: 17, messages: 3 })], syscalls: [call(19)], processes: [aProcess({ cpuPercent: 50 })] },
			{ ipc: [aLink({ bytes: 40, messages: 7 })], syscalls: [call(31)], processes: [aProcess({ cpuPercent: 12.5 })] },
		]);
		expect(ask("SELECT * FROM who_talked", snapshots)).toEqual([[10, "dd", 11, "cat", "pipe", 40, 7]]);
		expect(ask("SELECT * FROM who_called", snapshots)).toEqual([[812, "nginx", "epoll_wait", 31, 2]]);
		expect(ask("SELECT * FROM who_ran", snapshots)).toEqual([[812, "nginx", 625]]);
	});
	test("have no medians, which are never of one refresh", () => {
		expect(refused("SELECT latencyP99Ns FROM syscalls_deltas").message).toMatch(/no such column: latencyP99Ns/);
		expect(ask("SELECT latencyTotalNs FROM syscalls_deltas", run([{ syscalls: [aSyscall()] }]))).toEqual([[null]]);
	});
});

describe("a query", () => {
	it.each([
		"INSERT INTO refreshes (seq) VALUES (7)",
		"DELETE FROM held_files",
		"UPDATE held_files SET pid = 7",
		"CREATE TABLE t (a)",
		"CREATE TEMP VIEW v AS SELECT 1",
		"DROP VIEW files",
		"ATTACH '/tmp/eb.db' AS eb",
		"PRAGMA journal_mode = wal",
		"SELECT load_extension('eb')",
		"BEGIN",
		"VACUUM INTO '/tmp/eb.db'",
	])("may only read: %s", (query) => {
		expect(() => ask(query, run([{}]))).toThrow(/^--sql only reads: use SELECT/);
	});
	it("that has a mistake is refused in a sentence", () => {
		expect(refused("SELEC 1").message).toBe('The SQL query has a mistake: near "SELEC": syntax error.');
		expect(refused("SELECT 1 FROM file").message).toMatch(
			/no such table: file\. Tables: refreshes, processes, syscalls/,
		);
		expect(refused("-- nothing").message).toMatch(/^The SQL query has a mistake: .*no statements\.$/);
		expect(refused("SELECT 1; SELECT 2").message).toBe("--sql takes one query.");
		expect(ask("SELECT 1; -- ;\n", [])).toEqual([[1]]);
	});
	it("that fails while it runs is reported in a sentence", () => {
		expect(() => ask("SELECT abs(-9223372036854775807 - 1)", [])).toThrow("The SQL query failed: integer overflow.");
	});
	it("may describe the tables", () => {
		expect(ask("SELECT type FROM pragma_table_info('files') WHERE name = 'readBytes'", [])).toEqual([["INTEGER"]]);
	});
	it("of more rows than there is room for is refused in a sentence", () => {
		const database = new RowDatabase("SELECT count(*) FROM files", 1 << 20);
		const fill = () => {
			for (let tick = 0; tick < 10_000; tick++) database.add(changingSnapshot(tick, 20), false);
		};
		expect(fill).toThrow(/^The recording has too many rows for SQL/);
	});
});
