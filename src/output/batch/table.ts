/** A table of plain text: columns as data, each as wide as its widest cell. */

import { type Align, fitText, textWidth } from "../../format/text-width.ts";

export interface Column<Row> {
	readonly header: string;
	readonly value: (row: Row) => string;
	readonly align?: Align;
}

/** Lines of the table; `width` cuts what would be longer, and a cut line ends in "+". */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
	const cells = [columns.map((column) => column.header), ...rows.map((row) => columns.map(({ value }) => value(row)))];
	const widths = columns.map(({ align }, at) => {
		// Nothing stands behind the last one, and it may be long without an end.
		if (at === columns.length - 1 && align !== "right") return null;
		return cells.reduce((widest, line) => Math.max(widest, textWidth(line[at] ?? "")), 0);
	});
	return cells.map((line) => {
		const fitted = line.map((cell, at) => {
			const cellWidth = widths[at] ?? null;
			return cellWidth === null ? cell : fitText(cell, cellWidth, columns[at]?.align);
		});
		return cutLine(fitted.join("  ").trimEnd(), width);
	});
}

/** `line` in at most `width` cells; never half of a character. */
export function cutLine(line: string, width: number): string {
	return width === Number.POSITIVE_INFINITY ? line : fitText(line, width).trimEnd();
}
