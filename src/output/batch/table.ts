/** A table of plain text: columns as data, each as wide as its widest cell. */

export interface Column<Row> {
	readonly header: string;
	readonly value: (row: Row) => string;
	readonly align?: "right";
}

/** Lines of the table; `width` cuts what would be longer, and a cut line ends in "+". */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
	const cells = [columns.map((column) => column.header), ...rows.map((row) => columns.map(({ value }) => value(row)))];
	const widths = columns.map((_, at) => cells.reduce((widest, line) => Math.max(widest, (line[at] ?? "").length), 0));
	return cells.map((line) => {
		const padded = line.map((cell, at) =>
			columns[at]?.align === "right" ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
		);
		return cutLine(padded.join("  ").trimEnd(), width);
	});
}

/** `line` in at most `width` UTF-16 units; never half of a character. */
export function cutLine(line: string, width: number): string {
	if (line.length <= width) return line;
	const end = Math.max(width - 1, 0);
	const isWhole = (line.codePointAt(end - 1) ?? 0) <= 0xffff;
	return `${line.slice(0, isWhole ? end : end - 1)}+`;
}
