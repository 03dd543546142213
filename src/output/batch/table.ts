/** A table of plain text: columns as data, each as wide as its widest cell, up to a bound. */

import { type Align, fitText, textWidth } from "../../format/text-width.ts";

export interface Column<Row> {
	readonly header: string;
	readonly value: (row: Row) => string;
	readonly align?: Align;
}

/** One long name must not widen every line. */
const WIDEST = 100;

/** Lines of the table, made one by one; `width` cuts what would be longer, and a cut line ends in "+". */
export function* tableLines<Row>(
	columns: readonly Column<Row>[],
	rows: readonly Row[],
	width: number,
): Generator<string> {
	const cells = [columns.map((column) => column.header), ...rows.map((row) => columns.map(({ value }) => value(row)))];
	const widths = columns.map(({ align }, at) => {
		// Nothing stands behind the last one, and it may be long without an end.
		if (at === columns.length - 1 && align !== "right") return null;
		return Math.min(
			WIDEST,
			cells.reduce((widest, line) => Math.max(widest, textWidth(line[at] ?? "")), 0),
		);
	});
	for (const line of cells) {
		const fitted = line.map((cell, at) => {
			const cellWidth = widths[at] ?? null;
			return cellWidth === null || textWidth(cell) > cellWidth ? cell : fitText(cell, cellWidth, columns[at]?.align);
		});
		yield cutLine(fitted.join("  ").trimEnd(), width);
	}
}

/** `line` in at most `width` cells; never half of a character. */
export function cutLine(line: string, width: number): string {
	return width === Number.POSITIVE_INFINITY ? line : fitText(line, width).trimEnd();
}
