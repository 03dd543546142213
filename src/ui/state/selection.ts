/** Keeps each table's selection on the same subject, and visible. */

import { finish, type Steps } from "../../model/steps.ts";
import type { Line, Lines, Pane, PaneRow } from "../../panes/pane.ts";
import { type Derive, followedPane } from "./derive.ts";
import { type PaneState, paneState, type UiState, withPane } from "./ui-state.ts";

/** The first visible row, moved as little as possible so that `index` is visible. */
export function scrollTo(top: number, index: number, height: number, count: number): number {
	const least = Math.max(0, index - height + 1);
	const most = Math.max(0, Math.min(index, count - height));
	return Math.max(0, Math.min(Math.max(top, least), Math.max(most, least)));
}

/** The index of the first row that is not shown only for a row below it. */
const firstMatch = (lines: Lines<PaneRow>): number =>
	Math.max(
		0,
		lines.findIndex(({ isContext }) => !isContext),
	);

function find(pane: Pane, lines: Lines<PaneRow>, state: PaneState): number {
	if (state.selectedId === null) return firstMatch(lines);
	const before = lines.at(state.index);
	if (before && pane.id(before.row) === state.selectedId) return state.index;
	return lines.findIndex((line) => pane.id(line.row) === state.selectedId);
}

/** A lost selection is restored when its row is back. */
function withLost(pane: Pane, lines: Lines<PaneRow>, state: PaneState): PaneState {
	const { lostId } = state;
	if (lostId === null || lines.findIndex(({ row }) => pane.id(row) === lostId) < 0) return state;
	return { ...state, selectedId: lostId, lostId: null };
}

/** Updates a pane after its rows or its height changed. If the selected row is gone, the next one is selected. */
export function settlePane(pane: Pane, lines: Lines<PaneRow>, height: number, state: PaneState): PaneState {
	if (lines.length === 0) return state;
	const wanted = withLost(pane, lines, state);
	const found = find(pane, lines, wanted);
	const index = found >= 0 ? found : Math.min(wanted.index, lines.length - 1);
	const taker = lines.at(index);
	const isTaken = found < 0 && taker !== undefined;
	const selectedId = isTaken ? pane.id(taker.row) : wanted.selectedId;
	const lostId = isTaken ? (wanted.lostId ?? wanted.selectedId) : wanted.lostId;
	const top = scrollTo(wanted.top, index, Math.max(1, height), lines.length);
	const isSame =
		index === state.index && selectedId === state.selectedId && top === state.top && lostId === state.lostId;
	return isSame ? state : { ...state, index, selectedId, lostId, top };
}

/** Settles every visible pane, first the one that link mode follows, even if it is hidden; one pane in each step. */
export function* settleInSteps(state: UiState, derive: Derive): Steps<UiState> {
	const { panes: rects } = derive.layout(state);
	const followed = state.isLinked ? followedPane(state) : undefined;
	const heights = new Map<Pane, number>(followed && [[followed, state.rows]]);
	for (const { pane, bodyHeight } of rects) heights.set(pane, bodyHeight);
	let settled = state;
	for (const [pane, height] of heights) {
		const before = paneState(settled, pane);
		const after = settlePane(pane, derive.lines(pane, settled), height, before);
		if (after !== before) settled = withPane(settled, pane, after);
		yield;
	}
	return settled;
}

/** The same at once. */
export const settle = (state: UiState, derive: Derive): UiState => finish(settleInSteps(state, derive));

/** After a change of the filter: where the selected row is shown only for a match below it, the first match is selected. */
export function selectMatches(state: UiState, derive: Derive): UiState {
	let next = state;
	for (const pane of state.enabled) {
		const lines = derive.lines(pane, state);
		if (!lines.at(find(pane, lines, paneState(state, pane)))?.isContext) continue;
		const index = firstMatch(lines);
		const match = lines.at(index);
		if (match) next = withPane(next, pane, { selectedId: pane.id(match.row), lostId: null, index });
	}
	return next;
}

/** The selected line of `pane`. */
export function selectedLine(pane: Pane, state: UiState, derive: Derive): Line<PaneRow> | undefined {
	return derive.lines(pane, state).at(paneState(state, pane).index);
}
