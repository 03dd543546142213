/** Links between the roles of a workload, as short sentences that a test can list. */

import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import type { Workload } from "./workload.ts";

/** Rows whose both ends are roles of the workload (or the kernel), in a fixed order. */
export function rowsOf(snapshot: Snapshot, workload: Workload): IpcRow[] {
	const pids = new Set([0, ...workload.pids.values()]);
	return snapshot.ipc.filter((row) => pids.has(row.from.pid) && pids.has(row.to.pid) && row.from.pid + row.to.pid > 0);
}

/** "pipe eb-writer > eb-reader 7 messages 7063 bytes observed", sorted. */
export function linksOf(snapshot: Snapshot, workload: Workload, kinds?: readonly string[]): string[] {
	return rowsOf(snapshot, workload)
		.filter((row) => kinds === undefined || kinds.includes(row.kind))
		.map(
			(row) =>
				`${row.kind} ${row.from.comm} > ${row.to.comm} ${row.messages} messages ${row.bytes} bytes ${row.basis}${
					row.name === null ? "" : ` ${row.name.replace(workload.directory, "$DIR")}`
				}`,
		)
		.sort();
}
