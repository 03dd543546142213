/** The IPC pane. */

import type { IpcRow, Snapshot } from "../../model/snapshot.ts";
import type { Column, PaneBody, PaneDefinition, Query } from "../pane.ts";
import { IPC_COLUMNS } from "./columns.ts";
import { ipcDetails, ipcSummary } from "./details.ts";
import { drawGraph, edgeName, edgesOf } from "./graph.ts";
import { type GroupedView, groupLinks, type IpcGroup, isGroup } from "./group.ts";
import { GROUP_COLUMNS } from "./group-columns.ts";
import { selectLinks } from "./select.ts";

type Row = IpcRow | IpcGroup;

function rowId(row: Row): string {
	return isGroup(row) ? row.id : `${row.kind} ${row.channel} ${row.from.pid} ${row.to.pid}`;
}

/** A group is found by making it again: its id begins with the view that it is of. */
function findRow(snapshot: Snapshot, id: string): Row | undefined {
	const view = id.slice(0, id.indexOf(" "));
	if (view in GROUP_COLUMNS) return groupLinks(snapshot.ipc, view as GroupedView).find((group) => group.id === id);
	const edge = edgeName(id);
	if (edge) return edgesOf(edge.center, snapshot.ipc).find((group) => group.id === id);
	return snapshot.ipc.find((row) => rowId(row) === id);
}

function columnsOf({ ipcView }: Query): readonly Column<Row>[] {
	// Where the graph has no room, its edges are a table too.
	const columns = ipcView === "links" ? IPC_COLUMNS : GROUP_COLUMNS[ipcView === "graph" ? "pairs" : ipcView];
	return columns as readonly Column<Row>[];
}

function headingOf(row: Row): string {
	if (!isGroup(row)) return `${row.kind} from ${row.from.comm} ${row.from.pid} to ${row.to.comm} ${row.to.pid}`;
	return row.side === null ? `Links: ${row.title}` : `${row.kinds.join(" ")} with ${row.title}`;
}

const LEAST_GRAPH = { width: 20, height: 5 };

function drawBody(body: PaneBody<Row>): readonly string[] | null {
	const { graphCenter: center } = body.query;
	const edges = body.lines
		.slice()
		.map((line) => line.row)
		.filter(isGroup);
	const hasRoom = body.width >= LEAST_GRAPH.width && body.height >= LEAST_GRAPH.height;
	return center === null || !hasRoom ? null : drawGraph({ ...body, center, edges });
}

export const IPC: PaneDefinition<Row> = {
	name: "ipc",
	title: "IPC",
	probes: ["ipc", "file", "tcp", "signal", "sysv", "fd-pass", "datagram", "mapping", "mq"],
	empty: "No two processes have talked to each other since the start.",
	defaultSort: "rate",
	columns: columnsOf,
	select: selectLinks,
	find: findRow,
	id: rowId,
	isDead: (row, deadPids) =>
		isGroup(row)
			? row.processes.every((process) => deadPids.has(process.pid))
			: deadPids.has(row.from.pid) || deadPids.has(row.to.pid),
	pidOf: (row) => {
		if (!isGroup(row)) return row.from.pid;
		return edgeName(row.id)?.pid ?? row.processes[0]?.pid ?? null;
	},
	sideOf: (row) => (isGroup(row) ? row.side : null),
	draw: drawBody,
	mode: (query) => (query.ipcView === "links" ? "" : query.ipcView),
	heading: headingOf,
	summary: ipcSummary,
	details: ipcDetails,
};
