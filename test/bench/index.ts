// `npm run bench [-- CASE…]`: what ebtop costs, measured beside what it is compared with, in one run.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import { callCost } from "./cases/call-cost.ts";
import { crowd } from "./cases/crowd.ts";
import { decode } from "./cases/decode.ts";
import { firstFrame } from "./cases/first-frame.ts";
import { storm } from "./cases/storm.ts";
import { type Case, holds, type Result, table } from "./result.ts";

const cases: readonly Case[] = [callCost, storm, decode, crowd, firstFrame];

async function main(): Promise<void> {
	const wanted = process.argv.slice(2);
	const chosen = cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
	if (chosen.length === 0) {
		process.stderr.write(`No such benchmark. There are: ${cases.map(({ name }) => name).join(" ")}\n`);
		process.exitCode = 2;
		return;
	}
	if (process.getuid?.() !== 0) {
		process.stderr.write("The benchmarks attach BPF programs: run them as root.\n");
		process.exitCode = 3;
		return;
	}
	const results: Result[] = [];
	for (const each of chosen) {
		process.stderr.write(`${each.name} ...\n`);
		try {
			results.push(...(await each.run()));
		} catch (error) {
			process.stderr.write(`${each.name} failed: ${(error as Error).message}\n`);
			process.exitCode = 1;
		}
	}
	const folder = fileURLToPath(new URL("../../bench-results/", import.meta.url));
	mkdirSync(folder, { recursive: true });
	const time = new Date().toISOString();
	const file = `${folder}${time.replaceAll(":", "-")}.json`;
	const machine = { kernel: release(), cpu: cpus()[0]?.model ?? "", cpus: cpus().length };
	writeFileSync(file, `${JSON.stringify({ time, machine, results }, null, "\t")}\n`);
	process.stdout.write(
		`${table(results)}\n\n${results.filter(holds).length} of ${results.length} hold; all figures: ${file}\n`,
	);
}

await main();
