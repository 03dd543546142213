/** `npm run fuzz [-- TARGET…] [--cases N] [--seed S] [--case K]`: a million cases of each target, or of those named. */

import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { cpuSeconds } from "../helpers/proc-usage.ts";
import { buildNativeFuzzers, NATIVE_TARGETS, searchNative } from "./native.ts";
import { searchInThread, serveSearch } from "./search-thread.ts";
import { TARGETS } from "./targets.ts";

const DEFAULT_CASES = 1_000_000;

interface Order {
	readonly names: readonly string[];
	readonly seed: number;
	readonly first: number;
	readonly count: number;
}

/** Throws with a message for the user. */
function readOrder(words: readonly string[]): Order {
	const { values, positionals } = parseArgs({
		args: [...words],
		allowPositionals: true,
		options: { cases: { type: "string" }, seed: { type: "string" }, case: { type: "string" } },
	});
	const number = (name: keyof typeof values, usual: number): number => {
		const text = values[name];
		if (text === undefined) return usual;
		if (/^\d{1,9}$/.test(text)) return Number(text);
		throw new Error(`--${name} takes a whole number, not "${text}".`);
	};
	const known: readonly string[] = [...TARGETS.map(({ name }) => name), ...NATIVE_TARGETS];
	const unknown = positionals.find((name) => !known.includes(name));
	if (unknown !== undefined) throw new Error(`There is no target "${unknown}"; there are ${known.join(" ")}.`);
	const seed = number("seed", Math.floor(Math.random() * 1e9));
	const count = values.case === undefined ? number("cases", DEFAULT_CASES) : 1;
	return { names: positionals.length > 0 ? positionals : known, seed, first: number("case", 0), count };
}

/** What failed and the command that repeats it; null if nothing failed. */
async function search(name: string, range: { seed: number; first: number; count: number }): Promise<string | null> {
	if ((NATIVE_TARGETS as readonly string[]).includes(name)) {
		if (range.first > 0) throw new Error("Targets in C++ have no --case: what fails is kept in a file.");
		buildNativeFuzzers();
		return searchNative(name, range.seed, range.count);
	}
	const finding = await searchInThread({ target: name, ...range });
	if (finding === null) return null;
	const again = `Again: npm run fuzz -- ${name} --seed ${range.seed} --case ${finding.number}`;
	return [finding.error, finding.smallest, again].join("\n");
}

async function main(words: readonly string[]): Promise<void> {
	const { names, ...range } = readOrder(words);
	for (const name of names) {
		const began = cpuSeconds("/proc/self/stat");
		process.stdout.write(`${name}: ${range.count} cases, seed ${range.seed} ... `);
		const failure = await search(name, range);
		const seconds = (cpuSeconds("/proc/self/stat") - began).toFixed(1);
		process.stdout.write(failure === null ? `all hold, ${seconds} s of CPU\n` : `FAILED\n${failure}\n`);
		if (failure !== null) process.exitCode = 1;
	}
}

if (isMainThread) {
	await main(process.argv.slice(2)).catch((error: Error) => {
		process.stderr.write(`${error.message}\n`);
		process.exitCode = 2;
	});
} else {
	await serveSearch();
}
