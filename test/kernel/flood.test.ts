/**
 * Floods into rings and tables that are far too small: received and lost add up exactly to what was produced, and soon
 * after the flood the model matches the kernel.
 */

import { afterEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { childrenOf, connectionsAt, filesOf } from "../helpers/ground-truth.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { until, Workload } from "../helpers/workload.ts";

const { WireType } = wire;
const COUNT = 1009;
const KEPT = 13;
const TINY_RING = 4096;

let workload: Workload | null = null;
const sessions: LiveSession[] = [];
afterEach(async () => {
	for (const session of sessions.splice(0)) session.close();
	await workload?.end();
	workload = null;
});

interface Flood {
	readonly workload: Workload;
	/** Its ring was too small; it was refreshed once after the flood. */
	readonly tight: LiveSession;
	readonly before: Snapshot;
	readonly after: Snapshot;
	/** Records of a type: how many the small session received, and bounds of how many were produced. */
	received(type: number): number;
	produced(type: number): { readonly least: number; readonly most: number };
	/** On kernels that skip programs, the large session loses some too. */
	missed(probe: string): number;
}

/** How many records of each type came out of a ring. */
class Counts {
	readonly #counts = new Map<number, number>();

	of(type: number): number {
		return this.#counts.get(type) ?? 0;
	}

	addDrain(session: LiveSession): void {
		session.drain();
		for (const type of Object.values(WireType)) {
			this.#counts.set(type, this.of(type) + (session.sweepRecords(type).at(-1)?.length ?? 0));
		}
	}
}

/** A cgroup whose name found no room is sent again with each of its processes, and each attempt counts as a loss. */
async function settled(session: LiveSession, pid: number): Promise<Snapshot> {
	return until("the name of the cgroup", () => {
		const snapshot = session.refresh();
		return snapshot.processes.some((row) => row.pid === pid && row.cgroup !== null) && snapshot;
	});
}

/**
 * A session with a small ring and one with a large ring over the same flood; neither is drained before its end. The
 * large one measures what was produced, by all processes unless `isNarrow`: it is drained right before and after the
 * small one, at both ends.
 */
async function flood(kind: string, roles: readonly string[], isNarrow = false): Promise<Flood> {
	const running = new Workload("flood", [kind], { COUNT: String(COUNT) });
	workload = running;
	await running.ready(...roles);
	const pids = isNarrow ? { pids: roles.map((role) => running.pid(role)) } : {};
	const view = { ...pids, beatMs: null };
	const tight = new LiveSession({ ...view, capacity: { ringBytes: TINY_RING } });
	const roomy = new LiveSession(view);
	sessions.push(tight, roomy);
	const [meanwhile, during, received] = [new Counts(), new Counts(), new Counts()];
	roomy.drain();
	const before = await settled(tight, running.pid(roles[0] as string));
	meanwhile.addDrain(roomy);
	await running.work(...roles);
	during.addDrain(roomy);
	received.addDrain(tight);
	const after = tight.refresh();
	meanwhile.addDrain(roomy);
	const last = roomy.refresh();
	return {
		...{ workload: running, tight, before, after },
		received: (type) => received.of(type),
		produced: (type) => ({ least: during.of(type), most: during.of(type) + meanwhile.of(type) }),
		missed: (probe) => lostBy(last, probe) - lostBy(roomy.first, probe),
	};
}

const lostBy = ({ health }: Snapshot, probe: string): number =>
	health.probes.find((row) => row.probe === probe)?.lost ?? Number.NaN;

/** What was received and what was lost is what was produced. */
function expectBalance(run: Flood, probe: string, types: readonly number[], atLeast: number): void {
	const sum = (count: (type: number) => number) => types.reduce((total, type) => total + count(type), 0);
	const lost = lostBy(run.after, probe) - lostBy(run.before, probe);
	const accounted = sum(run.received) + lost - run.missed(probe);
	expect(accounted).toBeGreaterThanOrEqual(sum((type) => run.produced(type).least));
	expect(accounted).toBeLessThanOrEqual(sum((type) => run.produced(type).most));
	expect(accounted).toBeGreaterThanOrEqual(atLeast);
	expect(lost).toBeGreaterThan(atLeast / 2);
}

/** The header's figure is the sum over the probes, and so is that of the events. */
function expectLossIsTold({ before, after }: Flood): void {
	const lost = after.health.probes.reduce((sum, probe) => sum + probe.lost, 0);
	expect(after.health.records.lost).toBe(lost);
	const told = after.events.map(({ text }) => Number(/^probe \S+ lost (\d+) records$/.exec(text)?.[1] ?? 0));
	expect(told.reduce((sum, count) => sum + count, 0)).toBe(lost - before.health.records.lost);
}

const byNumber = (a: number, b: number) => a - b;

/** The records of one exec; a failed exec sends different ones. */
const EXEC_TYPES = [WireType.PROCESS, WireType.EXEC, WireType.EXE, WireType.ARGS, WireType.EXEC_FAILED];

describeLive("a flood into a ring of 4 KB", () => {
	test("of processes", async () => {
		const run = await flood("processes", ["eb-flood"]);
		expectBalance(run, "fork", [WireType.FORK], COUNT + KEPT);
		expectBalance(run, "exec", EXEC_TYPES, 4 * COUNT);
		expectBalance(run, "exit", [WireType.EXIT], COUNT);
		expectLossIsTold(run);
		const root = run.workload.pid("eb-flood");
		const kept = childrenOf(root);
		expect(kept).toHaveLength(KEPT);
		await run.tight.until("the processes that stayed, and no other", ({ processes }) => {
			const living = processes.filter((row) => row.ppid === root && row.exit === null);
			return String(living.map((row) => row.pid).sort(byNumber)) === String(kept);
		});
	});

	test("of files", async () => {
		// Narrow, since a use whose record was lost is sent again at the next use, and other processes go on.
		const run = await flood("opens", ["eb-flood"], true);
		expectBalance(run, "file", [WireType.OBJECT], COUNT);
		expectLossIsTold(run);
		const held = filesOf(run.workload.pid("eb-flood"), run.workload.directory);
		expect(held).toHaveLength(KEPT);
		await run.tight.until("the files that are held", ({ files }) => {
			const paths = new Set(files.map((row) => row.path));
			return held.every((path) => paths.has(path));
		});
	});

	test("of signals", async () => {
		const run = await flood("signals", ["eb-flood", "eb-target"]);
		expectBalance(run, "signal", [WireType.SIGNAL], COUNT);
		expectLossIsTold(run);
	});

	test("of connections", async () => {
		const run = await flood("connections", ["eb-flood", "eb-server"]);
		expectBalance(run, "tcp", [WireType.TCP], COUNT);
		expectLossIsTold(run);
		const port = Number(run.workload.marks("port")[0]);
		const truth = connectionsAt(port);
		expect(truth).toHaveLength(2 * KEPT + 1);
		await run.tight.until("the sockets that stayed, and no other", ({ tcp }) => {
			const open = tcp.filter((row) => row.state !== "CLOSE" && [row.localPort, row.remotePort].includes(port));
			return String(open.map((row) => `${row.state} ${row.localPort} ${row.remotePort}`).sort()) === String(truth);
		});
	});
});
