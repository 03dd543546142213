// The observers: ebtop and the tools it is compared with, started, awaited and stopped in the same way.
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const ebtop = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));

/** A program that watches the machine while a load runs. */
export interface Observer {
	/** Ends it; returns what it wrote to stdout, if that was kept. */
	stop(): Promise<string>;
}

export interface ObserverOptions {
	/** The start resolves as soon as stdout has this many bytes; without it, after a moment. */
	readonly isReady?: (stdout: string) => boolean;
	readonly keepOutput?: boolean;
}

// The load runs on the first CPU, so an observer's work in user space does not count as the cost of a call.
const lastCpu = String(availableParallelism() - 1);
const SETTLE_MS = 1500;

async function untilReady(child: ChildProcess, stdout: () => string, options: ObserverOptions): Promise<void> {
	const deadline = Date.now() + 20_000;
	while (options.isReady && !options.isReady(stdout())) {
		if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${child.spawnargs.join(" ")} did not start`);
		await sleep(20);
	}
	await sleep(SETTLE_MS);
	if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
}

/** Starts a program that watches, and waits until it does. */
export async function observe(
	command: string,
	args: readonly string[],
	options: ObserverOptions = {},
): Promise<Observer> {
	const child = spawn("taskset", ["-c", lastCpu, command, ...args], { stdio: ["ignore", "pipe", "inherit"] });
	const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
	const chunks: string[] = [];
	let wasReady = false;
	child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
		if (options.keepOutput || !wasReady) chunks.push(chunk);
	});
	await untilReady(child, () => chunks.join(""), options);
	wasReady = true;
	return {
		async stop() {
			child.kill("SIGINT");
			await ended;
			return chunks.join("");
		},
	};
}

// The tools need tracefs, which may not be mounted: they get it in their own mount namespace.
const withTracefs =
	'ls /sys/kernel/tracing/* >/dev/null 2>&1 || mount -t tracefs tracefs /sys/kernel/tracing; exec stdbuf -oL "$@"';

/** One of libbpf-tools; each prints a line once it has attached. */
export function observeWithTool(command: string, args: readonly string[]): Promise<Observer> {
	const isReady = (stdout: string) => stdout.includes("\n");
	return observe("unshare", ["--mount", "sh", "-c", withTracefs, "sh", command, ...args], { isReady });
}

/** ebtop with all panes; its first line says that everything is attached. */
export function observeWithEbtop(args: readonly string[], keepOutput = false): Promise<Observer> {
	return observe(ebtop, ["--json", "--require-bpf", ...args], {
		isReady: (stdout) => stdout.includes("\n"),
		keepOutput,
	});
}

/** Runs `work` under observers that are started by `start`. */
export async function during<T>(start: readonly (() => Promise<Observer>)[], work: () => Promise<T>): Promise<T> {
	const observers: Observer[] = [];
	try {
		for (const each of start) observers.push(await each());
		return await work();
	} finally {
		for (const observer of observers) await observer.stop();
	}
}
