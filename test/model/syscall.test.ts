/** The system call table: counts, rates over the true interval, latency. */

import { expect, test } from "vitest";
import { WireType } from "../../src/model/wire/layout.gen.ts";
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

test("what is first seen after the first refresh counts from zero", () => {
	const scenario = new Scenario();
	scenario.tick();
	expect(scenario.syscall(who, 0, 7).tick(0.5).syscalls).toMatchObject([{ name: "read", count: 7, rate: 14 }]);
});

test("32-bit calls have their own numbers and names, unknown numbers say so", () => {
	const scenario = new Scenario().syscall(who, 20, 1, 0, 1).syscall(who, 20, 2).syscall(who, 999, 3);
	expect(scenario.tick().syscalls.map((row) => row.name)).toEqual(["getpid/i386", "writev", "syscall_999"]);
});

test("a counter that began anew goes on from what was counted", () => {
	const scenario = new Scenario().syscall(who, 39, 100);
	scenario.tick();
	expect(scenario.syscall(who, 39, 5).tick().syscalls).toMatchObject([{ count: 105, rate: 5 }]);
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
