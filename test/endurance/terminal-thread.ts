/**
 * The thread that owns the program's terminal: it presses keys and measures latencies, however busy the thread is that
 * makes the flood and reads its records. `workerData` is the command; the first message is the program's pid.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { inTerminal } from "../bench/terminal.ts";

const KEY_EVERY_MS = 100;
/** The first refreshes, in which V8 compiles code. */
const SETTLE_MS = 5000;

await inTerminal(workerData as string[], async (terminal) => {
	let isPressing = false;
	let hasEnded = false;
	let times = null as number[] | null;
	await terminal.drawn("Processes");
	await sleep(SETTLE_MS);
	parentPort?.on("message", (message: "begin" | "end" | "quit") => {
		isPressing = message === "begin";
		if (isPressing) times = [];
		hasEnded = message === "quit";
	});
	parentPort?.postMessage(terminal.pidOfProgram());
	let isDown = true; // the first key: one up from the first row would change nothing, and wait for the next refresh
	while (!hasEnded) {
		if (isPressing) {
			times?.push(await terminal.press(isDown ? "j" : "k"));
			isDown = !isDown;
		} else if (times !== null) {
			parentPort?.postMessage(times); // includes the key that was under way at the end
			times = null;
		} else terminal.forget();
		await sleep(KEY_EVERY_MS);
	}
	parentPort?.close();
});
