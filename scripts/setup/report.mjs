// What the set-up says (always on stderr, so that `npm start -- --json` stays clean) and how it runs other programs.
import { spawnSync } from "node:child_process";

/** A failure that its message explains fully: one or two sentences, what failed and what to do. */
export class SetupError extends Error {}

/** Says in one line what is going on. */
export function say(line) {
	process.stderr.write(`ebtop set-up: ${line}\n`);
}

/** Runs a program quietly; where it fails, shows the end of what it printed and throws `failure`. */
export function run(command, args, failure, options = {}) {
	const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 64 << 20, ...options });
	if (result.status === 0) return result.stdout;
	const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`.trimEnd();
	process.stderr.write(`${output.split("\n").slice(-40).join("\n")}\n`);
	throw new SetupError(failure);
}
