/** Which links are shown, and in which order. */

import type { IpcRow, Snapshot } from "../../../model/snapshot.ts";
import type { Line, Query } from "../pane.ts";
import { plainLines } from "../plain-lines.ts";
import { IPC_COLUMNS } from "./columns.ts";

/** The lines of the IPC table, one for each link. */
export function selectLinks(snapshot: Snapshot, query: Query): Line<IpcRow>[] {
	const { matcher } = query;
	return plainLines({
		rows: snapshot.ipc,
		columns: IPC_COLUMNS,
		query,
		isMatch: matcher && ((row) => matcher.ipc(row)),
		isLinked: (row, pids) => pids.has(row.from.pid) || pids.has(row.to.pid),
		tie: (row) => row.bytes + row.messages / 1e9,
	});
}
