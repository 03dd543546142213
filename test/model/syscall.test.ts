/** The system call table: counts, rates over the true interval, latency. */

import { expect, test } from "vitest";
import { syscallNames } from "../../src/model/names/syscalls.ts";
import { WIRE_CALL_NUMBERS, WIRE_NR_OTHER, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const who = { pid: 812, start: 12_039_912_000n };

test("counts are totals, rates are over the true interval and go back to 0", () => {
	const scenario = new Scenario().process(who, { comm: "eb-count" });
	expect(scenario.syscall(who, 39, 101, 3).tick().syscalls).toEqual([
		{
			...{ pid: 812, comm: "eb-count", nr: 39, name: "getpid", count: 101, rate: 0, errors: 3, errorRate: 0 },
			latency: null,
		},
	]);
	const second = scenario.syscall(who, 39, 202, 5).tick(2);
	expect(second.syscalls).toMatchObject([{ count: 202, rate: 50.5, errors: 5, errorRate: 1 }]);
	expect(second.processes).toMatchObject([{ syscallRate: 50.5 }]);
	expect(second.system.syscallRate).toBe(50.5);
	const third = scenario.tick();
	expect(third.syscalls).toMatchObject([{ count: 202, rate: 0, errorRate: 0 }]);
	expect(third.processes).toMatchObject([{ syscallRate: 0 }]);
	expect(scenario.tick().syscalls).toBe(third.syscalls);
});

test("what is first seen after the first refresh counts from 0", () => {
	const scenario = new Scenario();
	scenario.tick();
	expect(scenario.syscall(who, 0, 7).tick(0.5).syscalls).toMatchObject([{ name: "read", count: 7, rate: 14 }]);
});

test("32-bit calls have their own numbers and names, unknown numbers are marked", () => {
	const scenario = new Scenario().syscall(who, 20, 1, 0, 1).syscall(who, 20, 2).syscall(who, 499, 3);
	expect(scenario.tick().syscalls.map((row) => row.name)).toEqual(["getpid/i386", "writev", "syscall_499"]);
});

test("calls of arm64 have the generic numbers, those of its 32-bit programs arm's", () => {
	const { native, compat } = syscallNames("aarch64");
	expect([63, 172, 221, 435].map(native)).toEqual(["read", "getpid", "execve", "clone3"]);
	expect([3, 20, 248, 435, 500].map(compat)).toEqual([
		"read/arm",
		"getpid/arm",
		"exit_group/arm",
		"clone3/arm",
		"syscall_500/arm",
	]);
});

test("a process that tries all numbers has one row for those that no kernel has, and a row for every real call", () => {
	const scenario = new Scenario();
	scenario.tick();
	for (let nr = 0; nr < WIRE_CALL_NUMBERS; nr++) scenario.syscall(who, nr, 1, 1).syscall(who, nr, 1, 1, 1);
	scenario.syscall(who, WIRE_NR_OTHER, 1109, 1109).syscall(who, WIRE_NR_OTHER, 557, 557, 1).syscall(who, 0, 10_007);
	const { syscalls, system } = scenario.tick();
	const counts = new Map(syscalls.map((row) => [row.name, row.count]));
	expect(counts.get("read")).toBe(10_007);
	expect(counts.get("syscall_other")).toBe(1109);
	expect(counts.get("syscall_other/i386")).toBe(557);
	expect(syscalls).toHaveLength(2 * WIRE_CALL_NUMBERS + 2);
	expect(system.syscallRate).toBe(10_006 + 2 * WIRE_CALL_NUMBERS + 1109 + 557);
});

test("calls that found no room in the kernel's table are one row of their process, so its rows add up to its calls", () => {
	const spill = (scenario: Scenario, calls: number, errors: number) =>
		scenario.add(record(WireType.SPILL, "wire_spill", scenario.head(who), { calls, errors }));
	const scenario = spill(new Scenario().syscall(who, 39, 101), 7, 2);
	scenario.tick();
	const { syscalls, processes } = spill(scenario.syscall(who, 39, 202), 30, 5).tick();
	expect(syscalls.map(({ name, count, rate, errors }) => [name, count, rate, errors])).toEqual([
		["getpid", 202, 101, 0],
		["other", 30, 23, 5],
	]);
	expect(processes).toMatchObject([{ syscallRate: 101 + 23 }]);
});

test("a counter that restarted continues from what was counted", () => {
	const scenario = new Scenario().syscall(who, 39, 100);
	scenario.tick();
	expect(scenario.syscall(who, 39, 5).tick().syscalls).toMatchObject([{ count: 105, rate: 5 }]);
});

test("a freed slot: calls and their times continue from what was counted, however many follow", () => {
	const scenario = new Scenario();
	const timed = (count: number, total_ns: number, max_ns: number, bucket: number) => {
		const buckets = Array.from({ length: 40 }, (_, index) => (index === bucket ? count : 0));
		const fields = { nr: 39, count, total_ns, max_ns, buckets };
		scenario.syscall(who, 39, count);
		scenario.add(record(WireType.LATENCY, "wire_latency", scenario.head(who), fields));
	};
	timed(7, 7_000, 2_000, 10);
	scenario.tick();
	timed(0, 0, 0, 0);
	expect(scenario.tick().syscalls).toMatchObject([{ count: 7, rate: 0, latency: { totalNs: 7_000, maxNs: 2_000 } }]);
	timed(13, 1_300, 150, 6);
	const [row] = scenario.tick().syscalls;
	expect(row).toMatchObject({ count: 20, rate: 13, latency: { totalNs: 8_300, avgNs: 415, maxNs: 2_000 } });
	expect(row?.latency?.buckets).toEqual([0, 0, 0, 0, 0, 0, 13, 0, 0, 0, 7]);
});

test("an exec renames the rows", () => {
	const scenario = new Scenario().syscall(who, 39, 1);
	scenario.tick();
	expect(scenario.exec(who, "eb-new", "/bin/new", []).tick().syscalls).toMatchObject([{ comm: "eb-new" }]);
});

test("latency: average and maximum are exact, percentiles lie inside their bucket", () => {
	const buckets = new Array(40).fill(0);
	buckets[10] = 98;
	buckets[20] = 2;
	const fields = { nr: 1, count: 100, total_ns: 3_000_000, max_ns: 1_500_000, buckets };
	const scenario = new Scenario().syscall(who, 1, 100);
	scenario.add(record(WireType.LATENCY, "wire_latency", scenario.head(who), fields));
	const latency = scenario.tick().syscalls[0]?.latency;
	expect(latency).toMatchObject({ totalNs: 3_000_000, avgNs: 30_000, maxNs: 1_500_000 });
	expect(latency?.p50Ns).toBe(Math.round(1024 + (50 / 98) * 1024));
	expect(latency?.p99Ns).toBeGreaterThanOrEqual(2 ** 20);
	expect(latency?.p99Ns).toBeLessThanOrEqual(1_500_000);
});
