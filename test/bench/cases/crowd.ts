// With thousands of processes alive: own CPU per refresh against htop's tree, and the time from a key to its frame.
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs } from "../../helpers/proc-usage.ts";
import { compile, startLoad } from "../load.ts";
import { ebtop } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { interleave, median, quantile } from "../statistics.ts";
import { inTerminal } from "../terminal.ts";

const ROUNDS = 3;
const REFRESHES = 10;
const SETTLE_MS = 4000;
/** A monitor runs for hours, so V8 has compiled its hot code. */
const WARM_MS = 30_000;
const KEYS = 100;

/** What is measured: a command and its warm-up. */
const PROGRAMS = {
	screen: { command: [ebtop, "--delay", "1"], warmMs: WARM_MS },
	proc: { command: [ebtop, "--source", "proc", "--delay", "1"], warmMs: WARM_MS },
	htop: { command: ["htop", "--tree", "--delay=10"], warmMs: SETTLE_MS },
};

/** One after the other, and nothing else reads /proc: ebtop would count what it reads. */
function cpuPerRefresh(name: keyof typeof PROGRAMS): Promise<number> {
	const { command, warmMs } = PROGRAMS[name];
	return inTerminal(command, async (terminal) => {
		await sleep(warmMs);
		const pid = terminal.pidOfProgram();
		const before = cpuMs(pid);
		await sleep(REFRESHES * 1000);
		return (cpuMs(pid) - before) / REFRESHES;
	});
}

async function againstHtop(): Promise<Result[]> {
	const rounds = await interleave(ROUNDS, ["screen", "proc", "htop"], cpuPerRefresh);
	const result = (name: "screen" | "proc", what: string, atMostRatio: number): Result => ({
		what: `own CPU per refresh, 2,000 processes, ${what}`,
		ours: median(rounds.map((round) => round[name])),
		against: "htop --tree",
		theirs: median(rounds.map((round) => round.htop)),
		unit: "ms",
		atMostRatio,
		raw: rounds,
	});
	return [result("screen", "screen on", 0.4), result("proc", "/proc source", 0.8)];
}

async function keyToFrame(): Promise<Result> {
	const times: number[] = [];
	// With a long delay, every frame is caused by a key.
	await inTerminal([ebtop, "--delay", "60"], async (terminal) => {
		await sleep(SETTLE_MS);
		for (let i = 0; i < KEYS; i++) {
			times.push(await terminal.press(i % 20 === 19 ? "g" : "j"));
			await sleep(30);
			terminal.forget();
		}
	});
	return {
		what: "key to changed frame, 10,000 processes, p95",
		ours: quantile(times, 0.95),
		against: null,
		theirs: null,
		unit: "ms",
		atMostRatio: null,
		atMost: 10,
		raw: times,
	};
}

async function withCrowd<T>(count: number, work: () => Promise<T>): Promise<T> {
	const stop = await startLoad(compile("crowd"), [String(count)]);
	try {
		return await work();
	} finally {
		await stop();
	}
}

export const crowd: Case = {
	name: "crowd",
	run: async () => [...(await withCrowd(2000, againstHtop)), await withCrowd(10_000, keyToFrame)],
};
