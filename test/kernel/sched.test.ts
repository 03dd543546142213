/**
 * The scheduler: waits for CPUs, time on them and switches, compared with the kernel's own counts of the same
 * processes.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { until, Workload } from "../helpers/workload.ts";

const NAPS = 53;
const WAKES = 17;
const SINGLE = ["eb-napper", "eb-burner", "eb-rival"];

describeLive("the scheduler", () => {
	const closers: (() => unknown)[] = [];
	afterEach(async () => {
		for (const close of closers.splice(0).reverse()) await close();
	});

	/** Its processes sleep when they are done, and their counts stand still. */
	async function run(): Promise<Workload> {
		const workload = new Workload("sched", ["run"]);
		closers.push(() => workload.end());
		await workload.ready("eb-main");
		const isStill = (role: string) => existsSync(join(workload.directory, `slept.${role}`));
		await until("their end", () => [...SINGLE, "eb-threads"].every(isStill));
		return workload;
	}

	const switchesOf = (snapshot: Snapshot, pid: number) => {
		const { voluntary, involuntary } = processIn(snapshot, pid)?.sched ?? {};
		return [voluntary, involuntary];
	};
	/** As the kernel counts them for a process of one thread. */
	const countsOf = (pid: number) => {
		const text = readFileSync(`/proc/${pid}/status`, "utf8");
		return ["voluntary", "nonvoluntary"].map((word) =>
			Number(RegExp(`^${word}_ctxt_switches:\\s*(\\d+)`, "m").exec(text)?.[1]),
		);
	};
	const waitsOf = (snapshot: Snapshot, pid: number) =>
		processIn(snapshot, pid)?.sched?.waitBuckets.reduce((sum, count) => sum + count, 0);

	test("is measured to the exact switch, each with its wait", async () => {
		const session = new LiveSession({ concerns: ["process", "sched"] });
		closers.push(() => session.close());
		const workload = await run();
		for (const role of SINGLE) {
			const pid = workload.pid(role);
			const snapshot = await session.expect((seen) => switchesOf(seen, pid), countsOf(pid));
			const [voluntary = 0, involuntary = 0] = countsOf(pid);
			const waits = waitsOf(snapshot, pid) ?? 0;
			expect(waits).toBeGreaterThan(0);
			expect(waits + (processIn(snapshot, pid)?.sched?.untimed ?? 0)).toBe(voluntary + involuntary);
			expect(session.losses()).toEqual([]);
			// Its last time slice is the one in which it went to sleep, so the kernel's sums do not change either.
			const [runNs, waitNs] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ").map(Number);
			const { sched } = processIn(snapshot, pid) ?? {};
			expect([sched?.runNs, sched?.waitNs]).toEqual([runNs, waitNs]);
			expect(sched?.cpus.reduce((sum, cpu) => sum + cpu.runNs, 0)).toBe(sched?.runNs);
		}
		expect(processIn(session.refresh(), workload.pid("eb-burner"))?.sched?.waitP99Ns).toBeGreaterThan(0);
		const snapshot = session.refresh();
		// Each nap, and the sleep at the end.
		expect(switchesOf(snapshot, workload.pid("eb-napper"))[0]).toBe(NAPS + 1);
		// Each nap ends by a timer, each read by the other process.
		const wakersOf = (role: string) => processIn(snapshot, workload.pid(role))?.sched?.wokenBy;
		expect(wakersOf("eb-napper")).toEqual([{ pid: 0, comm: "interrupt", count: NAPS }]);
		const waker = { pid: workload.pid("eb-waker"), comm: "eb-waker", count: WAKES };
		expect(wakersOf("eb-woken")).toContainEqual(waker);
		// One thread's naps, the other's wait for it and its sleep at the end.
		expect(switchesOf(snapshot, workload.pid("eb-threads"))[0]).toBeGreaterThanOrEqual(NAPS + 2);
	});

	test("is measured once it is wanted, and again later", async () => {
		const session = new LiveSession({ concerns: ["process"], standby: ["sched"] });
		closers.push(() => session.close());
		const before = await run();
		expect(processIn(session.refresh(), before.pid("eb-napper"))?.sched).toBeNull();
		for (let round = 0; round < 2; round++) {
			session.want(["sched"]);
			session.refresh();
			const workload = await run();
			const pid = workload.pid("eb-napper");
			await session.expect((seen) => switchesOf(seen, pid), countsOf(pid));
			session.want([]);
			expect(processIn(session.refresh(), pid)?.sched).toBeNull();
		}
	});

	test("what has no room in a table is counted as overflow", async () => {
		const session = new LiveSession({ concerns: ["process", "sched"], capacity: { sched: 64, wakes: 64 } });
		closers.push(() => session.close());
		await Promise.all(Array.from({ length: 5 }, run));
		const { maps } = session.refresh().health;
		for (const name of ["sched", "wakes"]) {
			const table = maps.find(({ map }) => map === name);
			expect(table?.capacity).toBe(64);
			expect(table?.overflow).toBeGreaterThan(0);
		}
	});
});
