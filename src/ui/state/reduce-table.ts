/** The effect of moving, clicking and sorting on a table. */

import type { Pane } from "../../panes/pane.ts";
import { shownColumns, withMachine } from "./columns.ts";
import type { Derive } from "./derive.ts";
import type { Intent } from "./keymap.ts";
import { paneState, type UiState, withPane } from "./ui-state.ts";

type Move = Extract<Intent, { type: "move" }>;

/** Rows that a pane shows at once. */
function heightOf(state: UiState, pane: Pane, derive: Derive): number {
	const rect = derive.layout(state).panes.find((candidate) => candidate.pane === pane);
	return Math.max(1, rect?.bodyHeight ?? 1);
}

/** How many rows one step of `unit` is. */
export function stepRows(move: Pick<Move, "by" | "unit">, height: number, count: number): number {
	const sizes = { row: 1, "half-page": Math.ceil(height / 2), page: Math.max(1, height - 1), all: count };
	return move.by * sizes[move.unit];
}

/** Moves the selection of the focused pane. */
export function moveSelection(state: UiState, move: Pick<Move, "by" | "unit">, derive: Derive): UiState {
	const pane = state.focus;
	const count = derive.lines(pane, state).length;
	const by = stepRows(move, heightOf(state, pane, derive), count);
	return selectIndex(state, pane, paneState(state, pane).index + by, derive);
}

/** Selects the row at `index`, or the last one before the end. */
export function selectIndex(state: UiState, pane: Pane, index: number, derive: Derive): UiState {
	const lines = derive.lines(pane, state);
	const at = Math.max(0, Math.min(index, lines.length - 1));
	const line = lines.at(at);
	return line ? withPane(state, pane, { selectedId: pane.id(line.row), lostId: null, index: at }) : state;
}

/** The wheel moves the view, and the selection only if it would leave the view. */
export function scrollPane(state: UiState, pane: Pane, by: number, derive: Derive): UiState {
	const count = derive.lines(pane, state).length;
	const height = heightOf(state, pane, derive);
	const { top, index } = paneState(state, pane);
	const newTop = Math.max(0, Math.min(top + by, count - height));
	const scrolled = withPane(state, pane, { top: newTop });
	const kept = Math.max(newTop, Math.min(index, newTop + height - 1));
	return kept === index ? scrolled : selectIndex(scrolled, pane, kept, derive);
}

/** Sorts by `key`; a second time reverses the order. */
export function sortBy(state: UiState, pane: Pane, key: string): UiState {
	const { sort } = paneState(state, pane);
	const isReversed = sort.key === key ? !sort.isReversed : false;
	return withPane(state, pane, { sort: { key, isReversed } });
}

/** Sorts by the next visible column, to the right or to the left. */
export function sortStep(state: UiState, by: number): UiState {
	const pane = state.focus;
	const { snapshot } = state;
	const own = paneState(state, pane);
	const columns = withMachine(pane, shownColumns(pane, own), state).filter(
		(column) => !column.isShown || (snapshot !== null && column.isShown(snapshot, "screen")),
	);
	const at = columns.findIndex((column) => column.key === own.sort.key);
	const column = columns[Math.max(0, Math.min(at + by, columns.length - 1))];
	return column ? withPane(state, pane, { sort: { key: column.key, isReversed: false } }) : state;
}

/** Reverses the order of the focused pane. */
export function reverseSort(state: UiState): UiState {
	const { sort } = paneState(state, state.focus);
	return withPane(state, state.focus, { sort: { ...sort, isReversed: !sort.isReversed } });
}
