// A vitest reporter that writes the totals of a run into the file EBTOP_TEST_REPORT, with the reason of each skip and
// the totals of each file. In a guest (EBTOP_TEST_REPORT=-) it prints a line for each file when that ends, since a guest
// that runs out of time never reaches the end of the run. For the same reason it reports failures at once.
import { writeFileSync } from "node:fs";
import { relative } from "node:path";

const isInGuest = process.env.EBTOP_TEST_REPORT === "-";

const emptySum = () => ({ passed: 0, failed: 0, skipped: [] });

function addTest(sum, test) {
	const { state, note } = test.result();
	if (state === "passed") sum.passed += 1;
	else if (state === "failed") sum.failed += 1;
	else sum.skipped.push(note ? `${test.fullName} (${note})` : test.fullName);
}

function sumOf(file) {
	const sum = emptySum();
	for (const test of file.children.allTests()) addTest(sum, test);
	sum.failed += file.errors().length;
	for (const suite of file.children.allSuites()) sum.failed += suite.errors().length;
	return sum;
}

/** What scripts/guest/results.mjs reads. */
function printSum(file, { passed, failed, skipped }) {
	process.stdout.write(`@@ tests ${JSON.stringify({ file, passed, failed, skipped: skipped.length })}\n`);
}

export default class SumReporter {
	onTestCaseResult(test) {
		for (const error of test.result().errors ?? [])
			process.stdout.write(`${test.fullName}: ${error.message}\n${error.diff ?? ""}\n`);
	}

	onTestModuleEnd(module) {
		if (isInGuest) printSum(relative(process.cwd(), module.moduleId), sumOf(module));
	}

	onTestRunEnd(files, errors) {
		if (isInGuest) {
			if (errors.length > 0) printSum("outside of any test", { ...emptySum(), failed: errors.length });
			return;
		}
		// An error outside of any test is a failure too, as is a file that could not be loaded.
		const sum = { ...emptySum(), failed: errors.length, files: {} };
		for (const file of files) {
			const { passed, failed, skipped } = sumOf(file);
			sum.files[file.moduleId] = { passed, failed };
			sum.passed += passed;
			sum.failed += failed;
			sum.skipped.push(...skipped);
		}
		writeFileSync(process.env.EBTOP_TEST_REPORT, JSON.stringify(sum));
	}
}
