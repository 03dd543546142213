/** Who woke a process, and how often. */

import { expect, test } from "vitest";
import { WireType, WireWaker } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const woken = { pid: 100, start: 5_000_000_000n };

class Machine extends Scenario {
	wake(pid: number, count: number, kind: number = WireWaker.THREAD): this {
		const fields = { waker_pid: pid, waker_start: BigInt(pid), waker: kind, waker_comm: `eb-${pid}`, count };
		return this.add(record(WireType.WAKE, "wire_wake", this.head(woken), fields));
	}
}

const measured = () =>
	new Machine()
		.process(woken)
		.add(record(WireType.PROBE, "wire_probe", new Scenario().head(), { probe: "sched", state: 1 }));
const wokenBy = (machine: Machine) => machine.tick().processes[0]?.sched?.wokenBy;

test("records add up, the busiest waker is first, and interrupts and ending threads have no pid", () => {
	const machine = measured().wake(7, 13).wake(0, 17, WireWaker.INTERRUPT).wake(0, 2, WireWaker.ENDING);
	expect(wokenBy(machine)).toEqual([
		{ pid: 0, comm: "interrupt", count: 17 },
		{ pid: 7, comm: "eb-7", count: 13 },
		{ pid: 0, comm: "ending", count: 2 },
	]);
	expect(wokenBy(machine.wake(7, 5))?.[0]).toEqual({ pid: 7, comm: "eb-7", count: 18 });
});

test("of 65 wakers the one with the fewest counts as other, and sums stay right", () => {
	const machine = measured();
	for (let pid = 1; pid <= 65; pid++) machine.wake(pid, pid === 31 ? 1 : 1000 + pid);
	machine.wake(31, 3);
	const rows = wokenBy(machine) ?? [];
	expect(rows).toHaveLength(65);
	expect(rows.find(({ pid }) => pid === 31)?.count).toBe(3);
	expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(64 * 1000 + (65 * 66) / 2 - 31 + 4);
});
