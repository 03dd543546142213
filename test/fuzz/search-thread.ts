/** A search in a separate thread, so that a case that does not end is detected too. */

import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { cpuSeconds } from "../helpers/proc-usage.ts";
import { type Finding, findFailure } from "./target.ts";
import { TARGETS } from "./targets.ts";

/** A case takes milliseconds; one that uses this much CPU would block the screen. On a busy machine it may take longer. */
const MOST_CPU_SECONDS = 20;

/** A case that waits in vain uses no CPU. */
const LONGEST_WAIT_SECONDS = 600;

/** Shared between both threads: the number of tries, the number of the case under way, and the search thread's TID. */
const Shared = { TRIES: 0, NUMBER: 1, TID: 2 } as const;

export interface SearchOrder {
	readonly target: string;
	readonly seed: number;
	readonly first: number;
	readonly count: number;
}

/** Searches in a new thread. */
export async function searchInThread(order: SearchOrder): Promise<Finding | null> {
	const shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(Shared).length));
	const thread = new Worker(fileURLToPath(import.meta.url), { workerData: { order, shared } });
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise((resolve, reject) => {
			thread.once("message", resolve);
			thread.once("error", reject);
			timer = watch(shared, resolve);
		});
	} finally {
		clearInterval(timer);
		await thread.terminate();
	}
}

/** Calls `onStuck` if one case uses too much CPU, or waits in vain. */
function watch(shared: Int32Array, onStuck: (finding: Finding) => void): NodeJS.Timeout {
	let before = -1;
	let cpuBefore = 0;
	let seconds = 0;
	const timer = setInterval(() => {
		const tries = shared[Shared.TRIES] ?? 0;
		const tid = shared[Shared.TID] ?? 0;
		const cpu = tid === 0 ? 0 : cpuSeconds(`/proc/self/task/${tid}/stat`);
		if (tries !== before) {
			before = tries;
			cpuBefore = cpu;
			seconds = 0;
			return;
		}
		seconds++;
		const isTooLong = cpu - cpuBefore > MOST_CPU_SECONDS;
		if (!isTooLong && seconds < LONGEST_WAIT_SECONDS) return;
		clearInterval(timer);
		const error = isTooLong
			? `It uses more than ${MOST_CPU_SECONDS} s of CPU.`
			: `It takes longer than ${LONGEST_WAIT_SECONDS} s.`;
		onStuck({ number: shared[Shared.NUMBER] ?? 0, smallest: "", error });
	}, 1000);
	return timer.unref();
}

/** The thread's main function. */
export async function serveSearch(): Promise<void> {
	const { order, shared } = workerData as { order: SearchOrder; shared: Int32Array };
	const target = TARGETS.find(({ name }) => name === order.target);
	if (target === undefined) throw new Error(`There is no target ${order.target}.`);
	shared[Shared.TID] = Number(basename(readlinkSync("/proc/thread-self")));
	const finding = await findFailure(target, {
		...order,
		onTry: (number) => {
			shared[Shared.TRIES] = (shared[Shared.TRIES] ?? 0) + 1;
			shared[Shared.NUMBER] = number;
		},
	});
	parentPort?.postMessage(finding);
}
