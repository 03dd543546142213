/** The visible part of a table as painted strings. Only what is in view is ever turned into text. */

import type { FittedColumn } from "../fit-columns.ts";
import { fitText } from "../format/text-width.ts";
import type { AnyRow, Line, Pane, Sort } from "../panes/pane.ts";
import type { Style, Theme } from "../theme.ts";

type Fitted = readonly FittedColumn<AnyRow>[];

/** The heads of the columns; an arrow of ASCII on the one that sorts. */
export function headRow(columns: Fitted, sort: Sort, width: number, theme: Theme): string {
	let used = 0;
	const cells = columns.map(({ column, width: cellWidth }, at) => {
		const isSorted = column.key === sort.key;
		const mark = column.isDescending === sort.isReversed ? "^" : "v";
		const text = isSorted && cellWidth > column.header.length ? column.header + mark : column.header;
		const gap = at === 0 ? "" : " ";
		used += cellWidth + gap.length;
		return gap + theme.paint(isSorted ? "headSorted" : "head", fitText(text, cellWidth, column.align));
	});
	return cells.join("") + " ".repeat(Math.max(0, width - used));
}

export interface RowLook {
	readonly selection: "focused" | "idle" | null;
	readonly isDead: boolean;
}

/** A style for the whole row, where the row has one look whatever its cells say. */
function rowStyle(line: Line<AnyRow>, look: RowLook): Style | null {
	if (look.selection === "focused") return "selected";
	if (look.selection === "idle") return "selectedIdle";
	return look.isDead || line.isContext ? "dim" : null;
}

/** One row, exactly `width` cells. */
export function tableRow(columns: Fitted, line: Line<AnyRow>, look: RowLook, width: number, theme: Theme): string {
	const whole = rowStyle(line, look);
	let row = "";
	let used = 0;
	for (const { column, width: cellWidth } of columns) {
		const gap = used === 0 ? "" : " ";
		const cell = fitText(theme.show(column.value(line.row, line)), cellWidth, column.align, column.cut);
		row += gap + (whole ? cell : theme.paint(column.style?.(line.row), cell));
		used += gap.length + cellWidth;
	}
	return theme.paint(whole, row + " ".repeat(Math.max(0, width - used)));
}

export interface VisibleTable {
	readonly pane: Pane;
	readonly lines: readonly Line<AnyRow>[];
	readonly columns: Fitted;
	readonly top: number;
	readonly selected: number;
	readonly height: number;
	readonly width: number;
	readonly isFocused: boolean;
	readonly deadPids: ReadonlySet<number>;
}

/** The rows in view. */
export function visibleRows(table: VisibleTable, theme: Theme): string[] {
	const { pane, lines, columns, top, selected, height, width, isFocused, deadPids } = table;
	return lines.slice(top, top + height).map((line, slot) => {
		const isSelected = top + slot === selected;
		const selection = isSelected ? (isFocused ? "focused" : "idle") : null;
		return tableRow(columns, line, { selection, isDead: pane.isDead(line.row, deadPids) }, width, theme);
	});
}
