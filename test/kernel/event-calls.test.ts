/** Events of sockets, and of calls that change capabilities or inspect other processes. */

import { afterEach, expect, test } from "vitest";
import { EVENT_GROUPS } from "../../src/model/event-types.ts";
import type { EventRow } from "../../src/model/snapshot.ts";
import { describeLive, LiveSession, testNew } from "../helpers/live-session.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { Workload } from "../helpers/workload.ts";

let workload: Workload;
let session: LiveSession;
afterEach(async () => {
	session.close();
	await workload.end();
});

async function observe(testCase: string, events: readonly string[]): Promise<readonly EventRow[]> {
	workload = new Workload("event-calls", [testCase]);
	const role = `eb-${testCase}`;
	await workload.ready(role);
	session = new LiveSession({ concerns: ["process"], events, pids: [workload.pid(role)] });
	await workload.work(role);
	const snapshot = session.refresh();
	expect(session.losses()).toEqual([]);
	expect(schemaErrors(JSON.parse(JSON.stringify(snapshot)))).toEqual([]);
	return snapshot.events;
}

function dataOf(rows: readonly EventRow[], type: string): EventRow["data"][] {
	return rows.filter((row) => row.type === type).map(({ data }) => data);
}

describeLive("events of calls", () => {
	test("addresses taken, and connections that failed, each once", async () => {
		const rows = await observe("sockets", EVENT_GROUPS.network);
		const failed = rows.filter(({ type }) => type === "connect-failed").map(({ text }) => text.replace(/:\d+:/, ":N:"));
		expect(failed.toSorted()).toEqual([
			...Array(7).fill("to 127.0.0.1:N: ECONNREFUSED"),
			...Array(5).fill("to eb-none: ENOENT"),
		]);
		const bound = dataOf(rows, "bind");
		expect(bound[0]).toEqual({ family: "inet", address: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d+$/) });
		expect(bound.slice(1)).toEqual(Array(3).fill({ family: "unix", address: "@eb-abstract" }));
	});

	test("mounts, traces, cores, and changes of users and capabilities", async () => {
		const rows = await observe("security", EVENT_GROUPS.security);
		const directory = `${workload.directory}/mnt`;
		const mounts = dataOf(rows, "mount");
		expect(mounts[0]).toEqual({ call: "mount", source: null, path: "/" });
		for (const [call, source] of [
			["mount", "eb-facts"],
			["umount2", null],
		])
			expect(mounts.filter((data) => "call" in data && data.call === call).slice(-5)).toEqual(
				Array(5).fill({ call, source, path: directory }),
			);
		expect(dataOf(rows, "ptrace")).toEqual([{ request: "seize", tracedPid: workload.pid("eb-traced") }]);
		const cores = rows.filter(({ type }) => type === "coredump");
		expect(cores.map(({ pid, data }) => [pid, data])).toEqual([[workload.pid("eb-aborts"), { signal: "SIGABRT" }]]);
		expect(dataOf(rows, "setuid")).toEqual([
			...Array(3).fill({ call: "setresgid", uid: 0, gid: 65534 }),
			...Array(2).fill({ call: "setresuid", uid: 0, gid: 65534 }),
		]);
		expect(dataOf(rows, "capset")).toEqual([{ effective: "0000000000000020" }]);
	});

	testNew("sleeps, each once, also if stopped, interrupted or killed", async () => {
		const rows = await observe("sleeps", EVENT_GROUPS.sleep);
		const sleeps = rows.flatMap((row) => (row.type === "sleep" ? [row] : []));
		const ofMs = (ms: number | null) => sleeps.filter(({ data }) => data.requestedMs === ms);
		expect(ofMs(13)).toHaveLength(7);
		expect(ofMs(17)).toHaveLength(2);
		// Up to a time: what was left of it when the call began. The workload waits for its files in sleeps of 2 ms.
		const others = new Set([null, 2, 13, 17, 307, 4_001_000, 4_003_000]);
		const upTo = sleeps.filter(({ data }) => !others.has(data.requestedMs));
		expect(upTo.map(({ data }) => data.requestedMs ?? 12).filter((ms) => ms <= 11)).toHaveLength(5);
		expect(ofMs(17).map(({ data }) => data.call)).toEqual(Array(2).fill("nanosleep"));
		expect(ofMs(null)).toHaveLength(3);
		for (const { data } of sleeps) {
			const isLong = data.requestedMs !== null && data.requestedMs > 1e6;
			expect(data.isInterrupted).toBe(isLong);
			if (isLong) expect(data.sleptMs).toBeLessThan(data.requestedMs ?? 0);
			else expect(data.sleptMs).toBeGreaterThanOrEqual(data.requestedMs ?? 5);
		}
		expect(ofMs(4_001_000).map(({ pid }) => pid)).toEqual([workload.pid("eb-sleeps")]);
		expect(ofMs(307).map(({ pid }) => pid)).toEqual([workload.pid("eb-stopped")]);
		expect(ofMs(4_003_000).map(({ pid }) => pid)).toEqual([workload.pid("eb-killed")]);
	});
});
