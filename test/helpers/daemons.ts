/** Real programs that a test starts and ends: servers, mostly. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { describe } from "vitest";

export const isThere = (program: string): boolean =>
	spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;

/** A describe that needs a program; if the program is missing, the title says so. */
export const describeProgram = (program: string, body: () => void) =>
	describe.skipIf(!isThere(program))(isThere(program) ? program : `${program} (skipped: it is not installed)`, body);

export class Daemons {
	readonly #children: ChildProcess[] = [];
	readonly #directory: string;

	/** They work in `directory`. */
	constructor(directory: string) {
		this.#directory = directory;
	}

	/** Starts one that stays in the foreground; returns its pid. */
	start(command: string, ...args: string[]): number {
		return this.#spawn("ignore", command, args).pid ?? 0;
	}

	/** The same with a stdin to write to. */
	startListening(command: string, ...args: string[]): ChildProcess {
		return this.#spawn("pipe", command, args);
	}

	async stop(): Promise<void> {
		await Promise.all(this.#children.map(stop));
	}

	#spawn(stdin: "ignore" | "pipe", command: string, args: readonly string[]): ChildProcess {
		const child = spawn(command, args, { stdio: [stdin, "ignore", "ignore"], cwd: this.#directory });
		this.#children.push(child);
		return child;
	}
}

async function stop(child: ChildProcess): Promise<void> {
	const exited = new Promise((resolve) => child.on("exit", resolve));
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill("SIGTERM");
	const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
	await exited;
	clearTimeout(timer);
}
