// Messages of the set-up (always on stderr, so that `npm start -- --json` stays clean), and running other programs.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** A failure that its message explains fully: one or two sentences, what failed and what to do. */
export class SetupError extends Error {}

/** Prints a progress line. */
export function say(line) {
	process.stderr.write(`ebtop set-up: ${line}\n`);
}

/** Keeps the first lines, which say what went wrong, and the last ones. */
const shorten = (lines) => (lines.length <= 60 ? lines : [...lines.slice(0, 30), "...", ...lines.slice(-30)]);

/** Runs a program quietly; if it fails, shows its output (shortened) and throws `failure`. Returns its stdout. */
export async function run(command, args, failure, options = {}) {
	const child = spawn(command, args, { stdio: ["inherit", "pipe", "pipe"], ...options });
	const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
	const problem = await new Promise((resolve) => {
		child.once("error", (error) => resolve(error.message));
		child.once("close", (status) => resolve(status === 0 ? null : ""));
	});
	const [stdout, stderr] = await outputs;
	if (problem === null) return stdout;
	const output = `${stdout}${stderr}${problem}`.trimEnd();
	process.stderr.write(`${shorten(output.split("\n")).join("\n")}\n`);
	throw new SetupError(failure);
}
