/** Runs tests without the set-up: files or folders as arguments; without arguments all but those of test/kernel/. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environment, privateNode, top } from "./setup/paths.mjs";

const { CI: _, CONTINUOUS_INTEGRATION: __, ...env } = environment; // Ink draws nothing if they are set
const vitest = join(top, "node_modules", "vitest", "vitest.mjs");
const args = [vitest, "run", "--project", "!kernel*", ...process.argv.slice(2)];
process.exitCode = spawnSync(privateNode, args, { cwd: top, env, stdio: "inherit" }).status ?? 1;
