/** Two machines over ssh: a connection between them is one link with exact bytes; one that goes away comes back by itself. */

import { afterAll, expect, onTestFinished, test } from "vitest";
import type { HostState, Snapshot } from "../../src/model/snapshot.ts";
import { whyNoBpf } from "../helpers/drained-session.ts";
import { describeUnless } from "../helpers/live-session.ts";
import { type RunningEbtop, startEbtop } from "../helpers/run-ebtop.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { type HostName, SshHosts, whyNoHosts } from "../helpers/ssh-hosts.ts";
import { Workload } from "../helpers/workload.ts";

const THERE = 7919;
const BACK = 104_729;
const CHANNEL = /^tcp:10\.77\.0\.1:\d+-10\.77\.0\.2:7777$/;

/** The next refresh in which `find` finds something. */
async function untilLine<Found>({ nextLine, ended }: RunningEbtop, find: (snapshot: Snapshot) => Found | undefined) {
	for (let line = await nextLine(); line !== null; line = await nextLine()) {
		const snapshot = JSON.parse(line) as Snapshot;
		const found = find(snapshot);
		if (found !== undefined) return { snapshot, found };
	}
	throw new Error(`it ended: ${(await ended).stderr}`);
}

const stateOf = ({ hosts }: Snapshot, name: HostName) => hosts?.find(({ host }) => host === name) as HostState;

describeUnless(whyNoBpf ?? whyNoHosts())("two machines", () => {
	const machines = whyNoHosts() === null ? new SshHosts() : null;
	afterAll(() => machines?.end());

	test("are shown together, their connection as links with exact bytes; one goes away and comes back", async () => {
		const hosts = machines as SshHosts;
		const ends = (["client", "server"] as const).map(
			(what, at) =>
				new Workload("hosts", [what], {}, undefined, (words) => [...hosts.inside(at === 0 ? "a" : "b"), ...words]),
		) as [Workload, Workload];
		onTestFinished(async () => {
			for (const end of ends) await end.end();
		});
		const [near, far] = ends;
		await far.ready("eb-far");
		await near.ready("eb-near");
		const pids = { a: near.pid("eb-near"), b: far.pid("eb-far") };
		// On this one kernel each would see both ends.
		for (const name of ["a", "b"] as const) {
			hosts.install(name, `exec "${hosts.launcher}" "$@" --pid ${pids[name]}`);
			await hosts.serve(name);
		}
		const viewer = startEbtop(["--host", "a,b", "--json", "-d", "0.3", "--require-bpf"], hosts.viewer);
		onTestFinished(() => void viewer.child.kill("SIGKILL"));
		const { snapshot: first } = await untilLine(viewer, () => true);
		expect(schemaErrors(first)).toEqual([]);
		expect(first.hosts?.map(({ host, name, state, note }) => ({ host, name, state, note }))).toEqual([
			{ host: "a", name: "eb-a", state: "live", note: null },
			{ host: "b", name: "eb-b", state: "live", note: null },
		]);
		expect(first.processes.map(({ host, pid, comm }) => ({ host, pid, comm }))).toEqual([
			{ host: "a", pid: pids.a, comm: "eb-near" },
			{ host: "b", pid: pids.b, comm: "eb-far" },
		]);

		await Promise.all([far.work(), near.work()]);
		const from = { pid: pids.a, comm: "eb-near", host: "a" };
		const to = { pid: pids.b, comm: "eb-far", host: "b" };
		const channel = expect.stringMatching(CHANNEL);
		const joined = [
			{ host: "a", kind: "tcp", channel, from, to, bytes: THERE, basis: "observed" },
			{ host: "b", kind: "tcp", channel, from: to, to: from, bytes: BACK, basis: "observed" },
		];
		const isJoined = ({ ipc }: Snapshot) => ipc.filter(({ from, to }) => from.host !== to.host);
		const { snapshot, found } = await untilLine(viewer, (now) => {
			const links = isJoined(now);
			return links.reduce((sum, { bytes }) => sum + bytes, 0) === THERE + BACK ? links : undefined;
		});
		expect(found).toMatchObject(joined);
		expect(schemaErrors(snapshot)).toEqual([]);
		// They have one clock.
		const { found: clock } = await untilLine(viewer, (now) => {
			const { clockOffsetMs, clockErrorMs } = stateOf(now, "b");
			return clockOffsetMs === null || clockErrorMs === null ? undefined : { clockOffsetMs, clockErrorMs };
		});
		expect(Math.abs(clock.clockOffsetMs)).toBeLessThanOrEqual(clock.clockErrorMs);

		await hosts.turnOff("b");
		const { snapshot: without } = await untilLine(viewer, (now) => stateOf(now, "b").state === "gone" || undefined);
		expect(stateOf(without, "a").state).toBe("live");
		expect(without.processes.map(({ host, pid }) => [host, pid])).toEqual([
			["a", pids.a],
			["b", pids.b],
		]);
		await hosts.serve("b");
		const { snapshot: back } = await untilLine(viewer, (now) => stateOf(now, "b").state === "live" || undefined);
		expect(back.processes.map(({ host, pid }) => [host, pid])).toEqual(
			without.processes.map(({ host, pid }) => [host, pid]),
		);
		viewer.child.kill("SIGTERM");
		const { status, stderr } = await viewer.ended;
		expect(status).toBe(0);
		expect(stderr).toMatch(/b is back: what was in between is missing/);
	});
});
