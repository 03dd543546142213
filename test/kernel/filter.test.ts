/** --pid and --comm are applied in the kernel: no records of other processes are sent. */

import { afterEach, beforeEach, expect, test } from "vitest";
import type { SessionOptions } from "../../src/model/feed/addon.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { callNumber } from "../helpers/calls.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

let workload: Workload;
const roles = ["eb-qmine", "eb-qchild-m", "eb-qother", "eb-qchild-o"];
const GETPPID = callNumber("getppid");

beforeEach(async () => {
	workload = new Workload("process", ["family"]);
	await workload.ready(...roles);
});
afterEach(async () => {
	await workload.end();
});

/** Starts with these options, lets the workload fork, and lists the processes that are shown. */
async function seenWith(options: Partial<SessionOptions>) {
	const session = new LiveSession(options);
	const atStart = session.first.processes.map((row) => row.comm).sort();
	await workload.work("eb-qmine", "eb-qother", "eb-qlate-m", "eb-qlate-o");
	const last = session.refresh();
	session.close();
	const types = [
		wire.WireType.PROCESS,
		wire.WireType.FORK,
		wire.WireType.EXEC,
		wire.WireType.EXIT,
		wire.WireType.SYSCALL,
		wire.WireType.OBJECT,
	];
	const pids = new Set(
		types.flatMap((type) => session.records(type).filter(isOwn)).map((view) => wire.headPid(view, 0)),
	);
	const calls = last.syscalls.filter((row) => row.nr === GETPPID).map((row) => [row.comm, row.count]);
	return { session, atStart, last, pids, calls };
}

/**
 * The tests and their processes share inherited pipes: the process at the other end is sent, and nothing else about it.
 */
function isOwn(view: DataView): boolean {
	const type = wire.headType(view, 0);
	if (type === wire.WireType.OBJECT) return wire.objectIsForeign(view, 0) === 0;
	return type !== wire.WireType.PROCESS || (wire.processFlags(view, 0) & wire.WireProcessFlag.FOREIGN) === 0;
}

const family = () => new Set(["eb-qmine", "eb-qchild-m", "eb-qlate-m"].map((role) => workload.pid(role)));

describeLive("filters in the kernel", () => {
	test("--pid: the process, its older child, its younger child, and no others", async () => {
		const { atStart, last, pids, calls } = await seenWith({ pids: [workload.pid("eb-qmine")] });
		expect(atStart).toEqual(["eb-qchild-m", "eb-qmine"]);
		expect(last.processes.map((row) => row.comm).sort()).toEqual(["eb-qchild-m", "eb-qlate-m", "eb-qmine"]);
		expect(pids).toEqual(family());
		expect(calls).toEqual([["eb-qmine", 31]]);
	});

	test.each(["eb-qmine", "*-qmine", "eb-qm*", "eb-?m*e", "**qmi*"])("--comm %s finds the same", async (comm) => {
		const { pids, calls } = await seenWith({ comm });
		expect(pids).toEqual(family());
		expect(calls).toEqual([["eb-qmine", 31]]);
	});

	test.each(["eb-qmin", "?eb-qmine", "qmine", "eb-qmine?*", "EB-QMINE"])("--comm %s finds nobody", async (comm) => {
		expect((await seenWith({ comm })).pids).toEqual(new Set());
	});

	test("--comm finds a process that takes the name later", async () => {
		const { session, last } = await seenWith({ comm: "eb-qlate-?" });
		expect(session.first.processes).toEqual([]);
		expect(last.processes.map((row) => row.comm).sort()).toEqual(["eb-qlate-m", "eb-qlate-o"]);
		expect(processIn(last, workload.pid("eb-qlate-m"))?.ppid).toBe(workload.pid("eb-qmine"));
	});

	test("--comm finds a program when it is executed", async () => {
		const session = new LiveSession({ comm: "eb-strange" });
		const other = new Workload("exec", ["strange-args"]);
		await other.ready("eb-execs");
		await other.work("eb-strange");
		const { processes } = session.refresh();
		session.close();
		await other.end();
		expect(processes.map((row) => [row.comm, row.args.length])).toEqual([["eb-strange", 6]]);
	});

	test("a full table of wanted processes: those without an entry are not followed, and health counts them", async () => {
		const session = new LiveSession({ comm: "eb-q*", capacity: { wanted: 4 } });
		const wanted = (snapshot: Snapshot) => snapshot.health.maps.find(({ map }) => map === "process-wanted");
		expect(session.first.processes).toHaveLength(2); // one user gets half of it
		expect(wanted(session.first)).toEqual({ map: "process-wanted", used: 2, capacity: 4, overflow: 2 });
		expect(wanted(session.refresh())?.overflow).toBe(2); // not counted again by later passes
		await workload.work("eb-qmine", "eb-qother", "eb-qlate-m", "eb-qlate-o");
		expect(wanted(session.refresh())?.overflow).toBeGreaterThan(2);
		await workload.end();
		const after = await session.until(
			"places that are free again",
			(snapshot) => wanted(snapshot)?.used === 0 && snapshot,
		);
		session.close();
		workload = new Workload("process", ["family"]); // for the other tests here
		expect(after.events.some(({ text }) => text.startsWith("table process-wanted is full"))).toBe(false);
	});

	test("a pid that does not exist, or is a thread, is a usage error", () => {
		const start = (pids: number[]) => () => new LiveSession({ pids }).close();
		expect(start([4_194_303])).toThrow(/^There is no process 4194303; /);
		expect(start([4_194_303])).toThrow(expect.objectContaining({ code: "EBTOP_USAGE" }));
	});
});
