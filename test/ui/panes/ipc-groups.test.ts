import { describe, expect, test } from "vitest";
import { createTheme } from "../../../src/format/theme.ts";
import type { IpcRow } from "../../../src/model/snapshot.ts";
import { drawGraph, edgesOf } from "../../../src/panes/ipc/graph.ts";
import { groupLinks } from "../../../src/panes/ipc/group.ts";
import { IPC } from "../../../src/panes/ipc/index.ts";
import { TCP } from "../../../src/panes/tcp/index.ts";
import { aLink, aProcess, aSnapshot, aSocket } from "../../helpers/snapshots.ts";

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

test("what several readers share is an estimate, marked in each cell; sums of a whole channel are exact", () => {
	const shared = [1, 2].flatMap((from) => [3, 4].map((to) => link(from, to, { channel: "pipe:[7]", basis: "shared" })));
	const numbers = (columns: readonly { readonly key: string; value(...args: never[]): string }[], row: unknown) =>
		columns
			.filter(({ key }) => ["rate", "bytes", "messages"].includes(key))
			.map(({ value }) => value(...([row, { row }, 0] as never[])));
	expect(shared.map((row) => numbers(IPC.columns({ name: "links", trail: [] }), row))).toEqual(
		Array(4).fill(["~7B", "~100B", "~2"]),
	);
	expect(numbers(IPC.columns({ name: "links", trail: [] }), link(1, 2))).toEqual(["7B", "100B", "2"]);
	const groups = (view: "pairs" | "objects") =>
		groupLinks(shared, view).map((group) => numbers(IPC.columns({ name: view, trail: [] }), group));
	expect(groups("pairs")).toEqual(Array(4).fill(["~7B", "~100B", "~2"]));
	expect(groups("objects")).toEqual([["28B", "400B", "8"]]);
});

test("the details of a link to a server list the links of all its clients", () => {
	const server = (client: number, name: string) =>
		link(client, 1, { kind: "unix-stream", channel: `unix:[${client}]`, name });
	const ipc = [server(2, "/run/a"), server(3, "/run/a"), server(4, "/run/b")];
	const titles = (at: number) => IPC.details(ipc[at] as IpcRow, aSnapshot({ ipc }), () => []);
	const block = titles(0).find(({ title }) => title === "All links over sockets called /run/a");
	expect(block?.kind === "table" && block.rows.map(([from]) => from)).toEqual(["eb-2 2", "eb-3 3"]);
	expect(titles(2).map(({ title }) => title)).not.toContain("All links over sockets called /run/b");
});

test("the details of a listener list its connections, with the process at the other end", () => {
	const connection = { remotePort: 4711, remoteAddress: "127.0.0.1" } as const;
	const listener = aSocket({ pid: 1, state: "LISTEN", role: "listener", localAddress: "0.0.0.0", localPort: 80 });
	const tcp = [
		listener,
		aSocket({ pid: 2, comm: "eb-worker", role: "server", localAddress: "127.0.0.1", localPort: 80, ...connection }),
		aSocket({
			pid: 3,
			comm: "eb-client",
			role: "client",
			localAddress: "127.0.0.1",
			localPort: 4711,
			remoteAddress: "127.0.0.1",
			remotePort: 80,
		}),
		aSocket({ pid: 4, comm: "eb-other", role: "server", localAddress: "127.0.0.1", localPort: 81, ...connection }),
	];
	const block = TCP.details(listener, aSnapshot({ tcp }), () => []).at(-1);
	expect(block?.kind === "table" && block.rows.map((cells) => cells.slice(0, 3))).toEqual([
		["eb-worker 2", "127.0.0.1:4711", "eb-client 3"],
	]);
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
