/** A table of plain text: columns as data, each as wide as its widest cell, up to a bound. */

import { type Align, fitText, textWidth } from "../../format/text-width.ts";

export interface Column<Row> {
	readonly header: string;
	readonly value: (row: Row) => string;
	readonly align?: Align;
}

/** One long name must not widen every line. */
const WIDEST = 100;

/** The lines of a table, made lazily; `width` truncates longer ones, which then end in "+". */
export function* tableLines<Row>(
	columns: readonly Column<Row>[],
	rows: readonly Row[],
	width: number,
): Generator<string> {
	const cells = [columns.map((column) => column.header), ...rows.map((row) => columns.map(({ value }) => value(row)))];
	const padded = columns.map(({ align }, at) => {
		const own = cells.map((line) => line[at] ?? "");
		// Nothing follows the last column, so it may be of any length.
		return at === columns.length - 1 && align !== "right" ? own : padCells(own, align);
	});
	for (const at of cells.keys())
		yield cutLine(
			padded
				.map((own) => own[at])
				.join("  ")
				.trimEnd(),
			width,
		);
}

/** Each as wide as its widest cell. */
function padCells(cells: readonly string[], align: Align | undefined): string[] {
	const widths = cells.map(textWidth);
	const widest = widths.reduce((most, width) => Math.max(most, width), 0);
	return cells.map((cell, at) => {
		const blanks = " ".repeat(Math.max(0, Math.min(WIDEST, widest) - (widths[at] ?? 0)));
		return align === "right" ? blanks + cell : cell + blanks;
	});
}

/** `line` in at most `width` cells, without splitting a character. */
export function cutLine(line: string, width: number): string {
	return width === Number.POSITIVE_INFINITY ? line : fitText(line, width).trimEnd();
}
