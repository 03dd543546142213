import { describe, expect, it } from "vitest";
import { createMatcher, parseFilter } from "../../src/model/filter/index.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { batchLines } from "../../src/output/batch/batch.ts";
import type { TextScene } from "../../src/output/batch/pane-table.ts";
import { cutLine, tableLines } from "../../src/output/batch/table.ts";
import { PANES } from "../../src/panes/index.ts";
import { paneNamed } from "../helpers/panes.ts";
import { aSnapshot } from "../helpers/snapshots.ts";
import { fileRow, ipcRow, processRow, syscallRow, tcpRow } from "../model/filter/rows.ts";

const WIDE = Number.POSITIVE_INFINITY;
const idle = fileRow({ pid: 5, comm: "idle", path: "/idle", readBytes: 7 });
const machine: Snapshot = aSnapshot({
	processes: [
		processRow({ pid: 1, comm: "init", args: ["/sbin/init", "splash"] }),
		processRow({ pid: 12345, comm: "busy", user: null, uid: 1000, cpuPercent: 99.94, rssBytes: 1536 }),
	],
	syscalls: [
		syscallRow({ pid: 1, name: "read", count: 10, rate: 0 }),
		syscallRow({ pid: 12345, comm: "busy", name: "openat", count: 5, rate: 2.5, errors: 3, errorRate: 1 }),
	],
	files: [idle, fileRow({ pid: 12345, comm: "busy", path: "/tmp/out", writeRate: 20480, writeBytes: 40960 })],
	ipc: [ipcRow({ name: "/run/x", bytes: 10 })],
	tcp: [
		tcpRow({ state: "LISTEN", role: "listener", family: 6, localAddress: "::", remoteAddress: "::", remotePort: 0 }),
		tcpRow({ family: 6, localAddress: "::1", remoteAddress: "::1", rttUs: 40, txRate: 1 }),
	],
});

const textOf = (snapshot: Snapshot, over: Partial<TextScene> & { panes?: string[] } = {}): string => {
	const { panes, ...scene } = over;
	const wanted = panes?.map(paneNamed) ?? PANES;
	return [...batchLines(wanted, { snapshot, before: null, matcher: null, width: WIDE, ...scene })].join("");
};

const sectionOf = (text: string, title: string): string[] =>
	text
		.split("\n\n")
		.find((part) => part.startsWith(title))
		?.split("\n") ?? [];

describe("a refresh as plain text", () => {
	const text = textOf(machine);

	it("shows the most active first, in aligned columns", () => {
		expect(sectionOf(text, "Processes: 2")).toEqual([
			"Processes: 2",
			"  PID  PPID  USER  S  THR  CPU%   RES  CALL/s  RD/s  WR/s  RX/s  TX/s  COMMAND",
			"12345     0  1000  S    1  99.9  1.5K       0     0     0     0     0  [busy]",
			"    1     0  root  S    1   0.0     0       0     0     0     0     0  /sbin/init splash",
		]);
		expect(sectionOf(text, "Syscalls: 2")[2]).toBe("12345  busy  openat      2.5      5    1.0     3");
	});
	it("shows listeners and both address families", () => {
		const [, , first, second] = sectionOf(text, "TCP: 2");
		expect(first).toMatch(/ESTABLISHED +\[::1\]:80 +\[::1\]:50000 .* 40us /);
		expect(second).toMatch(/LISTEN +\[::\]:80 +\*:\* /);
	});
	it("shows when a link was last used, and the full name of its kind", () => {
		const ipc = [
			ipcRow({ channel: "pipe:[1]" }),
			ipcRow({ channel: "pipe:[2]", name: "/run/x", lastSeen: "2026-01-01T12:34:56.789Z" }),
		];
		const time = "2026-01-01T12:35:00.000Z";
		const [, , ...rows] = sectionOf(textOf({ ...machine, time, ipc }, { panes: ["ipc"] }), "IPC");
		expect(rows).toEqual([
			expect.stringMatching(/ never .* pipe:\[1\]$/),
			expect.stringMatching(/ 3s .* \/run\/x pipe:\[2\]$/),
		]);
	});
	it("leaves out what the filter rejects", () => {
		const parsed = parseFilter("comm = busy");
		if (!parsed.ok) throw new Error(parsed.message);
		const text = textOf(machine, { matcher: createMatcher(parsed.filter, machine) });
		expect(text).toContain("Processes: 1\n");
		expect(text).toContain("Files: 1\n");
		expect(text).not.toContain("/idle");
	});
	it("has no blank cell, since it would move the others for who counts them", () => {
		const files = [fileRow({ shared: true, flags: "O_RDWR", position: 7 }), fileRow({ flags: "" })];
		for (const [pane, title] of [
			["syscalls", "Syscalls"],
			["files", "Files"],
		] as const) {
			const [, head = "", ...rows] = sectionOf(textOf({ ...machine, files }, { panes: [pane] }), title);
			const count = head.replace("OPENED AS", "OPENED_AS").trim().split(/ +/).length;
			for (const row of rows) expect(row.trim().split(/ +/)).toHaveLength(count);
		}
	});
	it("has only the wanted panes", () => {
		const files = textOf(machine, { panes: ["files"] });
		expect(files).toContain("Files: 2");
		expect(files).not.toContain("Processes");
	});
	it("leaves out what did not change, and counts it", () => {
		const before = { ...machine, files: [idle] };
		expect(sectionOf(textOf(machine, { before }), "Files")).toEqual([
			"Files: 1 active, 1 unchanged are not shown",
			expect.stringContaining("PATH"),
			expect.stringContaining("/tmp/out"),
		]);
	});
	it("says why a pane is empty", () => {
		const probes = [{ probe: "file", state: "off" as const, variant: null, reason: "No BTF.", lost: 0 }];
		const off = textOf(aSnapshot({ health: { ...machine.health, probes } }));
		expect(off).toContain("Files: 0 (off: No BTF.)");
		expect(off).toContain("Probe file: off: No BTF.");
	});
	it("reports full tables and lost records", () => {
		const maps = [{ map: "io", used: 4, capacity: 4, overflow: 17 }];
		const records = { received: 5, lost: 3, malformed: 0 };
		const lossy = textOf(aSnapshot({ health: { ...machine.health, maps, records } }), { panes: [] });
		expect(lossy).toContain("Records: 5 received, 3 lost");
		expect(lossy).toContain("Table io is full: 17 did not fit");
	});
	it("cuts no character in half", () => {
		for (let width = 1; width < 8; width++) expect(cutLine("a😀b😀c", width).isWellFormed()).toBe(true);
	});
	it.each([20, 40, 80])("is never wider than %i columns, and marks what it cut", (width) => {
		const lines = textOf(machine, { width }).split("\n");
		expect(Math.max(...lines.map((line) => line.length))).toBe(width);
		expect(lines.filter((line) => line.length === width).every((line) => line.endsWith("+"))).toBe(true);
	});
});

it("pads a table by its widest cells and never at the end of a line", () => {
	const columns = [
		{ header: "N", value: (row: [number, string]) => String(row[0]), align: "right" as const },
		{ header: "TEXT", value: (row: [number, string]) => row[1] },
	];
	const rows: [number, string][] = [
		[5, "a"],
		[1000, ""],
	];
	expect([...tableLines(columns, rows, WIDE)]).toEqual(["   N  TEXT", "   5  a", "1000"]);
});

it("widens a table for a long name so far and no further", () => {
	const columns = [
		{ header: "NAME", value: (row: string) => row },
		{ header: "END", value: () => "." },
	];
	const long = "x".repeat(10_000);
	expect([...tableLines(columns, [long, "a"], WIDE)].map((line) => line.length)).toEqual([105, 10_003, 103]);
});
