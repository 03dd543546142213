/** Which links are shown: one by one, in groups, or around one process. */

import type { IpcRow, Snapshot } from "../../model/snapshot.ts";
import { type Ordered, orderRows } from "../order-rows.ts";
import type { Lines, Query } from "../pane.ts";
import { linesOf, plainLines } from "../plain-lines.ts";
import { IPC_COLUMNS } from "./columns.ts";
import { edgesOf } from "./graph.ts";
import { type GroupedView, groupLinks, type IpcGroup } from "./group.ts";
import { GROUP_COLUMNS } from "./group-columns.ts";

/** The lines of the IPC pane in the view that is asked for. */
export function selectLinks(snapshot: Snapshot, query: Query): Lines<IpcRow | IpcGroup> {
	const { ipcView } = query;
	const links = keptLines(snapshot, query);
	if (ipcView === "links") return links;
	const rows = links.slice().map((line) => line.row);
	if (ipcView === "graph") return linesOf(query.graphCenter === null ? [] : edgesOf(query.graphCenter, rows));
	return linesOf(orderedGroups(rows, ipcView, query));
}

function keptLines(snapshot: Snapshot, query: Query): Lines<IpcRow> {
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

function orderedGroups(rows: readonly IpcRow[], view: GroupedView, query: Query): Ordered<IpcGroup> {
	return orderRows(groupLinks(rows, view), GROUP_COLUMNS[view], query.sort, (group) => group.bytes);
}
