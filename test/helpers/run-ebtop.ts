/** Starts the real program and returns what a shell would see: stdout, stderr, exit status. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { patienceMs } from "./circumstances.ts";

/** The program has started once it has written this much. */
const BEGUN_BYTES = 4096;
const LAUNCHER = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));

export interface Outcome {
	/** Null if a signal ended it. */
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** A running program, and its lines as they come. */
export interface RunningEbtop {
	readonly child: ChildProcess;
	/** The next line of stdout, null at the end. */
	nextLine(): Promise<string | null>;
	readonly ended: Promise<Outcome>;
}

/** Starts `bin/ebtop`, through `launcher` if given; it ends by itself, by `child.kill`, or by a timeout if it hangs. */
export function startEbtop(
	words: readonly string[],
	launcher: readonly string[] = [],
	env: Readonly<Record<string, string>> = {},
): RunningEbtop {
	const [command = LAUNCHER, ...rest] = [...launcher, LAUNCHER, ...words];
	const child = spawn(command, rest, {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, XDG_CONFIG_HOME: "/nonexistent", ...env }, // no user's settings
		timeout: patienceMs,
		killSignal: "SIGKILL",
	});
	let stderr = "";
	const lines: string[] = [];
	child.stderr.on("data", (bytes) => {
		stderr += bytes;
	});
	const reader = createInterface({ input: child.stdout });
	reader.on("line", (line) => lines.push(line));
	const ended = new Promise<Outcome>((resolve) => {
		child.on("close", (status) => resolve({ status, stdout: lines.map((line) => `${line}\n`).join(""), stderr }));
	});
	let taken = 0;
	const nextLine = async (): Promise<string | null> => {
		while (lines.length <= taken) {
			const isOver = await Promise.race([
				ended.then(() => lines.length <= taken),
				new Promise<boolean>((resolve) => reader.once("line", () => resolve(false))),
			]);
			if (isOver) return null;
		}
		return lines[taken++] ?? null;
	};
	return { child, nextLine, ended };
}

/** Waits until the program blocks on a reader that reads nothing: its output has not grown for half a second. */
export async function untilStuck(pid: number): Promise<void> {
	const written = () => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
	for (let looks = 0, before = 0; looks < 5; before = written()) {
		await new Promise((resolve) => setTimeout(resolve, 100));
		looks = before > BEGUN_BYTES && written() === before ? looks + 1 : 0;
	}
}

export function runEbtop(...words: string[]): Promise<Outcome> {
	return startEbtop(words).ended;
}
