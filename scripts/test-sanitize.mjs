/**
 * Runs tests that load the addon, built with AddressSanitizer and UndefinedBehaviorSanitizer: files or folders as
 * arguments, else those below. Needs root: the sanitized addon is bind-mounted over the usual one, only for these
 * tests, so that the program does not change. A finding ends the test's process with a report.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./setup/native-build.mjs";
import { environment, privateNode, top } from "./setup/paths.mjs";

const FOLDER = "build/sanitize";
const USUAL = [
	"test/native/session",
	"test/native/net-visitor",
	"test/proc-source",
	"test/kernel/process",
	"test/kernel/lines",
];

await build(FOLDER, { EBTOP_SANITIZE: "ON" });

const { CI: _, CONTINUOUS_INTEGRATION: __, ...env } = environment; // Ink draws nothing if they are set
const runtime = execFileSync("gcc", ["-print-file-name=libasan.so"], { encoding: "utf8" }).trim();
const sanitizers = [
	`LD_PRELOAD=${runtime}`,
	"ASAN_OPTIONS=detect_leaks=0:handle_segv=0", // V8 keeps what it has until the end; workloads die by signals
	"UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1",
];
const tests = process.argv.length > 2 ? process.argv.slice(2) : USUAL;
const vitest = join(top, "node_modules", "vitest", "vitest.mjs");
const mount = `mount --bind ${FOLDER}/Release build/Release && exec "$@"`;
const words = ["--mount", "sh", "-c", mount, "sh", "env", ...sanitizers, privateNode, vitest, "run", ...tests];
process.exitCode = spawnSync("unshare", words, { cwd: top, env, stdio: "inherit" }).status ?? 1;
