/** The threads of the workload `threads`: how many wait in what, without the numbers that differ each time. */

import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Workload } from "./workload.ts";

export const threadsOf = ({ threads }: Snapshot, workload: Workload) => {
	const pids = new Set(workload.pids.values());
	return threads.filter(({ pid }) => pids.has(pid));
};

/** "eb-lock: futex held by tid HOLDER" → 5 */
export function waitsOf(snapshot: Snapshot, workload: Workload): Record<string, number> {
	const rows = threadsOf(snapshot, workload);
	const holder = rows.find(({ comm }) => comm === "eb-holder")?.tid;
	const counts: Record<string, number> = {};
	for (const { comm, state, waitsIn } of rows) {
		if (["eb-main", "eb-waker", "eb-napper", "eb-writer"].includes(comm)) continue;
		const words = String(waitsIn)
			.replace(`tid ${holder}`, "tid HOLDER")
			.replace(/pipe:\[\d+\]/, "pipe:[N]")
			.replace(`eb-writer ${workload.pid("eb-writer")}`, "eb-writer")
			.replace(`eb-main ${workload.pid("eb-main")}`, "eb-main");
		const text = `${comm} ${state}: ${words}`;
		counts[text] = (counts[text] ?? 0) + 1;
	}
	return counts;
}

export const WAITS = {
	"eb-holder S: pause": 1,
	"eb-lock S: futex held by tid HOLDER": 5,
	"eb-heir S: futex held by tid HOLDER": 3,
	"eb-join S: futex until tid HOLDER ends": 1,
	"eb-read S: read of pipe:[N] whose writer is eb-writer": 7,
	"eb-sleep S: clock_nanosleep": 2,
	"eb-woken S: read of pipe:[N]": 1,
};
