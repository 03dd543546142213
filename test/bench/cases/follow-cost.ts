// What following a command costs others: Redis that has nothing to do with it, and Redis that also serves it. Server and load share
// a CPU, ebtop has another one.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Daemons, isThere } from "../../helpers/daemons.ts";
import { RedisServer } from "../../helpers/redis.ts";
import { during, type Observer, observeWithEbtop } from "../observer.ts";
import type { Case, Result } from "../result.ts";
import { interleave, median } from "../statistics.ts";

const ROUNDS = 7;
const REQUESTS = 200_000;
/** Between the requests of the followed client. */
const PAUSE_SECONDS = 0.01;

/** `alone`: without ebtop. `watched`: with it, but nothing is followed. */
const VARIANTS = ["alone", "watched", "bystander", "followed"] as const;
type Variant = (typeof VARIANTS)[number];

const pin = (pid: number) => promisify(execFile)("taskset", ["-a", "-p", "-c", "0", String(pid)]);

/** Seconds that Redis needs for the load. */
async function measure({ socket }: RedisServer): Promise<number> {
	const words = ["-c", "0", "redis-benchmark", "-s", socket, "-t", "get", "-n", String(REQUESTS), "--csv"];
	const { stdout } = await promisify(execFile)("taskset", words);
	const perSecond = Number(/^"GET","([\d.]+)"/m.exec(stdout)?.[1]);
	if (!(perSecond > 0)) throw new Error(`redis-benchmark printed ${stdout}`);
	return REQUESTS / perSecond;
}

async function run(): Promise<Result[]> {
	if (!isThere("redis-benchmark") || !isThere("redis-server")) throw new Error("Redis is not installed");
	const directory = mkdtempSync(join(tmpdir(), "eb-"));
	const daemons = new Daemons(directory);
	const others: ChildProcess[] = [];
	try {
		const redis = await RedisServer.start(daemons, directory);
		await pin(redis.pid);
		const start = (...words: string[]) => {
			const child = spawn("taskset", ["-c", "0", ...words], { stdio: "ignore" });
			others.push(child);
			return child.pid ?? 0;
		};
		const follow = (pid: number) => [() => observeWithEbtop(["--follow", String(pid)])];
		const client = start("redis-cli", "-s", redis.socket, "-r", "-1", "-i", String(PAUSE_SECONDS), "ping");
		const observers: Record<Variant, (() => Promise<Observer>)[]> = {
			alone: [],
			watched: [() => observeWithEbtop([])],
			bystander: follow(start("sleep", "100000")),
			followed: follow(client),
		};
		const rounds = await interleave(ROUNDS, VARIANTS, (variant) => during(observers[variant], () => measure(redis)));
		const longer = (variant: Variant, than: Variant) => ({
			ours: 100 * median(rounds.map((round) => round[variant] / round[than] - 1)),
			theirs: null,
			unit: "%",
			atMostRatio: null,
		});
		const more = (variant: Variant) => ({ ...longer(variant, "watched"), against: "nothing followed" });
		return [
			{ what: "Redis, while another command is followed: longer by", ...more("bystander"), atMost: 2, raw: rounds },
			{ what: "Redis, which also serves the followed one: longer by", ...more("followed"), atMost: 10 },
			{ what: "Redis, nothing followed: longer by", ...longer("watched", "alone"), against: "without ebtop" },
		];
	} finally {
		for (const child of others) child.kill("SIGKILL");
		await daemons.stop();
		rmSync(directory, { recursive: true, force: true });
	}
}

export const followCost: Case = { name: "follow-cost", run };
