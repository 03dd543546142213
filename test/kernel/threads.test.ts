/** Threads: what each waits in, which thread holds what it waits for, which thread woke it. */

import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { afterEach, expect, test } from "vitest";
import type { Snapshot, ThreadRow } from "../../src/model/snapshot.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { threadsOf, WAITS, waitsOf } from "../helpers/threads.ts";
import { Workload } from "../helpers/workload.ts";

const CONCERNS = ["process", "ipc", "file", "tcp", "thread"] as const;
/** What eb-napper calculates, by its own clock; at most what its 13 naps take after that. */
const BUSY_US = 211_000;
const NAPS_US = 2000;

/** As the kernel tells it of a thread: its waits for a CPU, its switches. */
function schedulingOf({ pid, tid }: ThreadRow): number[] {
	const textOf = (file: string) => readFileSync(`/proc/${pid}/task/${tid}/${file}`, "utf8");
	const switches = [...textOf("status").matchAll(/ctxt_switches:\s*(\d+)/g)].map(([, count]) => Number(count));
	return [Number(textOf("schedstat").split(" ")[1]), ...switches];
}

describeLive("threads", () => {
	const closers: (() => unknown)[] = [];
	afterEach(async () => {
		for (const close of closers.splice(0).reverse()) await close();
	});

	function look(options: ConstructorParameters<typeof LiveSession>[0]): LiveSession {
		const session = new LiveSession(options);
		closers.push(() => session.close());
		return session;
	}

	async function start(...launch: readonly string[]): Promise<Workload> {
		const workload = new Workload("threads", ["run"], {}, undefined, (words) => [...launch, ...words]);
		closers.push(() => workload.end());
		await workload.ready("eb-main");
		return workload;
	}

	test("name the call, the object, and the thread that can end the wait", async () => {
		const workload = await start();
		const session = look({ concerns: CONCERNS });
		const snapshot = await session.expect((seen) => waitsOf(seen, workload), WAITS);
		expect(threadsOf(snapshot, workload)).toHaveLength(24);
		// Those that stand still.
		const before = new Map(threadsOf(snapshot, workload).map((row) => [row.tid, schedulingOf(row)]));
		const rows = threadsOf(session.refresh(), workload);
		const still = rows.filter((row) => isDeepStrictEqual(before.get(row.tid), schedulingOf(row)));
		expect(still.length).toBeGreaterThanOrEqual(20);
		for (const { tid, waitNs, voluntary, involuntary } of still)
			expect([tid, waitNs, voluntary, involuntary]).toEqual([tid, ...(before.get(tid) ?? [])]);
	});

	test("in a pid namespace are named by their tids as ebtop sees them", async () => {
		const workload = await start("unshare", "--pid", "--fork", "--kill-child");
		const session = look({ concerns: CONCERNS });
		const holds = await session.until("who holds the lock", ({ threads, processes }) => {
			const main = processes.find(({ comm, nsPid, pid }) => comm === "eb-main" && nsPid === 1 && pid !== 1);
			const own = threads.filter(({ pid }) => pid === main?.pid);
			const holder = own.find(({ comm }) => comm === "eb-holder");
			const waiting = own.filter(({ comm }) => comm === "eb-lock" || comm === "eb-heir");
			return waiting.length === 8 && holder && { holder, waiting };
		});
		expect(workload.pid("eb-main")).toBe(1);
		expect(new Set(holds.waiting.map(({ waitsIn }) => waitsIn))).toEqual(
			new Set([`futex held by tid ${holds.holder.tid}`]),
		);
	});

	test("say who woke them last, the very thread or a timer, and how much of a CPU they use", async () => {
		const workload = await start();
		const session = look({ concerns: CONCERNS });
		await session.expect((seen) => waitsOf(seen, workload), WAITS);
		await workload.work("eb-main");
		const pid = workload.pid("eb-main");
		const tid = (comm: string) => threadsOf(session.first, workload).find((row) => row.comm === comm)?.tid;
		let usedUs = 0;
		const napper = (seen: Snapshot) => threadsOf(seen, workload).find(({ comm }) => comm === "eb-napper");
		const addUse = (seen: Snapshot) => {
			usedUs += (napper(seen)?.cpuPercent ?? 0) * seen.intervalMs * 10;
		};
		await session.expect(
			(seen) => {
				addUse(seen);
				const rows = threadsOf(seen, workload);
				const wakers = ["eb-woken", "eb-read"].map((comm) => rows.find((row) => row.comm === comm)?.wokenBy);
				return [...wakers, napper(seen)?.wokenBy, workload.marks("cpu").length];
			},
			[{ pid, tid: tid("eb-waker"), comm: "eb-waker" }, null, { pid: 0, tid: 0, comm: "interrupt" }, 1],
		);
		addUse(session.refresh());
		const [wholeUs] = workload.marks("cpu").map(Number);
		expect(usedUs).toBeGreaterThanOrEqual(BUSY_US);
		expect(usedUs).toBeLessThanOrEqual((wholeUs ?? 0) + NAPS_US);
		expect(session.losses()).toEqual([]);
	});

	test("are watched only while they are wanted", async () => {
		const workload = await start();
		const session = look({ concerns: ["process", "ipc", "file", "tcp"], standby: ["thread"] });
		const stateOf = ({ health }: Snapshot) => health.probes.find(({ probe }) => probe === "threads")?.state;
		expect([session.refresh().threads, stateOf(session.refresh())]).toEqual([[], "standby"]);
		for (let round = 0; round < 2; round++) {
			session.want(["thread"]);
			const snapshot = await session.expect((seen) => waitsOf(seen, workload), WAITS);
			expect([threadsOf(snapshot, workload).length, stateOf(snapshot)]).toEqual([24, "on"]);
			// Those that only wait were not woken since it was attached, whatever was recorded the time before.
			expect(threadsOf(snapshot, workload).filter(({ comm, wokenBy }) => comm === "eb-read" && wokenBy)).toEqual([]);
			session.want([]);
			expect([session.refresh().threads, stateOf(session.refresh())]).toEqual([[], "standby"]);
			if (round === 0) await workload.work("eb-main");
		}
	});

	test("have no row once they are gone", async () => {
		const workload = await start();
		const session = look({ concerns: CONCERNS });
		await session.until("them", (seen) => threadsOf(seen, workload).length === 24);
		process.kill(workload.pid("eb-main"), "SIGKILL");
		await session.until("their end", (seen) => threadsOf(seen, workload).length === 0);
	});

	test("cost nothing if they are not wanted: no program, no record", () => {
		const session = look({ concerns: ["process", "file", "ipc", "tcp", "syscall"] });
		expect(session.refresh().threads).toEqual([]);
		expect(session.first.health.probes.filter(({ probe }) => probe === "threads")).toEqual([]);
	});
});
