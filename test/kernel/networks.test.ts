/**
 * Many network namespaces: none is left out, and a user with many hides no other user's. Limited to one or two per
 * refresh.
 */

import { chmodSync, readlinkSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { afterEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const NOBODY = 65_534;
const BYTES = 7919;
const workloads: Workload[] = [];
let session: LiveSession | null = null;

afterEach(async () => {
	session?.close();
	session = null;
	for (const workload of workloads.splice(0)) await workload.end();
});

async function networks(what: string, count: number, user: number, prefix: string): Promise<string[]> {
	const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
	const workload = new Workload("networks", [what, count, user, prefix], {}, (made) =>
		chmodSync(made.directory, 0o777),
	);
	workloads.push(workload);
	await workload.ready(...names);
	return names;
}

const networkOf = (name: string) => {
	const pid = workloads.map((workload) => workload.pids.get(name)).find((found) => found !== undefined);
	return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0]);
};

/** How often each namespace was read in all sweeps from number `from` on, without those that are gone. */
function readsOf(live: LiveSession, names: readonly string[], from: number): number[] {
	const records = live.sweepRecords(wire.WireType.NETWORK).slice(from).flat();
	const read = records.filter((view) => wire.networkIsGone(view, 0) === 0);
	return names.map((name) => read.filter((view) => wire.networkNetns(view, 0) === networkOf(name)).length);
}

const ownRows = (snapshot: Snapshot, names: readonly string[], role: string) =>
	names.map((name) => snapshot.tcp.find((row) => row.comm === name && row.role === role));

describeLive("many network namespaces", () => {
	test("read one at a time, all have their bytes in the end, and the probe says that they are read in turns", async () => {
		const names = await networks("sockets", 5, 0, "eb-net-a");
		session = new LiveSession({ concerns: ["tcp"], capacity: { networks: 1 } });
		await workloads[0]?.work();
		const snapshot = await session.until("the bytes of all", (now) => {
			const rows = ownRows(now, names, "client");
			return rows.every((row, index) => row?.txBytes === BYTES + index) && now;
		});
		expect(ownRows(snapshot, names, "server").map((row) => row?.rxBytes)).toEqual(
			names.map((_, index) => BYTES + index),
		);
		const probe = snapshot.health.probes.find(({ probe }) => probe === "tcp");
		expect(probe?.state).toBe("fallback");
		expect(probe?.reason).toMatch(/^\d+ other network namespaces are read in turns.* wait/);
	});

	test("a user's many namespaces alternate with the few of others: one of another user is read as often as all of them together", async () => {
		const crowd = await networks("sockets", 11, NOBODY, "eb-net-b");
		const few = await networks("sockets", 1, NOBODY - 1, "eb-net-c");
		session = new LiveSession({ concerns: ["tcp"], capacity: { networks: 1 } });
		const rounds = 44;
		for (let refresh = 0; refresh < rounds; refresh++) session.refresh();
		const reads = readsOf(session, crowd, 1);
		const all = reads.reduce((sum, count) => sum + count, 0);
		expect(all).toBeGreaterThan(rounds / 4); // root may have some of its own on this machine
		expect(Math.abs((readsOf(session, few, 1)[0] ?? 0) - all)).toBeLessThanOrEqual(1);
		expect(Math.max(...reads) - Math.min(...reads)).toBeLessThanOrEqual(1);
	});

	test("one without sockets is read once, and again when something happens in it", async () => {
		const names = await networks("empty", 3, 0, "eb-net-d");
		session = new LiveSession({ concerns: ["tcp"] });
		for (let refresh = 0; refresh < 5; refresh++) session.refresh();
		expect(readsOf(session, names, 0)).toEqual([1, 1, 1]);
		await workloads[0]?.work();
		await session.until("the second look", () => readsOf(session as LiveSession, names, 0).every((reads) => reads > 1));
	});

	test("a user with many addresses leaves room for those of others, and the table says how many are not in it", async () => {
		await networks("addresses", 1, NOBODY, "eb-net-f");
		const own = new Set(
			Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []),
		);
		const capacity = 4 * own.size + 8;
		session = new LiveSession({ concerns: ["ipc"], capacity: { addresses: capacity } });
		const table = await session.until("all addresses", ({ health }) =>
			health.maps.find(({ map, overflow }) => map === "ipc-addresses" && overflow > 0),
		);
		expect(table.capacity).toBe(capacity);
		expect(table.used).toBeGreaterThan(own.size);
		expect(table.used).toBeLessThanOrEqual(own.size + (capacity - own.size) / 2 + 1);
		expect(table.used + table.overflow).toBeGreaterThanOrEqual(101);
	});

	test("a user mapped into a user namespace counts as the user who created the namespace", async () => {
		const workload = new Workload("networks", ["mapped"], {}, (made) => chmodSync(made.directory, 0o777));
		workloads.push(workload);
		await workload.ready("eb-mapped");
		await networks("empty", 1, NOBODY, "eb-net-e");
		session = new LiveSession({ concerns: ["process"] });
		const holders = new Map(
			session.records(wire.WireType.PROCESS).map((view) => [wire.headPid(view, 0), wire.processHolder(view, 0)]),
		);
		const row = session.first.processes.find(({ comm }) => comm === "eb-mapped");
		expect(row?.uid).toBe(100_005);
		expect(holders.get(workload.pid("eb-mapped"))).toBe(0);
		expect(holders.get(workloads[1]?.pid("eb-net-e0") ?? 0)).toBe(NOBODY);
	});
});
