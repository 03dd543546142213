/** The fuzzers of native/, in C++ with libFuzzer: test/fuzz/native/ has one file for each target. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fingerprint, isMadeOf, noteMadeOf } from "../../scripts/setup/fingerprint.mjs";
import { top } from "../../scripts/setup/paths.mjs";

export const NATIVE_TARGETS = ["sock-diag", "proc-events", "proc-text", "records"] as const;

/** How many cases of each `npm test` tries. */
export const NATIVE_CASES_IN_TESTS = 20_000;

const folder = "build/fuzz";
const program = `${folder}/native`;
const own = "test/fuzz/native";
const tested = [
	...["text-file", "comm-glob", "program-text"],
	...["sock-diag", "process", "process-event", "call-samples", "map-scan", "object-kind", "fd-info"].map(
		(n) => `proc/${n}`,
	),
];
const sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"];
const compile = [
	..."clang++ -std=gnu++20 -O1 -g1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link".split(" "),
	..."-D_GNU_SOURCE -Inative -Ibpf/wire -Ibpf/lib -c".split(" "),
	...sanitize,
];

/** Compiles them if a source changed: many files in parallel, since AddressSanitizer makes compiling slow. */
export function buildNativeFuzzers(): void {
	const hash = fingerprint([own, "native", "bpf/wire", "test/fuzz/native.ts"]);
	if (isMadeOf(program, hash)) return;
	mkdirSync(join(top, folder), { recursive: true });
	const sources = [
		...readdirSync(join(top, own))
			.filter((name) => name.endsWith(".cpp"))
			.map((name) => `${own}/${name}`),
		...tested.map((name) => `native/${name}.cpp`),
	];
	const objects = sources.map((source) => `${folder}/${source.replaceAll("/", "_")}.o`);
	const pairs = sources.flatMap((source, at) => ["-o", objects[at] as string, source]);
	run("xargs", ["-P", String(availableParallelism()), "-n", "3", ...compile], pairs.join("\n"));
	run("clang++", ["-fsanitize=fuzzer", ...sanitize, "-o", program, ...objects]);
	noteMadeOf(program, hash);
}

function run(command: string, args: readonly string[], input = ""): void {
	const { status, stderr } = spawnSync(command, args, { cwd: top, input, encoding: "utf8" });
	if (status !== 0) throw new Error(`The native fuzzers could not be compiled.\n${stderr}`);
}

/** Tries that many cases. Returns what failed and the command that repeats it; null if nothing failed. */
export function searchNative(target: string, seed: number, cases: number): string | null {
	const artifact = `${folder}/${target}-failed`;
	const options = [
		"-max_len=4096",
		"-timeout=20",
		"-verbosity=0",
		"-print_funcs=0",
		`-exact_artifact_path=${artifact}`,
	];
	const { status, stderr } = spawnSync(join(top, program), [`-runs=${cases}`, `-seed=${seed}`, ...options], {
		cwd: top,
		env: { ...process.env, EB_TARGET: target },
		encoding: "utf8",
		maxBuffer: 64 << 20,
	});
	return status === 0 ? null : `${stderr.trim()}\nAgain: EB_TARGET=${target} ${program} ${artifact}`;
}
