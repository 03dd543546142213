// All checks and tests. The last line is the total; skipped tests are listed with the reason, and so are files that
// passed only when they were run again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { runChecks } from "./check.mjs";
import { environment, privateNode, top } from "./setup/paths.mjs";

/** Runs vitest; returns its totals, or one failure if it did not get that far. `niceness`: lets other work go first. */
async function runVitest(filters, niceness = 0) {
	const folder = mkdtempSync(join(tmpdir(), "eb-tests-"));
	const report = join(folder, "report.json");
	// Ink draws nothing where CI is set; the tests are about what a user sees.
	const env = { ...environment, EBTOP_TEST_REPORT: report };
	delete env.CI;
	delete env.CONTINUOUS_INTEGRATION;
	if (process.stdout.isTTY) env.FORCE_COLOR = "1";
	const vitest = join(top, "node_modules", "vitest", "vitest.mjs");
	const reporters = ["--reporter=default", `--reporter=${join(top, "scripts", "test-reporter.mjs")}`];
	const args = [vitest, "run", "--allowOnly=false", ...reporters, ...filters];
	// Not on the terminal itself: two runs at once would draw over each other.
	const child = spawn(privateNode, args, { cwd: top, env, stdio: ["ignore", "pipe", "pipe"] });
	setPriority(child.pid, niceness);
	child.stdout.on("data", (text) => process.stdout.write(text));
	child.stderr.on("data", (text) => process.stdout.write(text));
	const [status] = await once(child, "close");
	try {
		const sum = JSON.parse(readFileSync(report, "utf8"));
		return status !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum;
	} catch {
		return { passed: 0, failed: 1, skipped: [], files: {} };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const sumOf = (one, other) => ({
	passed: one.passed + other.passed,
	failed: one.failed + other.failed,
	skipped: [...one.skipped, ...other.skipped],
	files: { ...one.files, ...other.files },
});

/**
 * The kernel tests run one file at a time in each of their two projects and mostly wait, so the checks and all other tests
 * run beside them, with less priority: each kernel test looks only at its own processes.
 */
async function runAll() {
	const kernel = Promise.all(["kernel", "kernel-narrow"].map((name) => runVitest(["--project", name])));
	const checks = await runChecks();
	const others = await runVitest(["--project", "code", "--project", "programs"], 5);
	return { checks, tests: (await kernel).reduce(sumOf, others) };
}

/** If more files fail, it is not an accident. */
const MOST_UNSTEADY = 3;

/**
 * Kernel tests count what a whole machine does, and the machine may be a guest on a busy host. So the few files that
 * failed are run again, alone. Real faults fail again; files that pass now are reported as unsteady.
 */
async function runAgain(first) {
	const failed = Object.keys(first.files).filter((file) => first.files[file].failed > 0);
	if (failed.length === 0 || failed.length > MOST_UNSTEADY) return { ...first, unsteady: [] };
	process.stdout.write(`\nOnce more, alone: ${failed.join(" ")}\n`);
	const again = await runVitest(failed);
	const sum = { ...first, failed: first.failed + again.failed, passed: first.passed + again.passed };
	for (const file of failed) {
		sum.failed -= first.files[file].failed;
		sum.passed -= first.files[file].passed;
	}
	return { ...sum, unsteady: failed.filter((file) => again.files[file]?.failed === 0) };
}

const filters = process.argv.slice(2);
const { checks, tests: first } =
	filters.length === 0 ? await runAll() : { checks: await runChecks(), tests: await runVitest(filters) };
const tests = await runAgain(first);
const failed = checks.failed + tests.failed;

for (const name of tests.skipped) process.stdout.write(`skipped: ${name}\n`);
if (tests.passed === 0) process.stdout.write("No test ran.\n");
for (const file of tests.unsteady) process.stdout.write(`unsteady: ${relative(top, file)} failed at first\n`);
const skipped = tests.skipped.length > 0 ? `, ${tests.skipped.length} skipped` : "";
process.stdout.write(`${checks.passed + tests.passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0;
