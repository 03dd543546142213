/** Jumps to rows by a text in them. Other rows stay, unlike with a filter. */

import type { Line, Pane, PaneRow } from "../../panes/pane.ts";
import type { Derive } from "./derive.ts";
import { selectIndex } from "./reduce-table.ts";
import { paneState, type UiState } from "./ui-state.ts";

/** What a row is found by: its heading, which has its process, and its subject, such as a command line or a path. */
function isFound(pane: Pane, { row }: Line<PaneRow>, wanted: string): boolean {
	return pane.heading(row).toLowerCase().includes(wanted) || pane.thing(row).toLowerCase().includes(wanted);
}

/** The state with the next row selected that has `text`, from the row `from` on, around the end; or with a notice. */
export function jumpTo(state: UiState, text: string, by: 1 | -1, from: number, derive: Derive): UiState {
	const pane = state.focus;
	const lines = derive.lines(pane, state);
	const wanted = text.trim().toLowerCase();
	for (let step = 0; step < lines.length; step++) {
		const index = (((from + by * step) % lines.length) + lines.length) % lines.length;
		const line = lines.at(index);
		if (line !== undefined && isFound(pane, line, wanted)) return selectIndex(state, pane, index, derive);
	}
	return { ...state, notice: `No row of ${pane.title} has "${text.trim()}".` };
}

/** To the next or previous row with the text of the last search. */
export function jumpOn(state: UiState, by: 1 | -1, derive: Derive): UiState {
	if (state.search === null) return state;
	return jumpTo(state, state.search, by, paneState(state, state.focus).index + by, derive);
}
