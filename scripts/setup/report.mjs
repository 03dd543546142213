// Messages of the set-up (always on stderr, so that `npm start -- --json` stays clean), and running other programs.
import { spawnSync } from "node:child_process";

/** A failure that its message explains fully: one or two sentences, what failed and what to do. */
export class SetupError extends Error {}

/** Prints a progress line. */
export function say(line) {
	process.stderr.write(`ebtop set-up: ${line}\n`);
}

/** Keeps the first lines, which say what went wrong, and the last ones. */
const shorten = (lines) => (lines.length <= 60 ? lines : [...lines.slice(0, 30), "...", ...lines.slice(-30)]);

/** Runs a program quietly; if it fails, shows its output (shortened) and throws `failure`. */
export function run(command, args, failure, options = {}) {
	const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 << 20, ...options });
	if (result.status === 0) return result.stdout;
	const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`.trimEnd();
	process.stderr.write(`${shorten(output.split("\n")).join("\n")}\n`);
	throw new SetupError(failure);
}
