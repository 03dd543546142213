/** A search in a separate thread, so that a case that does not end is detected too. */

import { fileURLToPath } from "node:url";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { type Finding, findFailure } from "./target.ts";
import { TARGETS } from "./targets.ts";

/** A case takes milliseconds; one that takes this long would block the screen. */
const LONGEST_CASE_MS = 20_000;

/** Shared between both threads: the number of tries, and the number of the case under way. */
const Shared = { TRIES: 0, NUMBER: 1 } as const;

export interface SearchOrder {
	readonly target: string;
	readonly seed: number;
	readonly first: number;
	readonly count: number;
}

/** Searches in a new thread. */
export async function searchInThread(order: SearchOrder): Promise<Finding | null> {
	const shared = new Int32Array(new SharedArrayBuffer(8));
	const thread = new Worker(fileURLToPath(import.meta.url), { workerData: { order, shared } });
	try {
		return await new Promise((resolve, reject) => {
			thread.once("message", resolve);
			thread.once("error", reject);
			watch(shared, resolve);
		});
	} finally {
		await thread.terminate();
	}
}

/** Calls `onStuck` if no case was tried for a long time. */
function watch(shared: Int32Array, onStuck: (finding: Finding) => void): void {
	let before = -1;
	const timer = setInterval(() => {
		const tries = shared[Shared.TRIES] ?? 0;
		if (tries !== before) {
			before = tries;
			return;
		}
		clearInterval(timer);
		const error = `It takes longer than ${LONGEST_CASE_MS / 1000} s.`;
		onStuck({ number: shared[Shared.NUMBER] ?? 0, smallest: "", error });
	}, LONGEST_CASE_MS);
	timer.unref();
}

/** The thread's main function. */
export async function serveSearch(): Promise<void> {
	const { order, shared } = workerData as { order: SearchOrder; shared: Int32Array };
	const target = TARGETS.find(({ name }) => name === order.target);
	if (target === undefined) throw new Error(`There is no target ${order.target}.`);
	const finding = await findFailure(target, {
		...order,
		onTry: (number) => {
			shared[Shared.TRIES] = (shared[Shared.TRIES] ?? 0) + 1;
			shared[Shared.NUMBER] = number;
		},
	});
	parentPort?.postMessage(finding);
}
