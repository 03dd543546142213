import { describe, expect, test } from "vitest";
import { createTheme } from "../../../src/format/theme.ts";
import type { IpcRow } from "../../../src/model/snapshot.ts";
import { drawGraph, edgesOf } from "../../../src/panes/ipc/graph.ts";
import { groupLinks } from "../../../src/panes/ipc/group.ts";
import { IPC } from "../../../src/panes/ipc/index.ts";
import { aLink, aProcess, aSnapshot } from "../../helpers/snapshots.ts";

const ref = (pid: number) => ({ pid, comm: `eb-${pid}` });
const link = (from: number, to: number, over: Partial<IpcRow> = {}) =>
	aLink({ from: ref(from), to: ref(to), channel: `pipe:[${from}${to}]`, bytes: 100, messages: 2, rate: 7, ...over });

const LINKS = [
	link(1, 2, { lastSeen: "2026-11-20T17:00:05.000Z" }),
	link(2, 1, { kind: "tcp", channel: "tcp:[9]", bytes: 11, rate: 1, lastSeen: "2026-11-20T17:00:07.000Z" }),
	link(1, 3, { rate: 50 }),
	link(4, 1, { kind: "unix-stream", name: "/run/a.sock" }),
	link(5, 1, { kind: "unix-stream", name: "/run/a.sock" }),
	link(1, 6, { kind: "sysv-shm", rate: 0, bytes: 0 }),
	link(7, 8),
];

describe("groups", () => {
	test("by pair: both directions between two processes in one row, each direction's bytes known", () => {
		const pair = groupLinks(LINKS, "pairs").find((group) => group.id === "pairs 1-2");
		expect(pair).toMatchObject({ title: "eb-1 1 - eb-2 2", bytes: 111, forwardBytes: 100, messages: 4, rate: 8 });
		expect(pair?.lastSeen).toBe("2026-11-20T17:00:07.000Z");
		expect(pair?.kinds).toEqual(["pipe", "tcp"]);
	});

	test("by kind: every process that uses it, once", () => {
		const streams = groupLinks(LINKS, "kinds").find((group) => group.title === "unix-stream");
		expect(streams?.processes.map((process) => process.pid)).toEqual([1, 4, 5]);
		expect(streams?.links).toHaveLength(2);
	});

	test("by object: named objects are grouped by name", () => {
		const titles = groupLinks(LINKS, "objects").map((group) => group.title);
		expect(titles.filter((title) => title === "/run/a.sock")).toHaveLength(1);
		expect(titles).toContain("tcp:[9]");
	});

	test.each(["pairs", "kinds", "objects"] as const)("%s lose no link and no byte", (view) => {
		const groups = groupLinks(LINKS, view);
		expect(groups.flatMap((group) => group.links)).toHaveLength(LINKS.length);
		const sum = (rows: readonly { bytes: number }[]) => rows.reduce((total, row) => total + row.bytes, 0);
		expect(sum(groups)).toBe(sum(LINKS));
	});

	test("if nothing was sent since attach, none of its links has a last use", () => {
		expect(groupLinks(LINKS, "pairs").find((group) => group.id === "pairs 7-8")?.lastSeen).toBeNull();
	});

	test("a group is found again in the next snapshot", () => {
		for (const view of ["pairs", "kinds", "objects"] as const) {
			for (const group of groupLinks(LINKS, view)) {
				expect(IPC.find(aSnapshot({ ipc: LINKS }), IPC.id(group))).toEqual(group);
			}
		}
	});
});

describe("the graph", () => {
	const edges = edgesOf(1, LINKS);

	test("has an edge for each peer and kind, by direction, the busiest first", () => {
		const names = edges.map((edge) => `${edge.side} ${edge.title} ${edge.kinds.join()}`);
		expect(names).toEqual([
			"in eb-4 4 unix-stream",
			"in eb-5 5 unix-stream",
			"in eb-2 2 tcp",
			"out eb-3 3 pipe",
			"out eb-2 2 pipe",
			"out eb-6 6 sysv-shm",
		]);
	});

	test("an edge is found again, and leads to its peer", () => {
		for (const edge of edges) {
			expect(IPC.find(aSnapshot({ ipc: LINKS }), edge.id)).toEqual(edge);
			const [peer] = IPC.pids(edge);
			expect(edge.title).toBe(`eb-${peer} ${peer}`);
		}
	});

	test.each([
		[80, 18],
		[40, 7],
		[20, 5],
		[200, 50],
	])("is drawn within %i columns and %i rows", (width, height) => {
		const snapshot = aSnapshot({ ipc: LINKS, processes: [aProcess({ pid: 1, comm: "eb-1" })] });
		const theme = createTheme({ color: false, ascii: true });
		const lines = drawGraph({ center: 1, edges, selected: 0, isFocused: false, width, height, snapshot, theme });
		expect(lines.length).toBeLessThanOrEqual(height);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: removes attributes, which take no cells
		for (const line of lines) expect(line.replaceAll(/\x1b\[\d+m/g, "").length).toBeLessThanOrEqual(width);
	});
});
