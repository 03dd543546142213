// All checks and tests. The last line is the sum of them; skipped tests are listed by name, with the reason.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "./check.mjs";
import { environment, privateNode, top } from "./setup/paths.mjs";

/** Runs vitest; gives its sum, or one failure where it did not get that far. */
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
		return { passed: 0, failed: 1, skipped: [] };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const checks = runChecks();
const tests = runVitest(process.argv.slice(2));
const failed = checks.failed + tests.failed;

for (const name of tests.skipped) process.stdout.write(`skipped: ${name}\n`);
if (tests.passed === 0) process.stdout.write("No test ran.\n");
const skipped = tests.skipped.length > 0 ? `, ${tests.skipped.length} skipped` : "";
process.stdout.write(`${checks.passed + tests.passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 || tests.passed === 0 ? 1 : 0;
