/** Processes on the live kernel: every birth and death, with parent, code, signal and time. */

import { release } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { callNumber } from "../helpers/calls.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const EXIT = callNumber("exit");
/**
 * From 7.0 on, the kernel skips the program for calls on a CPU on which a thread was preempted inside bpf():
 * bpf/README.md.
 */
const mayLoseCalls = Number.parseInt(release(), 10) >= 7;

/** Only what this test starts: what others do at the same time may fill the tables. */
const OWN = { pids: [process.pid] };

let workload: Workload;
let session: LiveSession | null = null;
const open = (options = {}) => {
	session = new LiveSession({ concerns: ["process"], ...options });
	return session;
};

beforeEach(() => {
	session = null;
});
afterEach(async () => {
	session?.close();
	await workload.end();
});

/** Exits of the children of `pid` in all wire records: [code, duration in ms]. */
function exitsUnder(live: LiveSession, pid: number): { code: number; durationMs: number }[] {
	return live
		.records(wire.WireType.EXIT)
		.filter((view) => wire.exitPpid(view, 0) === pid)
		.map((view) => ({
			code: wire.exitCode(view, 0),
			durationMs: Number(wire.exitDurationNs(view, 0)) / 1e6,
		}));
}

/** Runs the workload; the pids of its processes, each of which must have ended once. */
async function endsOfTogether(live: LiveSession, processes: number): Promise<Set<number>> {
	await workload.ready("eb-together");
	const drains = setInterval(() => live.drain(), 5);
	await workload.work("eb-together");
	clearInterval(drains);
	live.refresh();
	live.refresh();
	const parent = workload.pid("eb-together");
	const exits = live.records(wire.WireType.EXIT).filter((view) => wire.exitPpid(view, 0) === parent);
	const pids = new Set(exits.map((view) => wire.headPid(view, 0)));
	expect([exits.length, pids.size]).toEqual([processes, processes]);
	return pids;
}

describeLive("processes", () => {
	test("997 processes that live a millisecond are all seen, with parent, code and duration", async () => {
		workload = new Workload("process", ["storm"]);
		const live = open(OWN);
		await workload.ready("eb-storm");
		await workload.work("eb-storm");
		live.refresh();
		const parent = workload.pid("eb-storm");
		const exits = exitsUnder(live, parent);
		expect(exits.length).toBe(997);
		expect(live.records(wire.WireType.FORK).filter((view) => wire.processPpid(view, 0) === parent).length).toBe(997);
		for (let code = 0; code < 7; code++)
			expect(exits.filter((one) => one.code === code).length).toBe(code < 3 ? 143 : 142);
		expect(Math.min(...exits.map((one) => one.durationMs))).toBeGreaterThanOrEqual(1);
		expect(live.losses()).toEqual([]);
	});

	test("1999 programs started as fast as this machine can, with all probes: none is lost", async () => {
		workload = new Workload("process", ["programs"]);
		// A ring of the program's size, drained as often, only for this test's processes.
		const alone = { ...OWN, capacity: { ringBytes: 8 << 20 }, beatMs: 200 };
		const live = open({ concerns: ["process", "syscall", "ipc", "file", "tcp"], ...alone });
		await workload.ready("eb-programs");
		await workload.work("eb-programs");
		live.refresh();
		const parent = workload.pid("eb-programs");
		// A busy machine gives a pid to two processes within one test.
		const identity = (view: DataView) =>
			`${wire.headPid(view, 0)}/${view.getBigUint64(wire.WIRE_FIELDS.wire_head.start.at, true)}`;
		const under = (type: number, at: number) =>
			live
				.records(type)
				.filter((view) => view.getUint32(at, true) === parent)
				.map(identity);
		const children = new Set(under(wire.WireType.FORK, wire.WIRE_FIELDS.wire_process.ppid.at));
		expect(children.size).toBe(1999);
		expect(new Set(under(wire.WireType.EXEC, wire.WIRE_FIELDS.wire_exec.ppid.at))).toEqual(children);
		expect(new Set(under(wire.WireType.EXIT, wire.WIRE_FIELDS.wire_exit.ppid.at))).toEqual(children);
		for (const type of [wire.WireType.EXE, wire.WireType.ARGS])
			expect(live.records(type).filter((view) => children.has(identity(view))).length).toBe(1999);
		expect(live.losses().filter((loss) => !(mayLoseCalls && loss.startsWith("probe syscall ")))).toEqual([]);
	});

	test.each([
		[211, 2, "", {}],
		[211, 2, ", where there is room to remember few of the dead", { exited: 64 }],
		[53, 23, "", {}],
	])(
		"%i processes whose %i threads die at one moment end once each, when all their calls are counted%s",
		async (processes, threads, _, capacity) => {
			workload = new Workload("process", ["together", `${processes}`, `${threads}`]);
			const live = open({ ...OWN, concerns: ["process", "syscall"], capacity });
			const pids = await endsOfTogether(live, processes);
			const calls = live
				.records(wire.WireType.SYSCALL)
				.filter((view) => pids.has(wire.headPid(view, 0)) && wire.syscallNr(view, 0) === EXIT)
				.map((view) => Number(wire.syscallCount(view, 0)));
			expect(calls.filter((count) => count === threads).length).toBe(processes);
			expect(live.losses()).toEqual([]);
		},
	);

	test("53 processes with 23 threads each, killed at one moment, end once each", async () => {
		workload = new Workload("process", ["together", "53", "23", "kill"]);
		const live = open(OWN);
		await endsOfTogether(live, 53);
		const parent = workload.pid("eb-together");
		const exits = live.records(wire.WireType.EXIT).filter((view) => wire.exitPpid(view, 0) === parent);
		expect(exits.filter((view) => wire.exitSignal(view, 0) === 9).length).toBe(53);
		expect(live.losses()).toEqual([]);
	});

	test("its starter is known after the starter has died, whoever is its parent then", async () => {
		const live = open();
		workload = new Workload("process", ["ancestry"]);
		const roles = ["eb-top", "eb-middle", "eb-late", "eb-child", "eb-sibling"];
		await workload.ready("eb-reaper", "eb-top", "eb-late", "eb-child", "eb-sibling");
		const roleOf = new Map([...workload.pids].map(([role, pid]) => [pid, role]));
		const seen = (snapshot: Snapshot) =>
			roles.map((role) => {
				const row = processIn(snapshot, workload.pid(role));
				if (row === undefined) return [role, "gone"];
				const { starter, ppid, shownUnder } = row;
				expect(starter?.pid).toBe(starter === null ? undefined : workload.pid(starter.comm));
				return [role, starter?.comm, roleOf.get(ppid), roleOf.get(shownUnder)];
			});
		expect(seen(live.refresh())).toEqual([
			["eb-top", "eb-reaper", "eb-reaper", "eb-reaper"],
			["eb-middle", "eb-top", "eb-top", "eb-top"],
			["eb-late", "eb-middle", "eb-middle", "eb-middle"],
			["eb-child", "eb-late", "eb-late", "eb-late"],
			["eb-sibling", "eb-top", "eb-reaper", "eb-top"],
		]);
		await workload.work("eb-top");
		const after = await live.expect(seen, [
			["eb-top", "eb-reaper", "eb-reaper", "eb-reaper"],
			["eb-middle", "gone"],
			["eb-late", "eb-middle", "eb-reaper", "eb-top"],
			["eb-child", "eb-late", "eb-late", "eb-late"],
			["eb-sibling", "eb-top", "eb-reaper", "eb-top"],
		]);
		const middle = after.ancestors.filter(({ pid }) => pid === workload.pid("eb-middle"));
		expect(middle).toMatchObject([{ comm: "eb-middle", starter: { comm: "eb-top" } }]);
		live.close();
		// A session that starts later knows only what is certain: eb-reaper may have been given its children by any
		// process.
		expect(seen(open().refresh())).toEqual([
			["eb-top", undefined, "eb-reaper", "eb-reaper"],
			["eb-middle", "gone"],
			["eb-late", undefined, "eb-reaper", "eb-reaper"],
			["eb-child", "eb-late", "eb-late", "eb-late"],
			["eb-sibling", undefined, "eb-reaper", "eb-reaper"],
		]);
	});

	test("how a process ended is what wait() would return", async () => {
		workload = new Workload("process", ["ends"]);
		const live = open(OWN);
		const names = ["exit", "term", "kill", "segv", "thread", "last", "threads"].map((name) => `eb-${name}`);
		await workload.ready(...names);
		const pids = new Map(names.map((name) => [name, workload.pid(name)]));
		await workload.work(...names);
		const end = (name: string) => (snapshot: Snapshot) => processIn(snapshot, pids.get(name) ?? 0)?.exit ?? undefined;
		expect(await live.until("exit", end("eb-exit"))).toMatchObject({ code: 3, signal: null, oom: false });
		expect(await live.until("term", end("eb-term"))).toMatchObject({ signal: "SIGTERM" });
		expect(await live.until("kill", end("eb-kill"))).toMatchObject({ signal: "SIGKILL" });
		expect(await live.until("segv", end("eb-segv"))).toMatchObject({ signal: "SIGSEGV" });
		expect(await live.until("thread", end("eb-thread"))).toMatchObject({ code: 9, signal: null });
		expect(await live.until("last", end("eb-last"))).toMatchObject({ code: 5, signal: null });
		expect(await live.until("threads", end("eb-threads"))).toMatchObject({ code: 42, signal: null });
		for (const pid of pids.values())
			expect(live.records(wire.WireType.EXIT).filter((view) => wire.headPid(view, 0) === pid).length).toBe(1);
	});

	test("a tree 23 deep has the right parents, both if found at the start and if seen growing", async () => {
		workload = new Workload("process", ["tree"]);
		const before = open();
		const names = Array.from({ length: 23 }, (_, index) => `eb-deep${index + 1}`);
		await workload.ready(...names);
		const after = new LiveSession({ concerns: ["process"] });
		for (const snapshot of [before.refresh(), after.first])
			for (const [index, name] of names.entries())
				expect(processIn(snapshot, workload.pid(name))).toMatchObject({
					comm: name,
					ppid: index === 0 ? expect.any(Number) : workload.pid(names[index - 1] as string),
				});
		after.close();
	});

	test("CPU time includes that of threads that are gone", async () => {
		workload = new Workload("process", ["busy"]);
		const live = open();
		await workload.ready("eb-busy");
		const pid = workload.pid("eb-busy");
		await workload.work("eb-busy");
		const ofIt = (view: DataView) => wire.headPid(view, 0) === pid;
		const exit = await live.until("its end", () => live.records(wire.WireType.EXIT).find(ofIt));
		const cpuMs = Number(exit.getBigUint64(wire.WIRE_FIELDS.wire_exit.cpu_ns.at, true)) / 1e6;
		expect(cpuMs).toBeGreaterThanOrEqual(390);
	});
});
