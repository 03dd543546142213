// `npm run bench [-- CASE…] [--keep]`: what ebtop costs, measured next to other tools in one run. With --keep the
// figures are written to test/bench/results, to be committed: costs depend on the processor, so each file names it.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import { callCost } from "./cases/call-cost.ts";
import { crowd } from "./cases/crowd.ts";
import { decode } from "./cases/decode.ts";
import { events } from "./cases/events.ts";
import { firstFrame } from "./cases/first-frame.ts";
import { fleet } from "./cases/fleet.ts";
import { follow } from "./cases/follow.ts";
import { followCost } from "./cases/follow-cost.ts";
import { growth } from "./cases/growth.ts";
import { history } from "./cases/history.ts";
import { probes } from "./cases/probes.ts";
import { storm } from "./cases/storm.ts";
import { type Case, holds, type Result, table } from "./result.ts";

const cases: readonly Case[] = [
	callCost,
	probes,
	events,
	storm,
	decode,
	crowd,
	firstFrame,
	history,
	follow,
	followCost,
	fleet,
	growth,
];

/** Returns the path of the file. */
function save(folder: string, time: string, content: unknown): string {
	const path = fileURLToPath(new URL(folder, import.meta.url));
	mkdirSync(path, { recursive: true });
	const file = `${path}${time.replaceAll(":", "-")}.json`;
	writeFileSync(file, `${JSON.stringify(content, null, "\t")}\n`);
	return file;
}

async function main(): Promise<void> {
	const words = process.argv.slice(2);
	const isKept = words.includes("--keep");
	const wanted = words.filter((word) => word !== "--keep");
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
	const time = new Date().toISOString();
	const machine = { kernel: /^\d+\.\d+/.exec(release())?.[0] ?? "", cpu: cpus()[0]?.model ?? "", cpus: cpus().length };
	process.stdout.write(`${machine.cpus} x ${machine.cpu}, Linux ${machine.kernel}\n\n${table(results)}\n\n`);
	const file = save("../../bench-results/", time, { time, machine, results });
	process.stdout.write(`${results.filter(holds).length} of ${results.length} hold; all figures: ${file}\n`);
	if (!isKept) return;
	const summary = results.map(({ raw: _, ...figures }) => ({ ...figures, holds: holds(figures) }));
	process.stdout.write(`Kept: ${save("results/", time, { time, machine, results: summary })}\n`);
}

await main();
