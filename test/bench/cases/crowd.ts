// With thousands of processes alive: own CPU per refresh against htop's tree, and the time from a key to its frame.
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs } from "../cpu-time.ts";
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

/** The newest process whose command line has this text as its program or first argument. */
function findPid(text: string): number {
	return Number(execFileSync("pgrep", ["-n", "-f", text], { encoding: "utf8" }).trim());
}

function cpuPerRefresh(command: readonly string[], processPattern: string): Promise<number> {
	return inTerminal(command, async () => {
		await sleep(WARM_MS);
		const pid = findPid(processPattern);
		const before = cpuMs(pid);
		await sleep(REFRESHES * 1000);
		return (cpuMs(pid) - before) / REFRESHES;
	});
}

async function againstHtop(what: string, options: readonly string[], atMostRatio: number): Promise<Result> {
	const rounds = await interleave(ROUNDS, ["ebtop", "htop"], (variant) =>
		variant === "ebtop"
			? cpuPerRefresh([ebtop, ...options], `bin/ebtop.cjs ${options.join(" ")}`)
			: cpuPerRefresh(["htop", "--tree", "--delay=10"], "^htop --tree"),
	);
	return {
		what: `own CPU per refresh, 2,000 processes, ${what}`,
		ours: median(rounds.map((round) => round.ebtop)),
		against: "htop --tree",
		theirs: median(rounds.map((round) => round.htop)),
		unit: "ms",
		atMostRatio,
		raw: rounds,
	};
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

async function withCrowd(count: number, work: () => Promise<Result>): Promise<Result> {
	const stop = await startLoad(compile("crowd"), [String(count)]);
	try {
		return await work();
	} finally {
		await stop();
	}
}

export const crowd: Case = {
	name: "crowd",
	run: async () => [
		await withCrowd(2000, () => againstHtop("screen on", ["--delay", "1"], 0.4)),
		await withCrowd(2000, () => againstHtop("/proc source", ["--source", "proc", "--delay", "1"], 0.8)),
		await withCrowd(10_000, keyToFrame),
	],
};
