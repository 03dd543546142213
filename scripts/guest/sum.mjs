// sum.mjs KERNEL FOLDER : prints the line of one kernel from the totals that scripts/test-reporter.mjs left there.
// Status 1 if anything failed.
import { readSum } from "./results.mjs";

const [kernel, folder] = process.argv.slice(2);
const sum = readSum(folder);

if (sum === null) process.stdout.write(`${kernel || "The guest"}: no result\n`);
else process.stdout.write(`${kernel}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
process.exitCode = sum === null || sum.failed > 0 || sum.passed === 0 ? 1 : 0;
