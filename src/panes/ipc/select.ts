/** The links to show: one by one, in groups, or around one process. */

import type { Matcher } from "../../model/filter/index.ts";
import type { IpcRow, Snapshot } from "../../model/snapshot.ts";
import { orderRows } from "../order-rows.ts";
import type { Column, Lines, Query } from "../pane.ts";
import { keptRows, linesOf, plainLines } from "../plain-lines.ts";
import { IPC_COLUMNS } from "./columns.ts";
import { edgesOf, pidsOf } from "./graph.ts";
import { groupLinks, type IpcGroup, isGroup } from "./group.ts";
import { GROUP_COLUMNS } from "./group-columns.ts";
import { centerOf, type LinkView } from "./view.ts";

type Row = IpcRow | IpcGroup;

/** The links that every view is made from. */
export const LINK_ROWS = {
	columns({ name }: LinkView): readonly Column<Row>[] {
		// If the graph has no room, its edges are shown as a table.
		const columns = name === "links" ? IPC_COLUMNS : GROUP_COLUMNS[name === "graph" ? "pairs" : name];
		return columns as readonly Column<Row>[];
	},
	rows: (snapshot: Snapshot): readonly Row[] => snapshot.ipc,
	matches: (row: Row, matcher: Matcher) => (isGroup(row) ? row.links.some(matcher.ipc) : matcher.ipc(row)),
	pids: pidsOf,
	tie: (row: Row) => row.bytes + row.messages / 1e9,
};

/** The lines of the IPC pane in the current view. */
export function selectLinks(snapshot: Snapshot, query: Query<LinkView>): Lines<Row> {
	const { view, sort } = query;
	if (view.name === "links") return plainLines(LINK_ROWS, snapshot, query);
	const links = keptRows(LINK_ROWS, snapshot, query).filter((row): row is IpcRow => !isGroup(row));
	if (view.name !== "graph") {
		return linesOf(orderRows(groupLinks(links, view.name), GROUP_COLUMNS[view.name], sort, LINK_ROWS.tie));
	}
	const center = centerOf(view);
	return linesOf(center === null ? [] : edgesOf(center, links));
}
