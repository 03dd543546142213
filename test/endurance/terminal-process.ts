/**
 * The process that owns the program's terminal: it presses keys and measures latencies. It is not a thread of the
 * process that makes the flood and reads its records, since the threads of a process wait for each other when they map
 * memory. Its arguments are the command; the first message is the program's pid.
 */

import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { inTerminal } from "../bench/terminal.ts";

/** Tab, since the next pane is always drawn: a step from the last row to the next one changes nothing. */
const KEY = "\t";
const KEY_EVERY_MS = 100;
/** The first refreshes, in which V8 compiles code. */
const SETTLE_MS = 5000;

/** Real-time priority, which the program does not inherit: it is the program's wait for a CPU that is measured, not ours. */
function giveRealTime(pid: number): void {
	execFileSync("chrt", ["--all-tasks", "--reset-on-fork", "--rr", "--pid", "1", String(pid)]);
}

giveRealTime(process.pid);

await inTerminal(process.argv.slice(2), async (terminal) => {
	let isPressing = false;
	let hasEnded = false;
	let times = null as number[] | null;
	await terminal.drawn("Processes");
	giveRealTime(terminal.pid);
	await sleep(SETTLE_MS);
	process.on("message", (message: "begin" | "end" | "quit") => {
		isPressing = message === "begin";
		if (isPressing) times = [];
		hasEnded = message === "quit";
	});
	process.send?.(terminal.pidOfProgram());
	while (!hasEnded) {
		if (isPressing) times?.push(await terminal.press(KEY));
		else if (times !== null) {
			process.send?.(times); // includes the key that was under way at the end
			times = null;
		} else terminal.forget();
		await sleep(KEY_EVERY_MS);
	}
	process.disconnect();
});
