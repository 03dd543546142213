/** Which columns of a table fit into a width, and how wide each becomes. */

import type { Snapshot } from "../../model/snapshot.ts";
import type { Column } from "../../panes/pane.ts";

export interface FittedColumn<Row> {
	readonly column: Column<Row>;
	readonly width: number;
	/** First cell, from the left edge of the table. */
	readonly left: number;
}

const GAP = 1;
const LEAST_CELLS = 4;

function neededWidth<Row>(columns: readonly Column<Row>[], width: number): number {
	const least = (column: Column<Row>) => Math.max(column.width, Math.floor(width * (column.share ?? 0)));
	return columns.reduce((sum, column) => sum + least(column) + GAP, -GAP);
}

/** The column that is dropped first if not all fit; undefined if none may be dropped. */
function leastWanted<Row>(columns: readonly Column<Row>[]): Column<Row> | undefined {
	const most = columns.reduce((least, column) => Math.max(least, column.drop), 0);
	return most === 0 ? undefined : columns.find((column) => column.drop === most);
}

/** The columns of `columns` that apply to `snapshot` and fit; spare cells go to those that grow. */
export function fitColumns<Row>(
	columns: readonly Column<Row>[],
	width: number,
	snapshot: Snapshot,
): readonly FittedColumn<Row>[] {
	let kept = columns.filter((column) => column.isShown?.(snapshot, "screen") ?? true);
	while (neededWidth(kept, width) > width) {
		const out = leastWanted(kept);
		if (!out) break;
		kept = kept.filter((column) => column !== out);
	}
	return place(kept, width);
}

function place<Row>(columns: readonly Column<Row>[], width: number): FittedColumn<Row>[] {
	let spare = width - columns.reduce((sum, column) => sum + column.width + GAP, -GAP);
	let shares = columns.reduce((sum, column) => sum + (column.grow ?? 0), 0);
	let left = 0;
	return columns.flatMap((column) => {
		const grow = column.grow ?? 0;
		// If even the last columns are too wide together, those that grow also share the deficit.
		const extra = grow > 0 ? Math.max(LEAST_CELLS - column.width, Math.floor((spare * grow) / shares)) : 0;
		spare -= extra;
		shares -= grow;
		const cells = Math.min(column.width + extra, width - left);
		if (cells <= 0) return [];
		const fitted = { column, width: cells, left };
		left += cells + GAP;
		return [fitted];
	});
}
