/** The process table: births, deaths, identity, and the results of passes. */

import { expect, test } from "vitest";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import { WireKind, WireNameKind, WireTextFlag, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const shell = { pid: 100, start: 5_000_000_000n };
const child = { pid: 101, start: 1001_200_000_000n };
const row = (snapshot: Snapshot, pid: number) => snapshot.processes.find((one) => one.pid === pid) as ProcessRow;

test("a process that came and went between two refreshes is in the next snapshot with its exit", () => {
	const scenario = new Scenario();
	scenario.process(shell, { comm: "eb-shell" }).tick();
	scenario.wait(0.2).fork(child, 100, "eb-shell").exec(child, "eb-work", "/bin/eb-work", ["eb-work", "-x", ""]);
	scenario.wait(0.001).exit(child, { ppid: 100, comm: "eb-work", code: 7, duration_ns: 1_234_000, cpu_ns: 500_000 });
	const snapshot = scenario.tick(0.799);
	expect(row(snapshot, 101)).toMatchObject({
		...{ pid: 101, ppid: 100, start: "1001200000000", comm: "eb-work", exe: "/bin/eb-work" },
		...{ args: ["eb-work", "-x", ""], state: "X", cpuPercent: 0.05 },
		exit: { code: 7, signal: null, oom: false, durationMs: 1.234 },
	});
	expect(snapshot.events.map((event) => [event.type, event.pid, event.text])).toEqual([
		["fork", 100, "process 101"],
		["exec", 101, "eb-work -x "],
		["exit", 101, "exited with 7 after 1.234 ms"],
	]);
});

test("dead processes stay for five seconds", () => {
	const scenario = new Scenario();
	scenario.process(shell).tick();
	scenario.exit(shell, { signal: 15 });
	expect(row(scenario.tick(), 100).exit?.signal).toBe("SIGTERM");
	expect(row(scenario.tick(3.9), 100)).toBeDefined();
	expect(scenario.tick(0.1).processes).toEqual([]);
});

test("with a long delay, dead processes are still in one snapshot", () => {
	const scenario = new Scenario();
	scenario.process(shell).tick();
	scenario.exit(shell);
	expect(scenario.tick(60).processes).toHaveLength(1);
	expect(scenario.tick(60).processes).toHaveLength(0);
});

test("a pid that is used again is another process", () => {
	const scenario = new Scenario();
	scenario.process(shell).tick();
	scenario.fork({ pid: 100, start: 1001_000_000_000n }, 1, "eb-second");
	const rows = scenario.tick().processes;
	expect(rows.map((one) => [one.pid, one.comm, one.state])).toEqual([
		[100, "eb-proc", "X"],
		[100, "eb-second", "R"],
	]);
	expect(rows[0]?.exit).toEqual({ code: null, signal: null, oom: false, durationMs: null });
	expect(scenario.syscall(shell, 39, 3).tick().syscalls).toMatchObject([{ pid: 100, comm: "eb-proc", count: 3 }]);
});

test("a process missing from a full pass is gone, one born during it is not", () => {
	const scenario = new Scenario();
	scenario.process(shell).process({ pid: 7, start: 1 }).tick();
	scenario.pass("PROCESSES", (inside) => {
		inside.process(shell).wait(0.001).fork(child, 100);
	});
	const snapshot = scenario.tick();
	expect(row(snapshot, 7)).toMatchObject({ state: "X", exit: { code: null } });
	expect(row(snapshot, 100).exit).toBeNull();
	expect(row(snapshot, 101).exit).toBeNull();
});

test("a zombie stays visible until its parent reaps it", () => {
	const scenario = new Scenario();
	const pass = (states: number[]) =>
		scenario.pass("PROCESSES", (inside) => {
			for (const state of states) inside.process(shell, { state });
		});
	pass([83]).tick();
	scenario.exit(shell, { code: 3 });
	expect(row(pass([90]).tick(), 100).state).toBe("X");
	expect(row(pass([90]).tick(9), 100)).toMatchObject({ state: "Z", exit: { code: 3 } });
	expect(pass([]).tick(1).processes).toHaveLength(0);
});

test("an exit after the last pass is no zombie, even if no pass follows", () => {
	const scenario = new Scenario().pass("PROCESSES", (inside) => inside.process(shell));
	scenario.tick();
	scenario.exit(shell).tick();
	expect(scenario.tick(6).processes).toHaveLength(0);
});

test("a row that did not change is the same object", () => {
	const scenario = new Scenario();
	const first = scenario.process(shell, { cpu_ns: 5 }).tick();
	const second = scenario.process(shell, { cpu_ns: 5 }).tick();
	expect(second.processes).toBe(first.processes);
	expect(second.syscalls).toBe(first.syscalls);
	const third = scenario.process(shell, { cpu_ns: 500_000_005 }).tick(2);
	expect(row(third, 100)).not.toBe(row(first, 100));
	expect(row(third, 100).cpuPercent).toBe(25);
	expect(row(scenario.tick(), 100).cpuPercent).toBe(0);
});

test("names of users, cgroups and containers are assigned whenever they come", () => {
	const scenario = new Scenario();
	scenario.process(shell, { uid: 33, cgroup: 0x1_0000_0001n }).tick();
	const name = (kind: number, id: number | bigint, text: string) =>
		record(WireType.NAME, "wire_name", scenario.head(), { id, kind, len: text.length }, text);
	scenario.add(name(WireNameKind.USER, 33, "www-data"), name(WireNameKind.CGROUP, 0x1_0000_0001n, "/a.slice"));
	scenario.add(name(WireNameKind.CONTAINER, 0x1_0000_0001n, ["podman", "713e", "web", "eb-image"].join("\0")));
	scenario.fork(child, 100);
	const snapshot = scenario.tick();
	const names = { cgroup: "/a.slice", container: { runtime: "podman", id: "713e", name: "web", image: "eb-image" } };
	expect(row(snapshot, 100)).toMatchObject({ user: "www-data", ...names });
	expect(row(snapshot, 101)).toMatchObject(names);
});

test("long command lines come in chunks, and are marked where they were cut", () => {
	const scenario = new Scenario().process(shell);
	const chunk = (offset: number, text: string, flags = 0) =>
		record(WireType.ARGS, "wire_text", scenario.head(shell), { offset, total: 8, len: text.length, flags }, text);
	scenario.add(chunk(0, "eb\0a"), chunk(4, "bc\0d", 1));
	expect(row(scenario.tick(), 100).args).toEqual(["eb", "abc", "d", "…"]);
	scenario.add(chunk(4, "lost"));
	expect(row(scenario.tick(), 100).args).toHaveLength(4);
});

test("names cannot control the terminal", () => {
	const scenario = new Scenario().exec(shell, "a\x1b[2J", "/tmp/\u202eb", ["x\ny"]);
	expect(row(scenario.tick(), 100)).toMatchObject({ comm: "a\\x1b[2J", exe: "/tmp/\\u{202e}b", args: ["x\\x0ay"] });
});

test("a failed exec has the path and the reason", () => {
	const scenario = new Scenario().process(shell, { comm: "eb-shell" });
	const failed = (error: number, name: string, name_flags = 0) =>
		record(
			WireType.EXEC_FAILED,
			"wire_exec",
			scenario.head(shell),
			{ comm: "eb-shell", error, name_len: name.length, name_flags },
			name,
		);
	scenario.add(
		failed(-2, "/no/such\0such\0-l\0a b\0"),
		failed(-9999, "/odd"),
		failed(-2, "\0\0"),
		failed(-7, "/long\0long\0x\x1b[2J", WireTextFlag.MORE_ARGS),
	);
	const snapshot = scenario.tick();
	expect(snapshot.events.map((event) => [event.type, event.text])).toEqual([
		["exec-failed", "/no/such -l a b: ENOENT"],
		["exec-failed", "/odd: error -9999"],
		["exec-failed", ": ENOENT"],
		["exec-failed", "/long x\\x1b[2J …: E2BIG"],
	]);
	expect(snapshot.events.map(({ data }) => "args" in data && data.args)).toEqual([
		["such", "-l", "a b"],
		[],
		[""],
		["long", "x\\x1b[2J", "…"],
	]);
	expect(row(snapshot, 100)).toMatchObject({ comm: "eb-shell", exit: null });
});

test("if there are more long command lines than a refresh may take, each keeps its beginning and the loss is an event", () => {
	const scenario = new Scenario();
	const whole = "x".repeat(131_070);
	const chunks = (pid: number) => {
		for (let offset = 0; offset < 131_072; offset += 4096) {
			const bytes = `${offset === 0 ? "a\0" : ""}${whole}`.slice(offset === 0 ? 0 : offset - 2).slice(0, 4096);
			const text = { offset, total: 131_072, len: 4096 };
			scenario.add(record(WireType.ARGS, "wire_text", scenario.head({ pid, start: 1n }), text, bytes));
		}
	};
	for (let pid = 1; pid <= 71; pid++) {
		scenario.fork({ pid, start: 1n }, 0);
		chunks(pid);
	}
	const snapshot = scenario.tick();
	const lengths = snapshot.processes.map(({ args }) => args.map((word) => word.length).join());
	expect(lengths.filter((one) => one === "1,131070")).toHaveLength(64);
	expect(lengths.filter((one) => one === "1,4094,1")).toHaveLength(7);
	expect(snapshot.processes.at(-1)?.args[2]).toBe("…");
	expect(snapshot.events.filter(({ type }) => type === "loss").map(({ text }) => text)).toEqual([
		"7 command lines were truncated: there are too many long ones",
	]);
	for (let pid = 71; pid >= 1; pid--) chunks(pid);
	const next = scenario.tick().processes.map(({ args }) => args.map((word) => word.length).join());
	expect(new Set(next)).toEqual(new Set(["1,131070"]));
});

test("one user's command lines cannot take all the room: they are cut, another user's are whole, and the room is freed", () => {
	const scenario = new Scenario();
	const line = `a\0${"\x01".repeat(4000)}`;
	const start = (pid: number, uid: number) => {
		const who = { pid, start: 1n };
		scenario.process(who, { holder: uid });
		scenario.add(record(WireType.ARGS, "wire_text", scenario.head(who), { total: 4002, len: 4002 }, line));
	};
	for (let pid = 1; pid <= 1100; pid++) start(pid, 1);
	start(2000, 2);
	const snapshot = scenario.tick();
	const escaped = "\\x01".length * 4000;
	const fitting = Math.floor((16 * 1024 * 1024) / (escaped + 3));
	const lengths = snapshot.processes.map(({ args }) => args[1]?.length ?? 0);
	expect(lengths.slice(0, 1100).filter((length) => length === escaped)).toHaveLength(fitting);
	expect(row(snapshot, 2000).args[1]?.length).toBe(escaped);
	expect(row(snapshot, 1100).args).toEqual(["a", "\\x01".repeat(254), "…"]);
	expect(snapshot.events.filter(({ type }) => type === "loss").map(({ text }) => text)).toEqual([
		`${1100 - fitting} command lines were truncated: there are too many long ones`,
	]);
	for (let pid = 1090; pid <= 1100; pid++) start(pid, 1);
	expect(scenario.tick().events).toEqual([]);
	for (let pid = 1; pid <= 1100; pid++) scenario.exit({ pid, start: 1n });
	for (let second = 0; second < 6; second++) scenario.tick();
	start(3000, 1);
	expect(row(scenario.tick(), 3000).args[1]?.length).toBe(escaped);
});

test("command lines that are sent again are not counted twice, and not cut", () => {
	const scenario = new Scenario();
	const line = `a\0${"\x01".repeat(4000)}`;
	const send = (pid: number) => {
		const text = { total: 4002, len: 4002 };
		scenario.add(record(WireType.ARGS, "wire_text", scenario.head({ pid, start: 1n }), text, line));
	};
	for (let pid = 1; pid <= 600; pid++) scenario.process({ pid, start: 1n }, { holder: 1 });
	for (let round = 0; round < 3; round++) for (let pid = 1; pid <= 600; pid++) send(pid);
	const snapshot = scenario.tick();
	expect(snapshot.processes.map(({ args }) => args[1]?.length)).toEqual(Array(600).fill(16_000));
	expect(snapshot.events.filter(({ type }) => type === "loss")).toEqual([]);
});

test("a rate times its interval is the exact number of bytes, however short the interval", () => {
	const who = { pid: 10, start: 5n };
	const scenario = new Scenario().process(who, {});
	scenario.tick();
	scenario.object(who, { ino: 7, dev: 8, mode: 0o100600, kind: WireKind.REGULAR, slot: 1 }, "/f");
	scenario.io(who, { ino: 7, dev: 8, slot: 1, reads: 1, read_bytes: 13_117_000_019 });
	const { processes, intervalMs } = scenario.tick(0.003_000_7);
	expect(Math.round((processes[0]?.readRate ?? 0) * (intervalMs / 1000))).toBe(13_117_000_019);
});
