/** The program on a terminal: its memory, and the latency of a key while the machine is flooded. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { ebtop } from "../bench/observer.ts";
import { quantile } from "../bench/statistics.ts";
import { memoryIn } from "../helpers/proc-usage.ts";

/** Resident memory of a process in MB, and its maximum so far. */
function memoryOf(pid: number): { nowMb: number; mostMb: number } {
	const mb = memoryIn(`/proc/${pid}/status`);
	return { nowMb: Math.round(mb("VmRSS")), mostMb: Math.round(mb("VmHWM")) };
}

export interface Running {
	memory(): { readonly nowMb: number; readonly mostMb: number };
	/** Starts to press keys. */
	beginKeys(): void;
	/** Stops pressing keys; returns for each the milliseconds until something was drawn. */
	endKeys(): Promise<readonly number[]>;
}

/**
 * Runs `work` while the program runs with all panes and these options. A process of its own has the terminal: see
 * `terminal-process.ts`.
 */
export async function besideProgram<T>(work: (program: Running) => Promise<T>, ...options: string[]): Promise<T> {
	const owner = fork(new URL("terminal-process.ts", import.meta.url), [ebtop, "--require-bpf", ...options]);
	const told = async () => (await once(owner, "message"))[0];
	try {
		const own: number = await told();
		return await work({
			memory: () => memoryOf(own),
			beginKeys: () => owner.send("begin"),
			endKeys() {
				owner.send("end");
				return told();
			},
		});
	} finally {
		const end = once(owner, "exit");
		owner.send("quit");
		await end;
	}
}

/** "187 keys, median 4 ms, p95 9 ms, longest 31 ms". */
export function keysInWords(times: readonly number[]): string {
	const ms = (value: number) => `${value.toFixed(0)} ms`;
	const answered = times.filter((time) => !Number.isNaN(time));
	const unanswered = times.length - answered.length;
	const [median, most] = [quantile(answered, 0.5), quantile(answered, 0.95)];
	const longest = `longest ${ms(Math.max(...answered))}`;
	const words = [`${times.length} keys`, `median ${ms(median)}`, `p95 ${ms(most)}`, longest];
	return [...words, ...(unanswered > 0 ? [`${unanswered} not answered within 2 s`] : [])].join(", ");
}
