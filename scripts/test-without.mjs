/**
 * `npm run test:without [-- PARTS…]`: builds ebtop without each optional part (setup/switches.mjs), then without all of
 * them, and tests what uses them: the screen, the built program with its demo, some kernel tests. PARTS: one, or
 * several with commas. `npm test` tests the program with all parts. At the end everything is built again with all
 * parts.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environment, privateNode, top } from "./setup/paths.mjs";
import { PARTS } from "./setup/switches.mjs";

const TESTS = [
	...["test/ui", "test/cli/program", "test/cli/terminal", "test/cli/live", "test/replay/demo"],
	...["test/native/session", "test/kernel/program", "test/kernel/process", "test/kernel/file.test", "test/kernel/disk"],
];
const { CI: _, CONTINUOUS_INTEGRATION: __, ...usual } = environment; // Ink draws nothing if they are set

/** Runs the commands in order; returns whether all succeeded. */
function run(without, ...commands) {
	const env = { ...usual, EBTOP_WITHOUT: without };
	return commands.every(
		([program, ...words]) => spawnSync(program, words, { cwd: top, env, stdio: "inherit" }).status === 0,
	);
}

const setUp = [privateNode, join("scripts", "setup.mjs"), "--with-tests", "--keep-code"];
const tests = [privateNode, join("node_modules", "vitest", "vitest.mjs"), "run", ...TESTS];
const demo = ["script", "-qec", "stty cols 200 rows 60; exec bin/ebtop --demo -n 5", "/dev/null"];

const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...Object.keys(PARTS), Object.keys(PARTS).join(",")];
const sum = [];
try {
	for (const parts of wanted) {
		const instead = parts.split(",").map((part) => PARTS[part]);
		process.stdout.write(`\nwithout ${parts}: ${instead.join("; ")}\n`);
		sum.push(`${run(parts, setUp, tests, demo) ? "ok  " : "FAIL"} without ${parts}\n`);
	}
} finally {
	run("", setUp);
}
process.stdout.write(`\n${sum.join("")}`);
if (sum.some((line) => line.startsWith("FAIL"))) process.exitCode = 1;
