/** The menu of columns: which ones of a pane are shown, and in which order. */

import { withHostColumn } from "../../panes/hosts.ts";
import { chosenColumns } from "../../panes/look.ts";
import type { Column, Pane, PaneRow } from "../../panes/pane.ts";
import type { OverlayContent } from "./overlay-content.ts";
import { type Overlay, type PaneState, paneState, type UiState, withPane } from "./ui-state.ts";

type ColumnMenu = Extract<Overlay, { kind: "columns" }>;

/** The drawn columns, in order. */
export function shownColumns(pane: Pane, { view, columns }: PaneState): readonly Column<PaneRow>[] {
	return columns === null ? pane.shownColumns(view) : chosenColumns(pane, columns)(view);
}

/** The columns by which a pane can be sorted. */
export function sortColumns(pane: Pane, state: UiState): readonly Column<PaneRow>[] {
	return withMachine(pane, pane.columns(paneState(state, pane).view), state);
}

/** With the column of the machine, if there are several. */
export function withMachine(pane: Pane, columns: readonly Column<PaneRow>[], { snapshot }: UiState) {
	return snapshot === null ? columns : withHostColumn(pane, columns, snapshot);
}

/** What this refresh shows first, then the others. */
export function openColumnMenu(state: UiState): UiState {
	const pane = state.focus;
	const { view } = paneState(state, pane);
	const all = pane.columns(view);
	if (all !== pane.columns(pane.initialView) || pane.isDrawn(view))
		return { ...state, notice: "The columns of this view are fixed: choose them in the pane's first view." };
	const { snapshot } = state;
	const shown = shownColumns(pane, paneState(state, pane))
		.filter(({ isShown }) => isShown === undefined || (snapshot !== null && isShown(snapshot, "screen")))
		.map(({ key }) => key);
	const others = all.map(({ key }) => key).filter((key) => !shown.includes(key));
	return { ...state, overlay: { kind: "columns", pane, keys: [...shown, ...others], shown: new Set(shown), index: 0 } };
}

export function columnMenu({ pane, keys, shown, index }: ColumnMenu): OverlayContent {
	const all = pane.columns(pane.initialView);
	const items = keys.map((key) => {
		const header = all.find((column) => column.key === key)?.header ?? key;
		return `${shown.has(key) ? "[x]" : "[ ]"} ${header}`;
	});
	return { kind: "menu", title: `Columns of ${pane.title}, from left to right`, items, selected: index };
}

/** Shows or hides the selected column, or moves it one place. */
export function changeColumns(state: UiState, does: "toggle" | "earlier" | "later"): UiState {
	const { overlay } = state;
	if (overlay?.kind !== "columns") return state;
	const { keys, shown, index } = overlay;
	const key = keys[index];
	if (key === undefined) return state;
	if (does === "toggle") return { ...state, overlay: { ...overlay, shown: toggled(shown, key) } };
	const to = index + (does === "earlier" ? -1 : 1);
	const other = keys[to];
	if (other === undefined) return state;
	return { ...state, overlay: { ...overlay, keys: keys.with(index, other).with(to, key), index: to } };
}

function toggled(shown: ReadonlySet<string>, key: string): ReadonlySet<string> {
	return shown.has(key) ? new Set([...shown].filter((other) => other !== key)) : new Set([...shown, key]);
}

/** Enter: takes the choice, to be kept in the configuration. */
export function chooseColumns(state: UiState, { pane, keys, shown }: ColumnMenu): UiState {
	const columns = keys.filter((key) => shown.has(key));
	if (columns.length === 0) return { ...state, notice: "One column has to stay: show one with Space." };
	return { ...withPane(state, pane, { columns }), overlay: null, chosenColumns: { pane: pane.name, columns } };
}
