/** The program itself on a terminal: how much memory it has, and how long a key waits while the machine is flooded. */

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ebtop } from "../bench/observer.ts";
import { quantile } from "../bench/statistics.ts";
import { inTerminal, type Terminal } from "../bench/terminal.ts";

const KEY_EVERY_MS = 100;
/** The first refreshes, and what V8 compiles for them. */
const SETTLE_MS = 5000;

/** Resident memory of a process in MB, and the most it ever had. */
function memoryOf(pid: number): { nowMb: number; mostMb: number } {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const mb = (name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024);
	return { nowMb: mb("VmRSS"), mostMb: mb("VmHWM") };
}

export interface Running {
	memory(): { readonly nowMb: number; readonly mostMb: number };
	/** What was drawn so far is not kept. */
	forget(): void;
	/** Presses a key every 100 ms until `isOver`; milliseconds until something was drawn, for each. */
	pressUntil(isOver: () => boolean): Promise<readonly number[]>;
}

/** Runs `work` beside the program with all panes and these options. */
export function besideProgram<T>(work: (program: Running) => Promise<T>, ...options: string[]): Promise<T> {
	return inTerminal([ebtop, "--require-bpf", ...options], async (terminal) => {
		await terminal.drawn("Processes");
		await sleep(SETTLE_MS);
		const own = terminal.pidOfProgram();
		return work({
			memory: () => memoryOf(own),
			forget: () => terminal.forget(),
			pressUntil: (isOver) => pressUntil(terminal, isOver),
		});
	});
}

async function pressUntil(terminal: Terminal, isOver: () => boolean): Promise<readonly number[]> {
	const times: number[] = [];
	for (let key = 0; !isOver(); key++) {
		times.push(await terminal.press(key % 2 === 0 ? "j" : "k"));
		await sleep(KEY_EVERY_MS);
	}
	return times;
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
