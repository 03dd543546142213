// The small C programs that generate load, compiled on demand.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(tmpdir(), `eb-bench-${process.pid}`);

/** Compiles test/bench/load/NAME.c and returns the path of the program, eb-NAME. */
export function compile(name: string, flags: readonly string[] = ["-static"]): string {
	const source = fileURLToPath(new URL(`load/${name}.c`, import.meta.url));
	const program = join(folder, `eb-${name}`);
	mkdirSync(folder, { recursive: true });
	execFileSync("gcc", ["-O2", "-Wall", "-pthread", ...flags, "-o", program, source], { stdio: "inherit" });
	return program;
}

/** Runs a load on the first CPU (observers get the last one) and returns the numbers that it prints. */
export async function runLoad(program: string, args: readonly string[]): Promise<number[]> {
	const child = spawn("taskset", ["-c", "0", program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
	let output = "";
	for await (const chunk of child.stdout.setEncoding("utf8")) output += chunk;
	return output.trim().split("\n").map(Number);
}

/** Starts a load that runs until it is stopped; resolves when the load reports that it is ready. */
export async function startLoad(program: string, args: readonly string[]): Promise<() => Promise<void>> {
	const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
	const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
	await Promise.race([new Promise((resolve) => child.stdout.once("data", resolve)), ended]);
	if (child.exitCode !== null) throw new Error(`${program} ended before it was ready`);
	return async () => {
		child.stdin.end();
		await ended;
	};
}
