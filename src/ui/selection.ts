/** Keeps each table's selection on its thing and inside the view. */

import type { PaneName } from "../model/snapshot.ts";
import type { AnyRow, Line, Lines, Pane } from "../panes/pane.ts";
import type { Derive } from "./derive.ts";
import type { PaneState, UiState } from "./ui-state.ts";

/** The first row in view, moved as little as possible so that `index` is visible. */
export function scrollTo(top: number, index: number, height: number, count: number): number {
	const least = Math.max(0, index - height + 1);
	const most = Math.max(0, Math.min(index, count - height));
	return Math.max(0, Math.min(Math.max(top, least), Math.max(most, least)));
}

function find(pane: Pane, lines: Lines<AnyRow>, state: PaneState): number {
	if (state.selectedId === null) return 0;
	const before = lines.at(state.index);
	if (before && pane.id(before.row) === state.selectedId) return state.index;
	return lines.findIndex((line) => pane.id(line.row) === state.selectedId);
}

/** The pane's state after its rows or its height may have changed. The row next to a thing that is gone takes over. */
export function settlePane(pane: Pane, lines: Lines<AnyRow>, height: number, state: PaneState): PaneState {
	if (lines.length === 0) return state;
	const found = find(pane, lines, state);
	const index = found >= 0 ? found : Math.min(state.index, lines.length - 1);
	const taker = lines.at(index);
	const selectedId = found >= 0 || !taker ? state.selectedId : pane.id(taker.row);
	const top = scrollTo(state.top, index, Math.max(1, height), lines.length);
	const isSame = index === state.index && selectedId === state.selectedId && top === state.top;
	return isSame ? state : { ...state, index, selectedId, top };
}

/** The state with every visible pane settled; where link mode is on, the process table too, since the others follow it. */
export function settle(state: UiState, derive: Derive): UiState {
	const { panes: rects } = derive.layout(state);
	let settled = state;
	const settleOne = (name: PaneName, height: number) => {
		const before = settled.panes[name];
		const after = settlePane(derive.registry[name], derive.lines(name, settled), height, before);
		if (after !== before) settled = { ...settled, panes: { ...settled.panes, [name]: after } };
	};
	const processes = rects.find((rect) => rect.pane === "processes");
	if (processes || state.isLinked) settleOne("processes", processes?.bodyHeight ?? state.rows);
	for (const rect of rects) if (rect.pane !== "processes") settleOne(rect.pane, rect.bodyHeight);
	return settled;
}

/** The line that is selected in `name`. */
export function selectedLine(name: PaneName, state: UiState, derive: Derive): Line<AnyRow> | undefined {
	return derive.lines(name, state).at(state.panes[name].index);
}
