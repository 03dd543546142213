// Everything that can be checked without running ebtop: types, format and lint (import boundaries too), drift of
// generated files.
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment, privateNode, top } from "./setup/paths.mjs";

const packageFile = (...path) => join(top, "node_modules", ...path);

const checks = [
	{ name: "types", args: [packageFile("typescript", "bin", "tsc"), "--noEmit", "-p", "."] },
	{ name: "format and lint", args: [packageFile("@biomejs", "biome", "bin", "biome"), "check", "--colors=off", "."] },
	{ name: "format of C and C++", args: [join("scripts", "clang.mjs"), "format", "--check"] },
	{
		name: "clang-tidy of what changed since npm run tidy",
		args: [join("scripts", "clang.mjs"), "tidy", "--check"],
		isTold: true,
	},
	{ name: "NOTICE names what the bundle holds", args: [join("scripts", "notice.mjs"), "--check"] },
	{ name: "the JSON Schema matches the snapshot's types", args: [join("schema", "generate.mjs"), "--check"] },
	{ name: "manual and completions match the options", args: [join("share", "generate.mjs"), "--check"] },
	{ name: "numbers of system calls are the headers'", args: [join("bpf", "calls", "generate.mjs"), "--check"] },
	{ name: "the last commit's subject", args: [join("scripts", "subject.mjs")] },
	{ name: "wire layout matches wire.h", args: [join("bpf", "wire", "generate.mjs"), "--check"] },
];

async function check({ name, args, isTold }) {
	const options = { cwd: top, env: environment, maxBuffer: 64 << 20 };
	const { error, output } = await new Promise((resolve) =>
		execFile(privateNode, args, options, (error, stdout, stderr) => resolve({ error, output: stdout + stderr })),
	);
	process.stdout.write(
		error ? `FAIL ${name}\n${output}` : `ok   ${name}${isTold ? `: ${output.trim() || "clean"}` : ""}\n`,
	);
	return error === null;
}

/** Runs all checks, as many at a time as there are CPUs, and prints the results. */
export async function runChecks() {
	const waiting = [...checks];
	const sum = { passed: 0, failed: 0 };
	const work = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) sum[(await check(next)) ? "passed" : "failed"] += 1;
	};
	await Promise.all(Array.from({ length: availableParallelism() }, work));
	return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && (await runChecks()).failed > 0) process.exitCode = 1;
