/** Threads: a row for each, what it waits in as text, and which rows change. */

import { expect, test } from "vitest";
import { WIRE_NO_CALL, WireCounted, WireType, WireWait, WireWaker } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const who = { pid: 812, start: 12_039_912_000n };
const other = { pid: 907, start: 12_139_912_000n };
const NR = { read: 0, poll: 7, nanosleep: 35, semop: 65, wait4: 61, futex: 202, waitid: 247 };
const ANY_CHILD = 0xffffffffffffffffn;

type Fields = Parameters<typeof record<"wire_thread">>[3];

function add(scenario: Scenario, fields: Fields, wchan = "", of = who): Scenario {
	const filled = { tid: 812, state: "S".charCodeAt(0), comm: "eb-thread", nr: WIRE_NO_CALL, ...fields };
	const withText = { ...filled, wchan_len: wchan.length };
	return scenario.add(record(WireType.THREAD, "wire_thread", scenario.head(of), withText, wchan));
}

const started = () => new Scenario().process(who, { comm: "eb-owner" });
const waitsIn = (fields: Fields, wchan?: string) => add(started(), fields, wchan).tick().threads[0]?.waitsIn;

test("a row has the CPU time of the thread in the interval, its waits for a CPU and its switches", () => {
	const scenario = started();
	scenario.tick();
	add(scenario, { cpu_ns: 700_000_000n }).tick();
	add(scenario, {
		cpu_ns: 1_300_000_000n,
		waker: WireWaker.THREAD,
		waker_pid: 5,
		waker_tid: 7,
		waker_comm: "eb-waker",
		counted: WireCounted.SWITCHES,
		...{ wait_ns: 17, voluntary: 13, involuntary: 11 },
	});
	expect(scenario.tick(2).threads).toEqual([
		{
			...{ pid: 812, tid: 812, comm: "eb-thread", state: "S", cpuPercent: 30, waitsIn: null },
			wokenBy: { pid: 5, tid: 7, comm: "eb-waker" },
			...{ waitNs: 17, voluntary: 13, involuntary: 11 },
		},
	]);
	add(scenario, { cpu_ns: 1_300_000_000n, counted: WireCounted.WAITS, wait_ns: 19 });
	expect(scenario.tick().threads).toMatchObject([{ waitNs: 19, voluntary: null, involuntary: null }]);
});

test.each([
	["futex held by tid 831", { nr: NR.futex, wait: WireWait.HOLDER, other_tid: 831, other_pid: 812 }],
	["futex held by tid 911 of eb-other 907", { nr: NR.futex, wait: WireWait.HOLDER, other_tid: 911, other_pid: 907 }],
	["futex until tid 831 ends", { nr: NR.futex, wait: WireWait.END, other_tid: 831, other_pid: 812 }],
	["futex", { nr: NR.futex, argument: 0x7fff_0000_1000n }],
	["read of descriptor 5", { nr: NR.read, argument: 5n }],
	["read of descriptor 5", { nr: NR.read, argument: 5n, has_object: 1, ino: 99n, dev: 7 }],
	["wait4 for any child", { nr: NR.wait4, argument: ANY_CHILD }],
	["wait4 for pid 83", { nr: NR.wait4, argument: 83n }],
	["waitid for pid 83", { nr: NR.waitid, argument: 1n, second_argument: 83n }],
	["poll of 3 descriptors", { nr: NR.poll, argument: 0x7fff_0000_1000n, second_argument: 3n }],
	["semop of sysv-sem:[11]", { nr: NR.semop, argument: 11n }],
	["nanosleep", { nr: NR.nanosleep, argument: 0x7fff_0000_1000n }],
] as const)("%s", (text, fields) => {
	const scenario = started().process(other, { comm: "eb-other" });
	expect(add(scenario, fields).tick().threads[0]?.waitsIn).toBe(text);
});

test("outside a system call it is the kernel function, as safe text", () => {
	expect(waitsIn({}, "worker_thread")).toBe("worker_thread");
	expect(waitsIn({}, "a\u001b[2J")).toBe("a\\x1b[2J");
	expect(waitsIn({ state: "R".charCodeAt(0) }, "worker_thread")).toBeNull();
});

test("a thread that did nothing keeps its row; one that is gone has none", () => {
	const scenario = started();
	add(scenario, { tid: 821, cpu_ns: 5n });
	add(scenario, { tid: 823, cpu_ns: 5n });
	scenario.tick();
	const [first, second] = [scenario.tick().threads, scenario.tick().threads];
	expect(second).toBe(first);
	add(scenario, { tid: 821, state: "X".charCodeAt(0) });
	expect(scenario.tick().threads.map(({ tid }) => tid)).toEqual([823]);
	add(scenario, { tid: 823, born: 1n, state: "X".charCodeAt(0) }); // of a thread that had the tid before
	expect(scenario.tick().threads).toHaveLength(1);
	add(scenario, { tid: 823, born: 99n, cpu_ns: 3n, comm: "eb-younger" });
	expect(scenario.tick().threads.map(({ comm }) => comm)).toEqual(["eb-younger"]);
});

test("threads are removed with their process, and no late record brings them back", () => {
	const scenario = started();
	add(scenario, {});
	expect(scenario.tick().threads).toHaveLength(1);
	scenario.exit(who);
	expect(scenario.tick().threads).toEqual([]);
	expect(add(scenario, {}).tick().threads).toEqual([]);
});
