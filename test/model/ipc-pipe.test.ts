/** Links over pipes and FIFOs: both ends, exact bytes, fair shares. */

import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { WireHow, WireKind } from "../../src/model/wire/layout.gen.ts";
import { Scenario, WALL_MS, type Who } from "../helpers/scenario.ts";

const pipe = { dev: 14, ino: 48122, kind: WireKind.PIPE, mode: 0o010600 };
const [a, b, c, d, shell] = [1, 2, 3, 4, 5].map((pid) => ({ pid, start: 100n })) as [Who, Who, Who, Who, Who];
const READ = { fmode: 1 };
const WRITE = { fmode: 2 };
const id = { dev: 14, ino: 48122 };

const writes = (scenario: Scenario, who: Who, count: number, bytes: number) =>
	scenario.object(who, { ...pipe, ...WRITE }).io(who, { ...id, writes: count, write_bytes: bytes });
const reads = (scenario: Scenario, who: Who, count: number, bytes: number) =>
	scenario.object(who, { ...pipe, ...READ }).io(who, { ...id, reads: count, read_bytes: bytes });
const holds = (scenario: Scenario, who: Who, fmode: number) =>
	scenario.object(who, { ...pipe, fmode, how: WireHow.HELD });
const at = (seconds: number) => new Date(WALL_MS + seconds * 1000).toISOString();
const short = (snapshot: Snapshot) =>
	snapshot.ipc.map((row) => [row.from.pid, row.to.pid, row.messages, row.bytes, row.basis]).sort();

test("one writer, one reader: the bytes and the number of messages written", () => {
	const scenario = new Scenario().process(a, { comm: "eb-dd" }).process(b, { comm: "eb-cat" });
	reads(writes(scenario, a, 16, 1_048_576), b, 40, 1_000_000);
	expect(scenario.tick().ipc).toEqual([
		{
			...{ kind: "pipe", channel: "pipe:[48122]", name: null, messages: 16, bytes: 1_048_576, rate: 0 },
			...{ from: { pid: 1, comm: "eb-dd" }, to: { pid: 2, comm: "eb-cat" }, basis: "observed" },
			lastSeen: at(1),
		},
	]);
	scenario.io(a, { ...id, writes: 17, write_bytes: 1_048_776 });
	expect(scenario.tick(2).ipc).toMatchObject([{ bytes: 1_048_776, rate: 100, lastSeen: at(3) }]);
	expect(scenario.tick().ipc).toMatchObject([{ rate: 0, lastSeen: at(3) }]);
	const idle = scenario.tick().ipc;
	expect(idle).toMatchObject([{ lastSeen: at(3) }]);
	expect(scenario.tick().ipc).toBe(idle);
});

test("an open link has no last use until something is sent", () => {
	const scenario = new Scenario();
	holds(holds(scenario, a, 2), b, 1);
	expect(scenario.tick().ipc).toMatchObject([{ basis: "open", lastSeen: null }]);
	expect(scenario.tick().ipc).toMatchObject([{ lastSeen: null }]);
	writes(scenario, a, 1, 0);
	expect(scenario.tick().ipc).toMatchObject([{ basis: "observed", lastSeen: at(3) }]);
});

test("when shares are recomputed, only those that grew count as used now", () => {
	const scenario = new Scenario();
	reads(reads(writes(writes(scenario, a, 1, 100), b, 1, 100), c, 1, 100), d, 1, 100);
	expect(scenario.tick().ipc.every((row) => row.lastSeen === at(1))).toBe(true);
	writes(reads(scenario, c, 2, 300), a, 2, 300);
	const rows = scenario.tick().ipc;
	const seen = (from: number, to: number) => rows.find((row) => row.from.pid === from && row.to.pid === to)?.lastSeen;
	expect(seen(1, 3)).toBe(at(2));
	expect(seen(2, 4)).toBe(at(1));
});

test("a shell that still has the ends open is not a peer", () => {
	const scenario = new Scenario();
	holds(reads(writes(scenario, a, 1, 10), b, 1, 10), shell, 3);
	expect(short(scenario.tick())).toEqual([[1, 2, 1, 10, "observed"]]);
});

test("ends that are only held open: the link is open, between the processes that have only one end", () => {
	const scenario = new Scenario();
	holds(holds(holds(scenario, a, 2), b, 1), shell, 3);
	expect(short(scenario.tick())).toEqual([[1, 2, 0, 0, "open"]]);
});

test("a read at end of file transfers nothing", () => {
	const scenario = new Scenario();
	holds(holds(reads(scenario, b, 1, 0), a, 2), c, 2);
	expect(short(scenario.tick())).toEqual([
		[1, 2, 0, 0, "open"],
		[3, 2, 0, 0, "open"],
	]);
});

test("written but not read yet: the peer is the process that has the other end open", () => {
	const scenario = new Scenario();
	holds(holds(writes(scenario, a, 2, 20), b, 1), a, 2);
	expect(short(scenario.tick())).toEqual([[1, 2, 2, 20, "observed"]]);
});

test("several writers, one reader: each writer's bytes are exact", () => {
	const scenario = new Scenario();
	reads(writes(writes(scenario, a, 3, 300), b, 5, 500), c, 9, 800);
	expect(short(scenario.tick())).toEqual([
		[1, 3, 3, 300, "observed"],
		[2, 3, 5, 500, "observed"],
	]);
});

test("one writer, several readers: each reader's bytes are exact", () => {
	const scenario = new Scenario();
	reads(reads(writes(scenario, a, 9, 900), b, 1, 300), c, 1, 600);
	expect(short(scenario.tick())).toEqual([
		[1, 2, 3, 300, "observed"],
		[1, 3, 6, 600, "observed"],
	]);
});

test("several on both sides: shares that add up to what each wrote and to what each read", () => {
	const scenario = new Scenario();
	reads(reads(writes(writes(scenario, a, 7, 1009), b, 3, 503), c, 1, 757), d, 1, 755);
	const rows = scenario.tick().ipc;
	const sum = (pick: (row: (typeof rows)[number]) => boolean) =>
		rows.filter(pick).reduce((total, row) => total + row.bytes, 0);
	expect(rows.every((row) => row.basis === "shared")).toBe(true);
	expect([1, 2].map((pid) => sum((row) => row.from.pid === pid))).toEqual([1009, 503]);
	expect([3, 4].map((pid) => sum((row) => row.to.pid === pid))).toEqual([757, 755]);
});

test("a process that talks to itself has no link", () => {
	const scenario = new Scenario();
	reads(writes(scenario, a, 1, 1), a, 1, 1);
	expect(scenario.tick().ipc).toEqual([]);
});

test("a peer that came and went between two refreshes is shown, for five seconds", () => {
	const scenario = new Scenario();
	scenario.tick();
	reads(writes(scenario, a, 1, 11), b, 1, 11);
	scenario.exit(a).exit(b);
	expect(short(scenario.tick())).toEqual([[1, 2, 1, 11, "observed"]]);
	expect(short(scenario.tick(3.5))).toHaveLength(1);
	expect(short(scenario.tick(1))).toHaveLength(0);
});

test("a FIFO has a path, and is also a file", () => {
	const scenario = new Scenario();
	const fifo = { ...id, kind: WireKind.FIFO, mode: 0o010644 };
	scenario.object(a, { ...fifo, fmode: 2 }, "/tmp/eb-fifo").io(a, { ...id, writes: 1, write_bytes: 5, opens: 1 });
	scenario.object(b, { ...fifo, fmode: 1 }, "/tmp/eb-fifo").io(b, { ...id, reads: 1, read_bytes: 5, opens: 1 });
	const snapshot = scenario.tick();
	expect(snapshot.ipc).toMatchObject([{ kind: "fifo", channel: "fifo:[48122]", name: "/tmp/eb-fifo", bytes: 5 }]);
	expect(snapshot.files.map((row) => row.type)).toEqual(["fifo", "fifo"]);
});

test("pipes are found by their mode if the announcement was lost", () => {
	const scenario = new Scenario();
	scenario.io(a, { ...id, mode: 0o010600, writes: 1, write_bytes: 7 });
	scenario.io(b, { ...id, mode: 0o010600, reads: 1, read_bytes: 7 });
	expect(short(scenario.tick())).toEqual([[1, 2, 1, 7, "observed"]]);
});
