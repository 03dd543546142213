/**
 * The programs that have a second form, as perf events: the form that kernels from 7.0 on run, forced here on older
 * ones.
 */

import { release } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { observe } from "../helpers/record-session.ts";
import { Workload } from "../helpers/workload.ts";

const PERF = { force: { syscall: "perf" } };
const FORMS = {
	fork: "perf",
	exec: "perf",
	exit: "perf",
	syscall: "perf",
	file: "perf",
	latency: "perf",
	mapping: "perf",
	tcp: "perf",
};

let workload: Workload | undefined;
let live: LiveSession | undefined;
afterEach(async () => {
	live?.close();
	await workload?.end();
	workload = undefined;
	live = undefined;
});

const [major = 0, minor = 0] = release().split(".").map(Number);
/** Older kernels do not let such a program look up a task by its pid. */
const canAsk = major > 6 || (major === 6 && minor >= 12);
/** If the perf form has no room for a mark, the other form sends the event; these kernels sometimes skip it. */
const isSkipping = major >= 7;
const fewRemembered = `, where few are remembered${isSkipping ? " (before Linux 7.0)" : ""}`;

describeLive(canAsk ? "as perf's programs" : "as perf's programs (skipped before Linux 6.12)", () => {
	beforeEach((context) => context.skip(!canAsk));

	test("births and ends are all seen, with parent and code", async () => {
		workload = new Workload("process", ["storm"]);
		live = new LiveSession({ ...PERF, latency: true });
		await workload.ready("eb-storm");
		await workload.work("eb-storm");
		const { probes } = live.refresh().health;
		const variants = Object.fromEntries(probes.map(({ probe, variant }) => [probe, variant]));
		expect(variants).toMatchObject({ ...FORMS, signal: "tp_btf" });
		expect(probes.filter(({ probe, state }) => probe in FORMS && state !== "on")).toEqual([]);
		const parent = workload.pid("eb-storm");
		const exits = live.records(wire.WireType.EXIT).filter((view) => wire.exitPpid(view, 0) === parent);
		const forks = live.records(wire.WireType.FORK).filter((view) => wire.processPpid(view, 0) === parent);
		expect(forks.length).toBe(997);
		expect(exits.length).toBe(997);
		for (let code = 0; code < 7; code++)
			expect(exits.filter((view) => wire.exitCode(view, 0) === code).length).toBe(code < 3 ? 143 : 142);
		expect(live.losses()).toEqual([]);
	});

	test.skipIf(isSkipping)(`births, programs and ends are told once each${fewRemembered}`, async () => {
		workload = new Workload("process", ["programs"]);
		live = new LiveSession({
			...PERF,
			pids: [process.pid],
			capacity: { ringBytes: 8 << 20, takenEvents: 1 },
			beatMs: 200,
		});
		await workload.ready("eb-programs");
		await workload.work("eb-programs");
		live.refresh();
		const parent = workload.pid("eb-programs");
		const { wire_process, wire_exec, wire_exit } = wire.WIRE_FIELDS;
		const told = (type: number, at: number) =>
			live?.records(type).filter((view) => view.getUint32(at, true) === parent).length;
		expect(told(wire.WireType.FORK, wire_process.ppid.at)).toBe(1999);
		expect(told(wire.WireType.EXEC, wire_exec.ppid.at)).toBe(1999);
		expect(told(wire.WireType.EXIT, wire_exit.ppid.at)).toBe(1999);
		expect(live.losses()).toEqual([]);
	});

	/**
	 * Runs many short connections; returns how often each change of the clients' state and the beginning of the
	 * servers' was sent, and rows.
	 */
	async function tellChanges(session: LiveSession) {
		live = session;
		await workload?.work();
		const { tcp, health } = session.refresh();
		const changes = session.records(wire.WireType.TCP).filter((view) => wire.tcpHow(view, 0) === wire.WireHow.USED);
		const count = (end: (view: DataView, at: number) => number, state: number) =>
			changes.filter((view) => end(view, 0) === port() && wire.tcpState(view, 0) === state).length;
		const { SYN_SENT, ESTABLISHED, CLOSE } = wire.WireTcpState;
		const clients = [SYN_SENT, ESTABLISHED, CLOSE].map((state) => count(wire.tcpRemotePort, state));
		return {
			times: [...clients, count(wire.tcpLocalPort, ESTABLISHED)],
			rows: tcp.filter((row) => row.remotePort === port()),
			lost: health.probes.find(({ probe }) => probe === "tcp")?.lost,
		};
	}
	const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);
	const port = () => Number(workload?.marks("port")[0]);
	const startConnections = async () => {
		workload = new Workload("tcp", ["brief-many"]);
		await workload.ready("eb-one", "eb-two", "eb-three", "eb-four");
	};
	const EACH = 4 * 251;
	const TCP = { ...PERF, concerns: ["tcp"] } as const;

	/** The perf form runs before the program that assigns cookies only if no other perf event was attached earlier. */
	test.each([false, true])(
		"TCP's changes are told once each, or counted as lost where both forms were skipped (others had perf's event before: %s)",
		async (hasOther) => {
			const other = hasOther ? new LiveSession(TCP) : null;
			await startConnections();
			const session = new LiveSession(TCP);
			other?.close();
			const { times, lost } = await tellChanges(session);
			const missing = times.map((each) => EACH - each);
			expect(Math.min(...missing)).toBeGreaterThanOrEqual(0);
			expect(sum(missing)).toBeLessThanOrEqual(Number(lost));
			if (!isSkipping) expect(session.losses()).toEqual([]);
		},
	);

	test.skipIf(isSkipping)(`TCP's changes are told once each${fewRemembered}`, async () => {
		await startConnections();
		const session = new LiveSession({ ...TCP, capacity: { takenEvents: 1 } });
		const { times, rows } = await tellChanges(session);
		expect(times).toEqual([EACH, EACH, EACH, EACH]);
		expect(rows.filter((row) => row.txBytes === 83 && row.rxBytes === 3251).length).toBe(EACH);
		expect(rows.length).toBe(EACH);
	});

	test("calls are counted, and what they wrote to what file", async () => {
		const { session, run } = await observe(PERF, "calls", "threads");
		const calls = session.calls(run.pid);
		expect(calls.getppid).toEqual({ count: 4 * 25013, errors: 0 });
		expect(calls.pwrite64).toEqual({ count: 4 * 25013, errors: 0 });
		expect(session.files(run).shared?.io).toMatchObject({ opens: 1, writes: 4 * 25013, writeBytes: 4 * 25013 });
	});
});
