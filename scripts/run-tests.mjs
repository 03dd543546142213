// All checks and tests. The last line is the total; skipped tests are listed with the reason, and so are files that
// passed only when they were run again.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { runChecks } from "./check.mjs";
import { environment, privateNode, top } from "./setup/paths.mjs";

/** Runs vitest; returns its totals, or one failure if it did not get that far. */
function runVitest(filters) {
	const folder = mkdtempSync(join(tmpdir(), "eb-tests-"));
	const report = join(folder, "report.json");
	// Ink draws nothing where CI is set; the tests are about what a user sees.
	const env = { ...environment, EBTOP_TEST_REPORT: report };
	delete env.CI;
	delete env.CONTINUOUS_INTEGRATION;
	const vitest = join(top, "node_modules", "vitest", "vitest.mjs");
	const reporters = ["--reporter=default", `--reporter=${join(top, "scripts", "test-reporter.mjs")}`];
	const args = [vitest, "run", "--allowOnly=false", ...reporters, ...filters];
	const { status } = spawnSync(privateNode, args, { cwd: top, env, stdio: ["ignore", 1, 1] });
	try {
		const sum = JSON.parse(readFileSync(report, "utf8"));
		return status !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum;
	} catch {
		return { passed: 0, failed: 1, skipped: [], files: {} };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** If more files fail, it is not an accident. */
const MOST_UNSTEADY = 3;

/**
 * Kernel tests count what a whole machine does, and the machine may be a guest on a busy host. So the few files that
 * failed are run again, alone. Real faults fail again; files that pass now are reported as unsteady.
 */
function runAgain(first) {
	const failed = Object.keys(first.files).filter((file) => first.files[file].failed > 0);
	if (failed.length === 0 || failed.length > MOST_UNSTEADY) return { ...first, unsteady: [] };
	process.stdout.write(`\nOnce more, alone: ${failed.join(" ")}\n`);
	const again = runVitest(failed);
	const sum = { ...first, failed: first.failed + again.failed, passed: first.passed + again.passed };
	for (const file of failed) {
		sum.failed -= first.files[file].failed;
		sum.passed -= first.files[file].passed;
	}
	return { ...sum, unsteady: failed.filter((file) => again.files[file]?.failed === 0) };
}

const checks = await runChecks();
const tests = runAgain(runVitest(process.argv.slice(2)));
const failed = checks.failed + tests.failed;

for (const name of tests.skipped) process.stdout.write(`skipped: ${name}\n`);
if (tests.passed === 0) process.stdout.write("No test ran.\n");
for (const file of tests.unsteady) process.stdout.write(`unsteady: ${relative(top, file)} failed at first\n`);
const skipped = tests.skipped.length > 0 ? `, ${tests.skipped.length} skipped` : "";
process.stdout.write(`${checks.passed + tests.passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0;
