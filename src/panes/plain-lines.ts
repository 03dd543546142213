/** Rows without a tree: filtered, narrowed to the linked processes, sorted. */

import type { Snapshot } from "../model/snapshot.ts";
import { type Ordered, orderRows } from "./order-rows.ts";
import type { Column, Line, Lines, PaneDefinition, Query } from "./pane.ts";

type FlatPane<Row, View> = Pick<PaneDefinition<Row, View>, "columns" | "rows" | "matches" | "pids" | "tie">;

/** The lines of a flat table. */
export function plainLines<Row, View>(pane: FlatPane<Row, View>, snapshot: Snapshot, query: Query<View>): Lines<Row> {
	return linesOf(
		orderRows(keptRows(pane, snapshot, query), pane.columns(query.view), query.sort, (row) => pane.tie(row)),
	);
}

/** The rows that filter and link mode keep. */
export function keptRows<Row, View>(
	pane: Pick<FlatPane<Row, View>, "rows" | "matches" | "pids">,
	snapshot: Snapshot,
	{ linkedPids, matcher }: Pick<Query<View>, "linkedPids" | "matcher">,
): readonly Row[] {
	let kept = pane.rows(snapshot);
	if (linkedPids) kept = kept.filter((row) => pane.pids(row).some((pid) => linkedPids.has(pid)));
	if (matcher) kept = kept.filter((row) => pane.matches(row, matcher));
	return kept;
}

/** One line for each row. */
export function linesOf<Row>(rows: Ordered<Row>): Lines<Row> {
	return {
		length: rows.length,
		at: (index) => {
			const row = rows.at(index);
			return row && lineOf(row);
		},
		slice: (from, to) => rows.slice(from, to).map(lineOf),
		findIndex: (isWanted) => rows.findIndex((row) => isWanted(lineOf(row))),
	};
}

/** A cell without abbreviations if the column has such a text; blank for values without interest. */
export function wholeText<Row>(column: Column<Row>, row: Row, nowMs: number): string {
	return column.whole?.(row) ?? column.value(row, lineOf(row), nowMs);
}

/** A line without a tree. */
export function lineOf<Row>(row: Row): Line<Row> {
	return { row, prefix: "", isContext: false };
}
