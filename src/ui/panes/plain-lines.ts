/** Rows without a tree: filtered, narrowed to the linked processes, sorted. */

import { orderRows } from "./order-rows.ts";
import type { Column, Line, Query } from "./pane.ts";

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
export function plainLines<Row>(input: PlainRows<Row>): Line<Row>[] {
	const { rows, columns, query, isMatch, isLinked, tie } = input;
	const { linkedPids } = query;
	let kept = rows;
	if (linkedPids) kept = kept.filter((row) => isLinked(row, linkedPids));
	if (isMatch) kept = kept.filter(isMatch);
	return orderRows(kept, columns, query.sort, tie).map((row) => ({ row, prefix: "", isContext: false }));
}
