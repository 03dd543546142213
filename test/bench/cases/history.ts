// What it costs to remember every refresh: the demo's machine over and over, and a made-up one with many processes and
// files of which a part moves at each refresh.
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { History } from "../../../src/history/history.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { collect } from "../../helpers/collect.ts";
import { recordedSnapshots } from "../../helpers/recorded-snapshots.ts";
import { aFile } from "../../helpers/snapshots.ts";
import { cpuMs } from "../cpu-time.ts";
import { compile, startLoad } from "../load.ts";
import { ebtop } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { median } from "../statistics.ts";
import { inTerminal } from "../terminal.ts";

const DEMO = fileURLToPath(new URL("../../../demo/demo.ebtop", import.meta.url));
const REFRESHES = 900;
const PROCESSES = 2000;
const FILES = 10_000;
/** One row in so many changes at a refresh. */
const STILL = 20;
const LOOKS = 40;
/** A monitor runs for hours: by then V8 has compiled what is hot. */
const WARM_MS = 30_000;
const ROUNDS = 5;
/** Of the demo about as many as it has. */
const ROUND_REFRESHES = 30;

/** All but the first, which has every row new, again and again; events are new each time, as they are on a machine. */
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

/** What is in use when all garbage is gone. */
function heldBytes(): number {
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** CPU time of this program, zlib's threads included: milliseconds. */
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

/** The cost of each of some ways back, ms of this thread's CPU time. */
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
	const steady = costs.slice(REFRESHES / 3); // without those before the compiler has seen enough
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

/** CPU of the whole program for a refresh, of two that run at the same time: with the history and without. */
async function wholeProgram(what: string, options: readonly string[]): Promise<Result> {
	const command = [ebtop, "--delay", "1", ...options];
	const rounds: { with: number; without: number }[] = [];
	await inTerminal(command, (remembering) =>
		inTerminal([...command, "--history", "0"], async (forgetting) => {
			const terminals = [remembering, forgetting];
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
		against: "--history 0",
		theirs: median(rounds.map((round) => round.without)),
		unit: "ms",
		atMostRatio: 1.1,
		raw: rounds,
	};
}

async function wholePrograms(): Promise<Result[]> {
	const results = [await wholeProgram("demo", ["--demo"]), await wholeProgram("this machine", [])];
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
			...(await wholePrograms()),
		];
	},
};
