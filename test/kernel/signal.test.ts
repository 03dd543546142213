/** Signals, the out-of-memory killer, and cgroups of processes that were gone before /proc could be read. */

import { afterEach, beforeEach, expect, test } from "vitest";
import type { OomKillData } from "../../src/model/event-data.ts";
import type { EventRow } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { cgroupHierarchy, TestCgroup } from "../helpers/test-cgroup.ts";
import { Workload } from "../helpers/workload.ts";

let workload: Workload | null = null;
let session: LiveSession;
let cgroup: TestCgroup | null = null;
beforeEach(() => {
	session = new LiveSession();
	cgroup = workload = null;
});
afterEach(async () => {
	session.close();
	await workload?.end();
	await cgroup?.remove();
});

const SIGUSR1 = 10;
const SIGUSR2 = 12;
const SIGRT3 = 34 + 3;
const hierarchy = cgroupHierarchy("memory");
const why = typeof hierarchy === "string" ? ` (skipped: ${hierarchy})` : "";
const cgroupTest = test.skipIf(why !== "");

describeLive("signals and cgroups", () => {
	test("each signal once, with sender, receiver and result", async () => {
		workload = new Workload("signal", ["tell"]);
		await workload.ready("eb-target", "eb-sender");
		const [from, to] = [workload.pid("eb-sender"), workload.pid("eb-target")];
		await workload.work("eb-target", "eb-sender");
		session.refresh();
		const sent = session
			.records(wire.WireType.SIGNAL)
			.filter((view) => wire.headPid(view, 0) === from && wire.signalTargetPid(view, 0) === to)
			.map((view) => ({ number: wire.signalSignal(view, 0), result: wire.signalResult(view, 0) }));
		const count = (number: number) => sent.filter((signal) => signal.number === number).length;
		expect([count(SIGUSR1), count(SIGRT3), count(SIGUSR2), count(0)]).toEqual([31, 13, 7, 0]);
		expect(sent.filter((signal) => signal.number === SIGUSR2).map((signal) => signal.result)).toEqual([
			0,
			...Array(6).fill(2),
		]);
		expect(sent.filter((signal) => signal.number === SIGRT3).every((signal) => signal.result === 0)).toBe(true);
	});

	cgroupTest(`a process killed for memory says so${why}`, async () => {
		cgroup = new TestCgroup("eb-oom-test", "memory", 16 << 20);
		workload = new Workload("signal", ["oom"], { CGROUP: cgroup.folder });
		await workload.ready("eb-oom");
		const pid = workload.pid("eb-oom");
		const kills: EventRow[] = [];
		await workload.work("eb-oom");
		const row = await session.until("its end", (snapshot) => {
			const found = processIn(snapshot, pid);
			kills.push(...snapshot.events.filter((event) => event.type === "oom-kill" && event.pid === pid));
			return found?.exit ? found : undefined;
		});
		expect(row).toMatchObject({ comm: "eb-oom", exit: { signal: "SIGKILL", oom: true } });
		const victims = session.records(wire.WireType.OOM).map((view) => wire.headPid(view, 0));
		expect(victims.filter((victim) => victim === pid).length).toBe(1);
		expect(kills).toHaveLength(1);
		expect(kills[0]?.data).toMatchObject({
			...{ triggerPid: pid, triggerComm: "eb-oom", scoreAdjust: expect.any(Number) },
			cgroup: { path: cgroup.path, limitBytes: 16 << 20 },
		});
		const { rssBytes, virtualBytes, cgroup: full } = (kills[0] as EventRow).data as OomKillData;
		expect(virtualBytes).toBeGreaterThan(256 << 20);
		expect(rssBytes).toBeLessThan(24 << 20); // pages of files that were charged to others count too
		expect(full).toMatchObject({ usageBytes: expect.any(Number) });
		expect((full as NonNullable<typeof full>).usageBytes).toBeGreaterThan(15 << 20);
	});

	cgroupTest(`a process that visits a container's cgroup for a moment has its name and container${why}`, async () => {
		const id = "e5".padEnd(64, "0");
		cgroup = new TestCgroup(`docker-${id}.scope`);
		workload = new Workload("signal", ["visit"], { CGROUP: cgroup.folder });
		await workload.ready("eb-visit");
		const pid = workload.pid("eb-visit");
		await workload.work("eb-visit");
		const row = await session.until("its end", (snapshot) => {
			const found = processIn(snapshot, pid);
			return found?.exit ? found : undefined;
		});
		expect(row).toMatchObject({ comm: "true", args: ["eb-true"], cgroup: cgroup.path });
		expect(row.container).toMatchObject({ runtime: "docker", id });
	});
});
