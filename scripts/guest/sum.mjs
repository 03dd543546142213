// sum.mjs LOG : prints the line of one kernel from the log of its guest. Status 1 if anything failed, or the guest did not end.
import { readFileSync } from "node:fs";
import { sumsIn, totalOf } from "./results.mjs";

const log = readFileSync(process.argv[2], "utf8");
const [, kernel] = /^@@ ready (.*)$/m.exec(log) ?? [];
const { passed, failed, skipped } = totalOf(sumsIn(log));
const hasEnded = /^@@ exit /m.test(log);

const end = hasEnded ? "" : "; its time was up, or it fell";
process.stdout.write(`${kernel ?? "The guest"}: ${passed} passed, ${failed} failed, ${skipped} skipped${end}\n`);
process.exitCode = !hasEnded || failed > 0 || passed === 0 ? 1 : 0;
