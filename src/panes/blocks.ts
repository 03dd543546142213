/** Tables about some processes, for several details views. */

import { formatClock } from "../format/duration.ts";
import { formatProcess } from "../model/names/processes.ts";
import type { EventRow, Snapshot } from "../model/snapshot.ts";
import type { Block, BlockColumns, Column, Head, Owns, PaneDefinition } from "./pane.ts";
import { lineOf } from "./plain-lines.ts";

/** Column headings: text aligned left, numbers right. */
export const left = (text: string): Head => ({ text, align: "left" });
export const right = (text: string): Head => ({ text, align: "right" });

/** A details view should stay short. */
const MOST_ROWS = 200;

interface TableBlock<Row> {
	/** The chosen keys of `columns`, and a text for a table without rows. */
	readonly block: BlockColumns;
	readonly columns: readonly Column<Row>[];
	readonly rows: readonly Row[];
	/** Rows are sorted from the largest. */
	order(row: Row): number;
	readonly snapshot: Snapshot;
}

/** A table of a details view with columns of a pane. */
export function tableBlock<Row>({ block, columns, rows, order, snapshot }: TableBlock<Row>): Block {
	const shown = block.columns.flatMap((key) => columns.find((column) => column.key === key) ?? []);
	const nowMs = Date.parse(snapshot.time);
	return {
		kind: "table",
		title: block.title,
		heads: shown.map(({ header, align }) => ({ text: header, align })),
		rows: [...rows]
			.sort((a, b) => order(b) - order(a))
			.slice(0, MOST_ROWS)
			.map((row) => shown.map((column) => column.value(row, lineOf(row), nowMs))),
		empty: block.empty,
	};
}

/** The block of `pane` about some processes; nothing if its rows have no processes. */
export function blocksOfPane<Row, View>(pane: PaneDefinition<Row, View>, snapshot: Snapshot, owns: Owns): Block[] {
	const { block, initialView } = pane;
	if (block === undefined) return [];
	const rows = pane.rows(snapshot).filter((row) => pane.pids(row).some(owns));
	return [tableBlock({ block, columns: pane.columns(initialView), rows, order: (row) => pane.tie(row), snapshot })];
}

export function eventBlock(rows: readonly EventRow[], owns: Owns): Block {
	return {
		kind: "table",
		title: "Events",
		heads: ["TIME", "EVENT", "WHAT"].map(left),
		rows: rows
			.filter((row) => owns(row.pid))
			.slice(-MOST_ROWS)
			.map((row) => [formatClock(row.time), row.type, row.text]),
		empty: "none lately",
	};
}

/** The owner of a row, in one line. */
export function ownerPairs(pid: number, comm: string, snapshot: Snapshot): (readonly [string, string])[] {
	if (pid === 0) return [["process", "none left"]];
	const row = snapshot.processes.find((candidate) => candidate.pid === pid);
	const pairs: (readonly [string, string])[] = [["process", formatProcess({ pid, comm })]];
	if (row && row.args.length > 0) pairs.push(["command", row.args.join(" ")]);
	if (row) pairs.push(["user", row.user ?? String(row.uid)]);
	if (row?.container) pairs.push(["container", row.container.name ?? row.container.id]);
	return pairs;
}
