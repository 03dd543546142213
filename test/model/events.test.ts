/** Events: the text of each type, which are wanted, and storms. */

import { expect, test } from "vitest";
import { EVENT_TYPES, USUAL_EVENTS } from "../../src/model/event-types.ts";
import type { EventRow, Snapshot } from "../../src/model/snapshot.ts";
import { WireEvent, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { record } from "../helpers/wire-encode.ts";

const shell = { pid: 100, start: 5_000_000_000n };
const child = { pid: 101, start: 1000_200_000_000n };

const ofType = (snapshot: Snapshot, type: string): EventRow[] => snapshot.events.filter((row) => row.type === type);

/** A shell forks, the child runs a program and ends. */
function life(scenario: Scenario): Scenario {
	return scenario
		.process(shell, { comm: "eb-shell" })
		.fork(child, 100, "eb-shell")
		.exec(child, "eb-work", "/bin/eb-work", ["eb-work", "-x"])
		.exit(child, { ppid: 100, comm: "eb-work", code: 7, duration_ns: 1_234_000, cpu_ns: 500_000 });
}

test("each event of a process's life has the same content as data and as text", () => {
	const { events } = life(new Scenario()).tick();
	expect(events.map(({ id, type, pid, comm, count, data }) => [id, type, pid, comm, count, data])).toEqual([
		[1, "fork", 100, "eb-shell", 1, { childPid: 101, childStart: "1000200000000" }],
		[2, "exec", 101, "eb-work", 1, { ppid: 100, uid: 0, exe: "/bin/eb-work", args: ["eb-work", "-x"] }],
		[3, "exit", 101, "eb-work", 1, expect.anything()],
	]);
	expect(events[2]?.data).toEqual({
		...{ ppid: 100, code: 7, signal: null, oom: false, coreDumped: false },
		...{ durationMs: 1.234, cpuMs: 0.5 },
	});
});

test("a long command line is cut in the event, word by word", () => {
	const words = ["eb-long", "x".repeat(4000), "y".repeat(4000), "z"];
	const scenario = new Scenario().process(shell).exec(shell, "eb-long", "/bin/eb-long", words);
	const [event] = ofType(scenario.tick(), "exec");
	expect(event?.data).toMatchObject({ args: ["eb-long", words[1], `${"y".repeat(86)}…`, "…"] });
});

test("only what is wanted is listed, and losses always", () => {
	const scenario = life(new Scenario({}, ["exit"]));
	scenario.add(record(WireType.MAP, "wire_map", {}, { map: "io", used: 1, capacity: 2, overflow: 3 }));
	expect(scenario.tick().events.map(({ type, data }) => [type, "of" in data ? data : null])).toEqual([
		["exit", null],
		["loss", { of: "table io", count: 3 }],
	]);
	expect(USUAL_EVENTS.filter((type) => !EVENT_TYPES.includes(type))).toEqual([]);
});

test("the first events of a storm are listed, and one row counts the rest", () => {
	const scenario = new Scenario().process(shell, { comm: "eb-storm" });
	for (let pid = 200; pid < 200 + 997; pid++) {
		scenario.fork({ pid, start: 1000_300_000_000n }, 100);
		scenario.exit({ pid, start: 1000_300_000_000n }, { ppid: 100 });
	}
	scenario.fork({ pid: 4000, start: 1000_300_000_000n }, 1);
	const snapshot = scenario.tick();
	const forks = ofType(snapshot, "fork").filter(({ pid }) => pid === 100);
	expect(forks.map(({ count }) => count)).toEqual([...Array(100).fill(1), 897]);
	expect(forks.at(-1)).toMatchObject({ text: "process 1196 and 896 more", data: { childPid: 1196 } });
	expect(ofType(snapshot, "exit").reduce((sum, { count }) => sum + count, 0)).toBe(997);
	expect(ofType(snapshot, "loss")).toEqual([]);
	expect(ofType(snapshot, "fork").filter(({ data }) => "childPid" in data && data.childPid === 4000)).toHaveLength(1);
	expect(schemaErrors(snapshot)).toEqual([]);
	scenario.fork({ pid: 5000, start: 1002_000_000_000n }, 100);
	expect(ofType(scenario.tick(), "fork").map(({ count }) => count)).toEqual([1]);
});

test("a file's life: created, renamed, deleted, with the names that the process used", () => {
	const scenario = new Scenario().process(shell, { comm: "eb-shell", ns_mnt: 7 }).process(child, { ns_mnt: 8 });
	const { FILE_CREATE, FILE_DELETE, FILE_RENAME } = WireEvent;
	scenario.callEvent(shell, { event: FILE_CREATE, nr: 257 }, ["/tmp/a", ""]).wait(0.017);
	scenario.callEvent(shell, { event: FILE_RENAME, nr: 82 }, ["a", "/tmp", "../tmp/./b", "/tmp"]);
	scenario.callEvent(child, { event: FILE_DELETE, nr: 87 }, ["/tmp/b", ""]);
	scenario.callEvent(shell, { event: FILE_DELETE, nr: 87 }, ["b", "/tmp"]);
	scenario.callEvent(shell, { event: FILE_DELETE, nr: 263, flags: 0x200 }, ["d", "/tmp"]);
	scenario.callEvent(shell, { event: FILE_CREATE, nr: 83 }, ["d", ""]);
	expect(scenario.tick().events.map(({ type, data }) => [type, data])).toEqual([
		["file-create", { path: "/tmp/a", kind: "file" }],
		["file-rename", { path: "/tmp/a", newPath: "/tmp/b", isExchange: false }],
		["file-delete", { path: "/tmp/b", kind: "file", lifetimeMs: null }],
		["file-delete", { path: "/tmp/b", kind: "file", lifetimeMs: 17 }],
		["file-delete", { path: "/tmp/d", kind: "directory", lifetimeMs: null }],
		["file-create", { path: "d", kind: "directory" }],
	]);
});

test("of more files than there is room for, the lifetimes of the oldest are unknown", () => {
	const scenario = new Scenario({ "file-lives": 3 }).process(shell);
	for (let file = 0; file < 5; file++)
		scenario.callEvent(shell, { event: WireEvent.FILE_CREATE, nr: 257 }, [`/tmp/${file}`, ""]);
	scenario.tick();
	for (let file = 0; file < 5; file++)
		scenario.callEvent(shell, { event: WireEvent.FILE_DELETE, nr: 87 }, [`/tmp/${file}`, ""]);
	const snapshot = scenario.tick(1);
	const lives = ofType(snapshot, "file-delete").map(({ data }) => "lifetimeMs" in data && data.lifetimeMs);
	expect(lives).toEqual([null, null, 1000, 1000, 1000]);
	expect(snapshot.health.maps.find(({ map }) => map === "file-lives")).toMatchObject({ capacity: 3, overflow: 2 });
});

test("opens and stats: flags, descriptor, time; an unknown flag is a number, and creat has none", () => {
	const scenario = new Scenario().process(shell);
	const { OPEN, OPEN_FAILED, STAT } = WireEvent;
	const flags = 0o40000000 | 0o100000 | 0o4010000 | 0o20200000 | 2;
	scenario.callEvent(shell, { event: OPEN, nr: 257, flags, other: 17, took_ns: 23_000 }, ["a", "/b"]);
	scenario.callEvent(shell, { event: OPEN, nr: 85, other: 3 }, ["/c", ""]);
	scenario.callEvent(shell, { event: OPEN_FAILED, nr: 257, flags: 3, error: -2 }, ["/d", ""]);
	scenario.callEvent(shell, { event: STAT, nr: 262 }, ["", "/e"]);
	const { events } = scenario.tick();
	expect(events.map(({ type, data }) => ({ type, ...data }))).toEqual([
		{
			...{ type: "open", path: "/b/a", asked: "a", call: "openat", fd: 17, latencyMs: 0.023 },
			flags: "O_RDWR|O_SYNC|O_TMPFILE|040000000",
		},
		{
			...{ type: "open", path: "/c", asked: "/c", call: "creat", fd: 3, latencyMs: null },
			flags: "O_WRONLY|O_CREAT|O_TRUNC",
		},
		{
			...{ type: "open-failed", path: "/d", asked: "/d", call: "openat", flags: "O_ACCMODE", latencyMs: null },
			error: "ENOENT",
		},
		{ type: "stat", path: "/e", asked: "", call: "newfstatat", latencyMs: null },
	]);
	expect(events[3]?.text).toBe("/e by newfstatat");
});

test("incomplete or missing strings of a call are not malformed", () => {
	const scenario = new Scenario().process(shell);
	const { FILE_RENAME, OPEN_FAILED } = WireEvent;
	scenario.callEvent(shell, { event: FILE_RENAME, nr: 82 }, []);
	scenario.callEvent(shell, { event: OPEN_FAILED, nr: 2, error: -2 }, ["\x1b[2J", ""]);
	scenario.callEvent(shell, { event: 4711, nr: 2 }, ["a", ""]);
	expect(scenario.tick().events.map(({ text }) => text)).toEqual(["? to ?", "\\x1b[2J: ENOENT"]);
});
