import { describe, expect, test } from "vitest";
import type { ProcessRow } from "../../../src/model/snapshot.ts";
import { orderRows } from "../../../src/panes/order-rows.ts";
import type { Column } from "../../../src/panes/pane.ts";
import { fitColumns } from "../../../src/ui/state/fit-columns.ts";
import { PANE_NAMES, paneNamed } from "../../helpers/panes.ts";
import { aProcess, aSnapshot, aSyscall } from "../../helpers/snapshots.ts";

const LATENCY = { totalNs: 9, avgNs: 3, p50Ns: 2, p99Ns: 5, maxNs: 6, buckets: [] };
const columnsOf = (name: string) => paneNamed(name).columns(paneNamed(name).initialView);
const headers = (pane: string, width: number, snapshot = aSnapshot()) =>
	fitColumns(columnsOf(pane), width, snapshot).map(({ column }) => column.header);

describe.each(PANE_NAMES)("the columns of %s", (pane) => {
	test.each([1, 10, 40, 80, 98, 200])("fill %i cells and no more", (width) => {
		const columns = fitColumns(columnsOf(pane), width, aSnapshot());
		const last = columns.at(-1);
		expect(columns.length).toBeGreaterThan(0);
		expect((last?.left ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(width);
		if (width >= 40) expect((last?.left ?? 0) + (last?.width ?? 0)).toBe(width);
	});

	test("have unique keys, headings that fit, and a default sort column", () => {
		const columns = columnsOf(pane);
		expect(new Set(columns.map((column) => column.key)).size).toBe(columns.length);
		for (const column of columns) expect(column.header.length).toBeLessThanOrEqual(column.width);
		expect(columns.map((column) => column.key)).toContain(paneNamed(pane).defaultSort);
		expect(columns.map((column) => column.key)).toContain(paneNamed(pane).textSort);
	});
});

test("a narrow table keeps the identifying columns", () => {
	expect(headers("processes", 40)).toContain("COMMAND");
	expect(headers("syscalls", 40)).toEqual(expect.arrayContaining(["COMM", "SYSCALL", "CALL/s"]));
	expect(headers("ipc", 40)).toEqual(expect.arrayContaining(["FROM", "TO", "RATE"]));
	expect(headers("files", 40)).toEqual(expect.arrayContaining(["COMM", "PATH"]));
	expect(headers("tcp", 40)).toContain("REMOTE");
});

test("the age of a link is dropped first", () => {
	expect(headers("ipc", 200)).toContain("LAST");
	const widths = Array.from({ length: 160 }, (_, at) => 40 + at);
	const firstWhole = widths.find((width) => headers("ipc", width).includes("LAST")) ?? 0;
	expect(headers("ipc", firstWhole)).toEqual(headers("ipc", 200));
	expect(headers("ipc", firstWhole - 1)).toEqual(headers("ipc", 200).filter((header) => header !== "LAST"));
});

test("columns of latency are shown if it is measured", () => {
	expect(headers("syscalls", 200)).not.toContain("P99");
	const measured = aSnapshot({ syscalls: [aSyscall({ latency: LATENCY })] });
	expect(headers("syscalls", 200, measured)).toEqual(expect.arrayContaining(["AVG", "P50", "P99", "MAX", "TIME"]));
});

test("the container column is shown if there is a container", () => {
	const container = { runtime: "podman", id: "713e7c56aa01bb", name: null, image: null };
	expect(headers("processes", 200)).not.toContain("CONTAINER");
	expect(headers("processes", 200, aSnapshot({ processes: [aProcess({ container })] }))).toContain("CONTAINER");
});

describe("orderRows", () => {
	const column = (isDescending: boolean, sortBy: (row: ProcessRow) => number | string) =>
		({
			key: "x",
			header: "X",
			width: 1,
			align: "left",
			drop: 0,
			isDescending,
			value: String,
			sortBy,
		}) as Column<ProcessRow>;
	const rows = [5, 9, 5, 1].map((pid, at) => aProcess({ pid, threads: at }));
	const pids = (columns: Column<ProcessRow>[], isReversed: boolean, tie?: (row: ProcessRow) => number) =>
		orderRows(rows, columns, { key: "x", isReversed }, tie)
			.slice()
			.map((row) => `${row.pid}.${row.threads}`);
	const byPid = (row: ProcessRow) => row.pid;

	test("follows the natural direction of the column, and turns around", () => {
		expect(pids([column(true, byPid)], false)).toEqual(["9.1", "5.0", "5.2", "1.3"]);
		expect(pids([column(true, byPid)], true)).toEqual(["1.3", "5.0", "5.2", "9.1"]);
		expect(pids([column(false, byPid)], false)).toEqual(["1.3", "5.0", "5.2", "9.1"]);
	});

	test("breaks ties from the largest", () => {
		expect(pids([column(false, byPid)], false, (row) => row.threads)).toEqual(["1.3", "5.2", "5.0", "9.1"]);
	});

	test("any part of many rows is as if all had been sorted", () => {
		const many = Array.from({ length: 1009 }, (_, at) => aProcess({ pid: (at * 7919) % 211, threads: at }));
		const columns = [column(true, byPid)];
		const ordered = () => orderRows(many, columns, { key: "x", isReversed: false });
		const whole = [...many].sort((a, b) => b.pid - a.pid || a.threads - b.threads);
		expect(ordered().slice()).toEqual(whole);
		const parts = ordered();
		for (const from of [997, 0, 503, 211]) expect(parts.slice(from, from + 53)).toEqual(whole.slice(from, from + 53));
		expect(whole.map((_, at) => parts.at(at))).toEqual(whole);
		expect(parts.at(1009)).toBeUndefined();
	});

	test("finds the first of the wanted rows without sorting them", () => {
		const many = Array.from({ length: 307 }, (_, at) => aProcess({ pid: (at * 101) % 307, threads: at }));
		const ordered = orderRows(many, [column(false, byPid)], { key: "x", isReversed: false });
		expect(ordered.findIndex((row) => byPid(row) >= 211)).toBe(211);
		expect(ordered.findIndex((row) => byPid(row) === 307)).toBe(-1);
	});

	test("compares text as text", () => {
		expect(pids([column(false, (row) => String(byPid(row) + 9))], false)[0]).toBe("1.3");
	});
});
