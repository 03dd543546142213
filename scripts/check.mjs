// What can be checked without running ebtop: types, format and lint (import boundaries too), drift of the wire layout.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment, privateNode, top } from "./setup/paths.mjs";

const packageFile = (...path) => join(top, "node_modules", ...path);

const checks = [
	{ name: "types", args: [packageFile("typescript", "bin", "tsc"), "--noEmit", "-p", "."] },
	{ name: "format and lint", args: [packageFile("@biomejs", "biome", "bin", "biome"), "check", "--colors=off", "."] },
	{ name: "format of C and C++", args: [join("scripts", "clang.mjs"), "format", "--check"] },
	{ name: "NOTICE names what the bundle holds", args: [join("scripts", "notice.mjs"), "--check"] },
	{ name: "the JSON Schema matches the snapshot's types", args: [join("schema", "generate.mjs"), "--check"] },
	{ name: "manual and completions match the options", args: [join("share", "generate.mjs"), "--check"] },
	{ name: "numbers of system calls are the headers'", args: [join("bpf", "calls", "generate.mjs"), "--check"] },
	{ name: "wire layout matches wire.h", args: [join("bpf", "wire", "generate.mjs"), "--check"] },
];

function check({ name, args }) {
	const result = spawnSync(privateNode, args, { cwd: top, env: environment, encoding: "utf8", maxBuffer: 64 << 20 });
	const passed = result.status === 0;
	process.stdout.write(`${passed ? "ok  " : "FAIL"} ${name}\n`);
	if (!passed) process.stdout.write(`${result.stdout}${result.stderr}`);
	return passed;
}

/** Runs all checks and prints what they find. */
export function runChecks() {
	const results = checks.map(check);
	const passed = results.filter(Boolean).length;
	return { passed, failed: results.length - passed };
}

if (process.argv[1] === fileURLToPath(import.meta.url) && runChecks().failed > 0) process.exitCode = 1;
