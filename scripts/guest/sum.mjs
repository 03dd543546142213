// sum.mjs KERNEL FILE : prints the line of one kernel from the sum that scripts/test-reporter.mjs left. Status 1 if
// anything failed.
import { existsSync, readFileSync } from "node:fs";

const [kernel, file] = process.argv.slice(2);

if (existsSync(file)) {
	const { passed, failed, skipped } = JSON.parse(readFileSync(file, "utf8"));
	process.stdout.write(`${kernel}: ${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
	process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
} else {
	process.stdout.write(`${kernel || "The guest"}: no result\n`);
	process.exitCode = 1;
}
