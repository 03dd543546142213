/** Rows without a tree: filtered, narrowed to the linked processes, sorted. */

import { type Ordered, orderRows } from "./order-rows.ts";
import type { Column, Line, Lines, Query } from "./pane.ts";

export interface PlainRows<Row> {
	readonly rows: readonly Row[];
	readonly columns: readonly Column<Row>[];
	readonly query: Query;
	/** Null where there is no filter. */
	readonly isMatch: ((row: Row) => boolean) | null;
	isLinked(row: Row, pids: ReadonlySet<number>): boolean;
	tie(row: Row): number;
}

/** The lines of a flat table. */
export function plainLines<Row>(input: PlainRows<Row>): Lines<Row> {
	const { rows, columns, query, isMatch, isLinked, tie } = input;
	const { linkedPids } = query;
	let kept = rows;
	if (linkedPids) kept = kept.filter((row) => isLinked(row, linkedPids));
	if (isMatch) kept = kept.filter(isMatch);
	return linesOf(orderRows(kept, columns, query.sort, tie));
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

function lineOf<Row>(row: Row): Line<Row> {
	return { row, prefix: "", isContext: false };
}
