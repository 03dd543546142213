// What it costs to keep every refresh in the history: of the demo's machine in a loop, and of a synthetic machine with
// many processes and files, some of which change at each refresh.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { History } from "../../../src/history/history.ts";
import { StateBlocks } from "../../../src/history/state-blocks.ts";
import { Recorder } from "../../../src/model/feed/recorder.ts";
import { OutputFile } from "../../../src/model/feed/regular-file.ts";
import { ReplayFeed } from "../../../src/model/feed/replay.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { collect } from "../../helpers/collect.ts";
import { cpuMs } from "../../helpers/proc-usage.ts";
import { recordedSnapshots } from "../../helpers/recorded-snapshots.ts";
import { aFile, aSyscall } from "../../helpers/snapshots.ts";
import { compile, startLoad } from "../load.ts";
import { ebtop } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { median } from "../statistics.ts";
import { inTerminal } from "../terminal.ts";

const DEMO = fileURLToPath(new URL("../../../demo/demo.ebtop", import.meta.url));
const REFRESHES = 900;
const PROCESSES = 2000;
const FILES = 10_000;
/** At each refresh, one of this many rows changes. */
const STILL = 20;
const LOOKS = 40;
/** A machine at work: rows of calls, so many of which change at each refresh. */
const BUSY = { processes: 4000, calls: 43_000, changes: 28_000, refreshes: 60 };
/** A held key: its first repetition comes late. */
const HELD = { firstMs: 500, nextMs: 33 };
/** A monitor runs for hours, so V8 has compiled its hot code. */
const WARM_MS = 30_000;
const ROUNDS = 5;
/** Of the demo about as many as it has. */
const ROUND_REFRESHES = 30;

/** All but the first, in which every row is new, in a loop; events are new each time, as on a real machine. */
async function demoMachine(): Promise<(refresh: number) => Snapshot> {
	const snapshots = (await recordedSnapshots(DEMO)).slice(1);
	return (refresh) => {
		const snapshot = snapshots[refresh % snapshots.length] as Snapshot;
		return { ...snapshot, events: snapshot.events.map((row) => ({ ...row })) };
	};
}

function largeMachine(): (refresh: number) => Snapshot {
	const { processes, syscalls, ipc, tcp } = changingSnapshot(0, PROCESSES);
	const files = Array.from({ length: FILES }, (_, at) => aFile({ pid: (at % PROCESSES) + 1, path: `/srv/data/${at}` }));
	const moved = <Row extends object>(rows: readonly Row[], refresh: number, change: Partial<Row>) =>
		rows.map((row, at) => ((at + refresh) % STILL === 0 ? { ...row, ...change } : row));
	let before = { ...changingSnapshot(0, 1), processes, syscalls, ipc, tcp, files } as Snapshot;
	return (refresh) => {
		const random = Math.round(Math.random() * 1e6) / 1e3;
		before = {
			...before,
			seq: refresh,
			processes: moved(before.processes, refresh, { cpuPercent: random, syscallRate: random * 7 }),
			syscalls: moved(before.syscalls, refresh, { count: refresh * 100, rate: random }),
			files: moved(before.files, refresh, { writes: refresh * 3, writeBytes: refresh * 4096, writeRate: random }),
		};
		return before;
	};
}

function busyMachine(): (refresh: number) => Snapshot {
	const machine = changingSnapshot(0, BUSY.processes);
	let syscalls = Array.from({ length: BUSY.calls }, (_, at) =>
		aSyscall({ pid: (at % BUSY.processes) + 1, name: `call-${at % 300}`, count: at }),
	);
	return (refresh) => {
		const isChanged = (at: number) => (at * 7 + refresh * 1009) % BUSY.calls < BUSY.changes;
		syscalls = syscalls.map((row, at) =>
			isChanged(at) ? { ...row, count: row.count + 1 + (at % 7), rate: ((at * refresh) % 977) + 0.5 } : row,
		);
		return { ...machine, seq: refresh, syscalls, events: [] };
	};
}

/** `[` is held on a machine at work: this thread's CPU time for each step, and the longest turn of the event loop. */
async function holdBack(): Promise<Result[]> {
	const history = new History();
	const refreshes = busyMachine();
	for (let refresh = 0; refresh < BUSY.refreshes; refresh++) {
		history.add(refreshes(refresh));
		await history.settled();
	}
	const steps: number[] = [];
	const delay = monitorEventLoopDelay({ resolution: 1 });
	for (const { no } of history.moments.slice(0, -1).reverse()) {
		const began = process.threadCpuUsage();
		if (history.at(no) === null) throw new Error(`${no} is not remembered`);
		const used = process.threadCpuUsage(began);
		if (steps.push((used.user + used.system) / 1000) === 2) delay.enable();
		await sleep(steps.length === 1 ? HELD.firstMs : HELD.nextMs);
	}
	const what = `history, ${BUSY.calls} rows of calls: [ held`;
	const alone = { against: null, theirs: null, atMostRatio: null, unit: "ms" };
	const repeated = steps.slice(1); // the first one is not read ahead
	return [
		{ what: `${what}, median step`, ours: median(repeated), ...alone, raw: steps },
		{ what: `${what}, longest step`, ours: Math.max(...repeated), ...alone, atMost: 100 },
		{ what: `${what}, longest turn`, ours: delay.max / 1e6, ...alone, atMost: 100 },
	];
}

/** Heap in use after a full garbage collection. */
function heldBytes(): number {
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** CPU time of this program in milliseconds, with zlib's threads. */
function ownCpuMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

/** The cost of each refresh, ms. */
async function fill(history: History, refreshes: (refresh: number) => Snapshot): Promise<number[]> {
	const costs: number[] = [];
	for (let refresh = 0; refresh < REFRESHES; refresh++) {
		const snapshot = refreshes(refresh);
		const began = ownCpuMs();
		history.add(snapshot);
		await history.settled();
		costs.push(ownCpuMs() - began);
	}
	return costs;
}

/** The cost of each of several steps back in time, in ms of this thread's CPU time. */
function lookBack(history: History): number[] {
	const { moments } = history;
	return Array.from({ length: LOOKS }, (_, look) => {
		const { no } = moments[Math.floor((moments.length - 1) * ((look * 0.618) % 1))] ?? { no: 0 };
		const began = process.threadCpuUsage();
		if (history.at(no) === null) throw new Error(`${no} is not remembered`);
		const used = process.threadCpuUsage(began);
		return (used.user + used.system) / 1000;
	});
}

async function remember(what: string, refreshes: (refresh: number) => Snapshot): Promise<Result[]> {
	let history: History | null = new History();
	const costs = await fill(history, refreshes);
	const looks = lookBack(history);
	const { bytes } = history;
	const count = history.moments.length;
	const withIt = heldBytes();
	history = null;
	const held = withIt - heldBytes();
	const alone = { against: null, theirs: null, atMostRatio: null };
	const steady = costs.slice(REFRESHES / 3); // without the warm-up of the compiler
	const mean = steady.reduce((sum, cost) => sum + cost, 0) / steady.length;
	return [
		{ what: `history, ${what}: memory, what was read last with it`, ours: held / 1e6, unit: "MB", ...alone },
		{ what: `history, ${what}: CPU for a refresh`, ours: mean, unit: "ms", ...alone, raw: costs },
		{
			what: `history, ${what}: kB for 60 refreshes`,
			ours: (bytes * 60) / count / 1000,
			unit: "kB",
			...alone,
		},
		{ what: `history, ${what}: refreshes of ${REFRESHES} remembered`, ours: count, unit: "", ...alone },
		{
			what: `history, ${what}: going back, median`,
			ours: median(looks),
			unit: "ms",
			...alone,
			atMost: 100,
			raw: looks,
		},
		{ what: `history, ${what}: going back, longest`, ours: Math.max(...looks), unit: "ms", ...alone, atMost: 100 },
	];
}

/** CPU time of the whole program per refresh, for two that run at the same time, one with `more` and one with `less`. */
async function wholeProgram(
	what: string,
	options: readonly string[],
	more: readonly string[] = [],
	less: readonly string[] = ["--history", "0"],
): Promise<Result> {
	const command = [ebtop, "--delay", "1", ...options];
	const rounds: { with: number; without: number }[] = [];
	await inTerminal([...command, ...more], (one) =>
		inTerminal([...command, ...less], async (other) => {
			const terminals = [one, other];
			const used = () => terminals.map((terminal) => cpuMs(terminal.pidOfProgram())) as [number, number];
			await sleep(WARM_MS);
			for (let round = 0; round < ROUNDS; round++) {
				const before = used();
				await sleep(ROUND_REFRESHES * 1000);
				const after = used();
				for (const terminal of terminals) terminal.forget();
				const [ours, theirs] = [0, 1].map((at) => ((after[at] ?? 0) - (before[at] ?? 0)) / ROUND_REFRESHES);
				rounds.push({ with: ours ?? 0, without: theirs ?? 0 });
			}
		}),
	);
	return {
		what: `own CPU per refresh, ${what}`,
		ours: median(rounds.map((round) => round.with)),
		against: less.join(" ") || "without",
		theirs: median(rounds.map((round) => round.without)),
		unit: "ms",
		atMostRatio: 1.1,
		raw: rounds,
	};
}

/** Bytes and CPU time of recordings of the demo: as it is recorded in a file, and in a folder. */
async function recordings(): Promise<Result[]> {
	const alone = { against: null, theirs: null, atMostRatio: null };
	const folder = mkdtempSync(join(tmpdir(), "eb-bench-"));
	const snapshots = await recordedSnapshots(DEMO);
	const perMinute = (bytes: number) => (bytes * 60) / snapshots.length / 1000;
	const batches = await batchesOf(DEMO);
	const file = new OutputFile(join(folder, "file"));
	const info = { host: "eb", kernel: "", machine: "x86_64", source: "bpf" } as const;
	const began = ownCpuMs();
	const recorder = new Recorder(file, info, "", {});
	for (const batch of batches) recorder.write(batch);
	recorder.close();
	const recorded = ownCpuMs();
	const blocks = new StateBlocks();
	const shown = snapshots.flatMap((snapshot) => blocks.write(snapshot)).reduce((sum, { length }) => sum + length, 0);
	const costs = [recorded - began, ownCpuMs() - recorded].map((ms) => ms / snapshots.length);
	rmSync(folder, { recursive: true });
	return [
		{ what: "a file, demo: kB for 60 refreshes", ours: perMinute(file.length), unit: "kB", ...alone, atMost: 350 },
		{ what: "a folder, demo: kB for 60 refreshes", ours: perMinute(shown), unit: "kB", ...alone, atMost: 350 },
		{ what: "a file, demo: CPU for a refresh", ours: costs[0] ?? 0, unit: "ms", ...alone },
		{ what: "a folder, demo: CPU for a refresh, cold", ours: costs[1] ?? 0, unit: "ms", ...alone },
	];
}

function batchesOf(path: string): Promise<Uint8Array[]> {
	const batches: Uint8Array[] = [];
	return new Promise((resolve, reject) => {
		new ReplayFeed(path, { pace: "fast" }).start(
			(batch) => void batches.push(batch),
			(error) => (error === null ? resolve(batches) : reject(error)),
		);
	});
}

async function wholePrograms(): Promise<Result[]> {
	const folder = mkdtempSync(join(tmpdir(), "eb-bench-"));
	const results = [
		await wholeProgram("demo", ["--demo"]),
		await wholeProgram("this machine", []),
		await wholeProgram("this machine, recorded in a file", [], ["--record", join(folder, "file")], []),
		await wholeProgram("this machine, recorded in a folder", [], ["--record", `${folder}/segments/`], []),
	];
	rmSync(folder, { recursive: true });
	const stop = await startLoad(compile("crowd"), [String(PROCESSES)]);
	try {
		return [...results, await wholeProgram(`${PROCESSES} processes`, [])];
	} finally {
		await stop();
	}
}

export const history: Case = {
	name: "history",
	async run() {
		return [
			...(await remember("demo", await demoMachine())),
			...(await remember(`${PROCESSES} processes, ${FILES} files`, largeMachine())),
			...(await holdBack()),
			...(await recordings()),
			...(await wholePrograms()),
		];
	},
};
