/** A pane as a table of plain text: the columns of the screen, without a limit on their width. */

import type { Matcher } from "../../model/filter/index.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { paneHealth } from "../../panes/health.ts";
import { withHostColumn } from "../../panes/hosts.ts";
import { orderRows } from "../../panes/order-rows.ts";
import type { Column, Pane, PaneRow } from "../../panes/pane.ts";
import { wholeText } from "../../panes/plain-lines.ts";
import { cutLine, tableLines } from "./table.ts";

export interface TextScene {
	readonly snapshot: Snapshot;
	/** The last printed snapshot. */
	readonly before: Snapshot | null;
	readonly matcher: Matcher | null;
	readonly width: number;
}

/** The title and, if there are rows, the headings and the rows, the most active first; made lazily. */
export function* paneLines(pane: Pane, { snapshot, before, matcher, width }: TextScene): Generator<string> {
	const all = matcher === null ? pane.rows(snapshot) : pane.rows(snapshot).filter((row) => pane.matches(row, matcher));
	// An unchanged row is the same object as in the previous snapshot.
	const known = new Set(before !== null && pane.hidesUnchanged ? pane.rows(before) : []);
	const shown = all.filter((row) => !known.has(row));
	const columns = pane.columns(pane.initialView);
	const sort = { key: pane.textSort, isReversed: pane.isReversedAtFirst };
	const ordered = orderRows(shown, columns, sort, (row) => pane.tie(row)).slice();
	const unchanged = all.length - shown.length;
	const count = `${shown.length}${unchanged > 0 ? ` active, ${unchanged} unchanged are not shown` : ""}`;
	yield cutLine(`${pane.title}: ${count}${offNote(pane, snapshot)}`, width);
	if (shown.length === 0) return;
	const nowMs = Date.parse(snapshot.time);
	const printed = withHostColumn(pane, pane.shownColumns(pane.initialView), snapshot)
		.filter((column) => column.isShown?.(snapshot, "text") ?? true)
		.map((column) => ({ ...column, value: (row: PaneRow) => cellText(column, row, nowMs) }));
	yield* tableLines(printed, ordered, width);
}

/**
 * The screen leaves uninteresting cells blank; here a blank cell would shift the others for programs that count fields.
 */
function cellText(column: Column<PaneRow>, row: PaneRow, nowMs: number): string {
	const text = wholeText(column, row, nowMs);
	if (text !== "") return text;
	const key = column.sortBy(row);
	return typeof key === "number" && key >= 0 ? "0" : "-";
}

/** A table that is empty because nothing is measured must not look like a quiet machine. */
function offNote(pane: Pane, { health }: Snapshot): string {
	const { offReason } = paneHealth(pane, health);
	return offReason === null ? "" : ` (off: ${offReason})`;
}
