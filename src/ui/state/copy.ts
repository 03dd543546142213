/** What `y` and `Y` copy from the selected row to the terminal's clipboard. */

import type { Pane, PaneRow } from "../../panes/pane.ts";
import { wholeText } from "../../panes/plain-lines.ts";
import { shownColumns } from "./columns.ts";
import type { Derive } from "./derive.ts";
import { selectedLine } from "./selection.ts";
import { paneState, type UiState } from "./ui-state.ts";

/** Terminals refuse more than about 74 kB of base64. */
const MOST = 48_000;

/** The columns of the row as in plain text, separated by tabs. */
function rowText(pane: Pane, row: PaneRow, state: UiState): string {
	const nowMs = state.snapshot === null ? 0 : Date.parse(state.snapshot.time);
	const columns = shownColumns(pane, paneState(state, pane));
	return columns.map((column) => wholeText(column, row, nowMs).trim()).join("\t");
}

/** The state with the text for the clipboard, and a notice: a terminal may refuse it silently. */
export function copySelected(state: UiState, what: "thing" | "row", derive: Derive): UiState {
	const pane = state.focus;
	const row = selectedLine(pane, state, derive)?.row;
	if (row === undefined) return state;
	const text = (what === "row" ? rowText(pane, row, state) : pane.thing(row)).slice(0, MOST);
	return {
		...state,
		clipboard: { text },
		notice: `Copied, if the terminal allows it: ${text.replaceAll("\t", "  ")}`,
	};
}
