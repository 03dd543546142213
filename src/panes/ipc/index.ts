/** The IPC pane. */

import { formatProcess } from "../../model/names/processes.ts";
import type { IpcRow, Snapshot } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import type { PaneBody } from "../pane.ts";
import { ipcDetails, ipcSummary, LINK_BLOCK } from "./details.ts";
import { drawGraph, edgeName, edgesOf } from "./graph.ts";
import { type GroupedView, groupLinks, type IpcGroup, isGroup } from "./group.ts";
import { GROUP_COLUMNS } from "./group-columns.ts";
import { LINK_ROWS, selectLinks } from "./select.ts";
import { centerOf, IPC_KEYS, LINKS, type LinkView } from "./view.ts";

type Row = IpcRow | IpcGroup;

function rowId(row: Row): string {
	return isGroup(row) ? row.id : `${row.kind} ${row.channel} ${row.from.pid} ${row.to.pid}`;
}

/** A group is found by creating it again: its id begins with its view. */
function findRow(snapshot: Snapshot, id: string): Row | undefined {
	const view = id.slice(0, id.indexOf(" "));
	if (view in GROUP_COLUMNS) return groupLinks(snapshot.ipc, view as GroupedView).find((group) => group.id === id);
	const edge = edgeName(id);
	if (edge) return edgesOf(edge.center, snapshot.ipc).find((group) => group.id === id);
	return snapshot.ipc.find((row) => rowId(row) === id);
}

function headingOf(row: Row): string {
	if (!isGroup(row)) return `${row.kind} from ${formatProcess(row.from)} to ${formatProcess(row.to)}`;
	return row.side === null ? `Links: ${row.title}` : `${row.kinds.join(" ")} with ${row.title}`;
}

const LEAST_GRAPH = { width: 20, height: 5 };

function drawBody(body: PaneBody<Row, LinkView>): readonly string[] | null {
	const center = centerOf(body.view);
	const hasRoom = body.width >= LEAST_GRAPH.width && body.height >= LEAST_GRAPH.height;
	if (center === null || !hasRoom) return null;
	const rows = body.lines.slice().map((line) => line.row);
	return drawGraph({ ...body, center, edges: rows.filter(isGroup) });
}

export const IPC = definePane<Row, LinkView>({
	...LINK_ROWS,
	name: "ipc",
	title: "IPC",
	tables: ["ipc"],
	probes: [
		"ipc",
		"file",
		"io-uring",
		"multishot",
		"cq-overflow",
		"tcp",
		"signal",
		"sysv",
		"fd-pass",
		"datagram",
		"mapping",
	],
	maps: ["ipc-channels", "process-peers"],
	empty: "No two processes have communicated since the start.",
	place: { side: "right", weight: 2 },
	defaultSort: "rate",
	hidesUnchanged: true,
	initialView: LINKS,
	keys: IPC_KEYS,
	select: selectLinks,
	find: findRow,
	id: rowId,
	isDead: (row, deadPids) => {
		const isGone = (process: { readonly pid: number }) => deadPids.has(process.pid);
		return isGroup(row) ? row.processes.every(isGone) : isGone(row.from) || isGone(row.to);
	},
	draw: drawBody,
	isDrawn: (view) => view.name === "graph",
	mode: (view) => (view.name === "links" ? "" : view.name),
	heading: headingOf,
	summary: ipcSummary,
	details: ipcDetails,
	block: LINK_BLOCK,
});
