/** The visible part of a table as painted strings. Only visible rows are turned into text. */

import { fitText } from "../../format/text-width.ts";
import type { Style, Theme } from "../../format/theme.ts";
import { hostsOf } from "../../panes/hosts.ts";
import type { Line, Lines, Pane, PaneRow, Sort } from "../../panes/pane.ts";
import type { FittedColumn } from "../state/fit-columns.ts";

type Fitted = readonly FittedColumn<PaneRow>[];

/** The column headings, with an ASCII arrow on the sorted one. */
export function headRow(columns: Fitted, sort: Sort, theme: Theme): string {
	const texts = columns.map(({ column, width }) => {
		const mark = column.isDescending === sort.isReversed ? "^" : "v";
		const hasMark = column.key === sort.key && width > column.header.length;
		return fitText(hasMark ? column.header + mark : column.header, width, column.align);
	});
	const at = columns.findIndex(({ column }) => column.key === sort.key);
	if (at < 0) return theme.paint("head", texts.join(" "));
	// Three painted runs instead of one per column: Ink parses every code in every frame.
	const [before, after] = [texts.slice(0, at).join(" "), texts.slice(at + 1).join(" ")];
	const sorted = theme.paint("headSorted", texts[at] ?? "");
	return [theme.paint("head", before), sorted, theme.paint("head", after)].filter((text) => text !== "").join(" ");
}

export interface RowLook {
	readonly nowMs: number;
	readonly selection: "focused" | "idle" | null;
	readonly isDead: boolean;
}

/** A style for the whole row, whose cells then have no styles of their own. */
function rowStyle(line: Line<PaneRow>, look: RowLook): Style | null {
	if (look.selection === "focused") return "selected";
	if (look.selection === "idle") return "selectedIdle";
	return look.isDead || line.isContext ? "dim" : null;
}

/** Paints a cell, unless it is blank. */
function paintInk(style: Style | null | undefined, cell: string, theme: Theme): string {
	return style && cell.trim() !== "" ? theme.paint(style, cell) : cell;
}

/** One row of at most `width` cells; exactly `width` if it has a background. */
function tableRow(columns: Fitted, line: Line<PaneRow>, look: RowLook, width: number, theme: Theme): string {
	const whole = rowStyle(line, look);
	let row = "";
	let used = 0;
	for (const { column, width: cellWidth } of columns) {
		const gap = used === 0 ? "" : " ";
		const cell = theme.fit(column.value(line.row, line, look.nowMs), cellWidth, column.align, column.cut);
		row += gap + (whole ? cell : paintInk(column.style?.(line.row), cell, theme));
		used += gap.length + cellWidth;
	}
	if (whole !== null && whole !== "dim") return theme.paint(whole, row + " ".repeat(Math.max(0, width - used)));
	return theme.paint(whole, row.trimEnd());
}

export interface VisibleTable {
	readonly pane: Pane;
	readonly lines: Lines<PaneRow>;
	readonly columns: Fitted;
	readonly top: number;
	readonly selected: number;
	readonly height: number;
	readonly width: number;
	readonly isFocused: boolean;
	readonly deadPids: ReadonlySet<number>;
	/** Machines from which nothing comes any more: their rows look like dead ones. */
	readonly goneHosts: ReadonlySet<string>;
	/** The time of the snapshot. */
	readonly nowMs: number;
}

/** The visible rows. */
export function visibleRows(table: VisibleTable, theme: Theme): string[] {
	const { pane, lines, columns, top, selected, height, width, isFocused, deadPids, goneHosts, nowMs } = table;
	return lines.slice(top, top + height).map((line, slot) => {
		const isSelected = top + slot === selected;
		const selection = isSelected ? (isFocused ? "focused" : "idle") : null;
		const isGone = goneHosts.size > 0 && hostsOf(line.row).some((host) => goneHosts.has(host));
		const isDead = isGone || pane.isDead(line.row, deadPids);
		return tableRow(columns, line, { nowMs, selection, isDead }, width, theme);
	});
}
