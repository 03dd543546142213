/** Overlays: opening, scrolling, going back. */

import { chooseColumns, sortColumns } from "./columns.ts";
import type { Derive } from "./derive.ts";
import type { Intent } from "./keymap.ts";
import { contentLength, contentRoom } from "./overlay-content.ts";
import { sortBy, stepRows } from "./reduce-table.ts";
import { selectedLine } from "./selection.ts";
import { isMenu, paneState, type UiState } from "./ui-state.ts";
import { chooseUser } from "./users.ts";

type Move = Pick<Extract<Intent, { type: "move" }>, "by" | "unit">;

/** Enter: the details of the selected row; in a menu, the choice. */
export function open(state: UiState, derive: Derive): UiState {
	const { overlay } = state;
	if (overlay?.kind === "sort") {
		const { sort } = paneState(state, overlay.pane);
		const column = sortColumns(overlay.pane, state)[overlay.index];
		const closed = { ...state, overlay: null };
		return column && column.key !== sort.key ? sortBy(closed, overlay.pane, column.key) : closed;
	}
	if (overlay?.kind === "users") return chooseUser({ ...state, overlay: null }, overlay);
	if (overlay?.kind === "columns") return chooseColumns(state, overlay);
	if (overlay) return state;
	const line = selectedLine(state.focus, state, derive);
	if (!line) return state;
	const pane = state.focus;
	const id = pane.id(line.row);
	return { ...state, overlay: { kind: "details", pane, id, row: line.row, isGone: false, scroll: 0, inspected: null } };
}

export const ASKED = "Reading …";

/** e: asks about the process in the details, or hides the answer. */
export function toggleInspected(state: UiState): UiState {
	const { overlay } = state;
	if (overlay?.kind !== "details") return state;
	return { ...state, overlay: { ...overlay, inspected: overlay.inspected === null ? ASKED : null, scroll: 0 } };
}

export function showInspected(state: UiState, { id, found }: Extract<Intent, { type: "inspected" }>): UiState {
	const { overlay } = state;
	if (overlay?.kind !== "details" || overlay.id !== id || overlay.inspected !== ASKED) return state;
	return { ...state, overlay: { ...overlay, inspected: found } };
}

/** Esc: closes what was opened last. */
export function back(state: UiState): UiState {
	if (state.overlay) return { ...state, overlay: null, prompt: null };
	if (state.search !== null) return { ...state, search: null };
	if (state.isZoomed) return { ...state, isZoomed: false };
	if (state.filter) return { ...state, filter: null };
	return state;
}

/** The row of an open details view as the new snapshot has it. */
export function refreshOverlay(state: UiState): UiState {
	const { overlay, snapshot } = state;
	if (overlay?.kind !== "details" || !snapshot) return state;
	const row = overlay.pane.find(snapshot, overlay.id);
	if (!row) return overlay.isGone ? state : { ...state, overlay: { ...overlay, isGone: true } };
	return { ...state, overlay: { ...overlay, row, isGone: false } };
}

/** Scrolls a text, or moves the choice of a menu. */
export function scrollOverlay(state: UiState, move: Move, derive: Derive): UiState {
	const { overlay } = state;
	const content = derive.overlay(state);
	if (!overlay || !content) return state;
	const height = contentRoom(content, derive.layout(state).body.height);
	const count = contentLength(content);
	if (isMenu(overlay)) {
		const index = Math.max(0, Math.min(overlay.index + stepRows(move, height, count), count - 1));
		return { ...state, overlay: { ...overlay, index } };
	}
	const most = Math.max(0, count - height);
	const scroll = Math.max(0, Math.min(Math.min(overlay.scroll, most) + stepRows(move, height, count), most));
	return { ...state, overlay: { ...overlay, scroll } };
}
