import { describe, expect, it } from "vitest";
import { PANES, type Snapshot } from "../../src/model/snapshot.ts";
import { batchText } from "../../src/output/batch/batch.ts";
import { bytes, perSecond, time, uptime } from "../../src/output/batch/format.ts";
import { cutLine, tableLines } from "../../src/output/batch/table.ts";
import { fileRow, ipcRow, processRow, snapshotOf, syscallRow, tcpRow } from "../model/filter/rows.ts";

const WIDE = Number.POSITIVE_INFINITY;
const idle = fileRow({ pid: 5, comm: "idle", path: "/idle", readBytes: 7 });
const machine: Snapshot = snapshotOf({
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
		tcpRow({ state: "LISTEN", role: "listener", localAddress: "::", family: 6, remotePort: 0 }),
		tcpRow({ localAddress: "::1", remoteAddress: "::1", rttUs: 40, txRate: 1 }),
	],
});

const sectionOf = (text: string, title: string): string[] =>
	text
		.split("\n\n")
		.find((part) => part.startsWith(title))
		?.split("\n") ?? [];

describe("a refresh as plain text", () => {
	const text = batchText(machine, null, PANES, WIDE);

	it("shows the most active first, in aligned columns", () => {
		expect(sectionOf(text, "Processes: 2")).toEqual([
			"Processes: 2",
			"  PID  PPID  USER  S  THR  CPU%   RSS  CALLS/s  READ/s  WRITE/s  TX/s  RX/s  COMMAND",
			"12345     0  1000  S    1  99.9  1.5K        0       0        0     0     0  [busy]",
			"    1     0  root  S    1   0.0     0        0       0        0     0     0  /sbin/init splash",
		]);
		expect(sectionOf(text, "System calls: 2")[2]).toBe(
			"12345  busy  openat       2.5         1      5       3    -    -",
		);
	});
	it("tells listeners and both families of addresses apart", () => {
		const [, , first, second] = sectionOf(text, "TCP: 2");
		expect(first).toMatch(/ESTABLISHED .* 40us .* \[::1\]:80 +\[::1\]:50000$/);
		expect(second).toMatch(/LISTEN .* \[::\]:80 +\*$/);
	});
	it("says when a link last moved, where the line has room", () => {
		const ipc = [
			ipcRow({ channel: "pipe:[1]" }),
			ipcRow({ channel: "pipe:[2]", lastSeen: "2026-01-01T12:34:56.789Z" }),
		];
		const [, head, ...rows] = sectionOf(batchText({ ...machine, ipc }, null, ["ipc"], WIDE), "IPC");
		expect(head).toMatch(/CHANNEL +LAST$/);
		expect(rows).toEqual([expect.stringMatching(/pipe:\[1\] +never$/), expect.stringMatching(/pipe:\[2\] +12:34:56$/)]);
	});
	it("has only the wanted panes", () => {
		const files = batchText(machine, null, ["files"], WIDE);
		expect(files).toContain("Files: 2");
		expect(files).not.toContain("Processes");
	});
	it("leaves out what did not change, and counts it", () => {
		const before = { ...machine, files: [idle] };
		expect(sectionOf(batchText(machine, before, PANES, WIDE), "Files")).toEqual([
			"Files: 1 active, 1 unchanged are not shown",
			expect.stringContaining("PATH"),
			expect.stringContaining("/tmp/out"),
		]);
	});
	it("says why a pane is empty", () => {
		const probes = [{ probe: "file", state: "off" as const, variant: null, reason: "No BTF.", lost: 0 }];
		const off = batchText(snapshotOf({ health: { ...machine.health, probes } }), null, PANES, WIDE);
		expect(off).toContain("Files: 0 (off: No BTF.)");
		expect(off).toContain("Probe file: off: No BTF.");
	});
	it("tells of full tables and of lost records", () => {
		const maps = [{ map: "io", used: 4, capacity: 4, overflow: 17 }];
		const records = { received: 5, lost: 3, malformed: 0 };
		const lossy = batchText(snapshotOf({ health: { ...machine.health, maps, records } }), null, [], WIDE);
		expect(lossy).toContain("Records: 5 received, 3 lost");
		expect(lossy).toContain("Table io is full: 17 did not fit");
	});
	it("cuts no character in half", () => {
		for (let width = 1; width < 8; width++) expect(cutLine("a😀b😀c", width).isWellFormed()).toBe(true);
	});
	it.each([20, 40, 80])("is never wider than %i columns, and marks what it cut", (width) => {
		const lines = batchText(machine, null, PANES, width).split("\n");
		expect(Math.max(...lines.map((line) => line.length))).toBe(width);
		expect(lines.filter((line) => line.length === width).every((line) => line.endsWith("+"))).toBe(true);
	});
});

it("pads a table by its widest cells and never at the end of a line", () => {
	const columns = [
		{ header: "N", value: (row: [number, string]) => String(row[0]), align: "right" as const },
		{ header: "TEXT", value: (row: [number, string]) => row[1] },
	];
	expect(
		tableLines(
			columns,
			[
				[5, "a"],
				[1000, ""],
			],
			WIDE,
		),
	).toEqual(["   N  TEXT", "   5  a", "1000"]);
});

describe("numbers", () => {
	it.each([
		[0, "0"],
		[999, "999"],
		[1000, "1.0K"],
		[10 * 1024, "10K"],
		[1024 ** 2 - 1, "1.0M"],
		[1.5 * 1024 ** 4, "1.5T"],
	])("%d bytes are %s", (value, wanted) => expect(bytes(value)).toBe(wanted));
	it.each([
		[0, "0"],
		[0.25, "0.3"],
		[12.6, "13"],
	])("%d a second is %s", (value, wanted) => expect(perSecond(value)).toBe(wanted));
	it.each([
		[850, "850ns"],
		[1500, "1.5us"],
		[40_000, "40us"],
		[3_400_000, "3.4ms"],
		[2e9, "2.0s"],
	])("%d ns are %s", (value, wanted) => expect(time(value)).toBe(wanted));
	it("tells the time since boot", () => {
		expect(uptime(5 * 60_000)).toBe("0:05");
		expect(uptime((26 * 60 + 3) * 60_000)).toBe("1 day, 2:03");
		expect(uptime(72 * 3600_000)).toBe("3 days, 0:00");
	});
});
