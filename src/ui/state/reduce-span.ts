/** A span: from the refresh that `m` marked to the one that is shown. `read-spans.ts` reads it. */

import type { Derive } from "./derive.ts";
import type { Intent } from "./keymap.ts";
import { refreshOverlay } from "./reduce-overlay.ts";
import { goLive, showMoment, standStill } from "./reduce-time.ts";
import type { UiState } from "./ui-state.ts";

const NOTHING = "There is no history: --history is 0.";

export function markSpan(state: UiState, end: "begin" | "end", derive: Derive): UiState {
	const { shown, mark } = state;
	if (!shown) return state;
	if (derive.history.bounds.spanMs === 0) return { ...state, notice: NOTHING };
	if (end === "begin")
		return { ...state, mark: shown, notice: "The span begins here; go to where it ends and press M." };
	if (!mark) return { ...state, notice: "Press m where the span begins, then M where it ends." };
	if (mark.no === shown.no) return { ...state, notice: "The span begins here: go to another refresh and press M." };
	const [from, to] = mark.no < shown.no ? [mark, shown] : [shown, mark];
	return { ...standStill(state, derive), span: { from, to, left: null } };
}

export function showTotals(state: UiState, { span, totals }: Extract<Intent, { type: "span-read" }>): UiState {
	if (state.span !== span) return state;
	if (totals === null)
		return { ...state, span: null, mark: null, notice: "The beginning of the span is no longer in the history." };
	const { snapshot, left } = totals;
	return refreshOverlay({ ...state, snapshot, shown: span.to, span: { ...span, left } });
}

/** The first span is kept, the second is compared with it. */
export function compareSpan(state: UiState): UiState {
	const { span, snapshot, kept } = state;
	if (span === null || snapshot === null) return state;
	if (span.left === null) return { ...state, notice: "The span is still being read." };
	const shown = { span, snapshot };
	if (kept === null || kept.span === span)
		return { ...state, kept: shown, notice: "The span is kept: go to another one, and press D to see what differs." };
	return { ...state, kept: null, overlay: { kind: "differences", a: kept, b: shown, scroll: 0 } };
}

/** The span that is shown; without one the whole history. */
export function saveSpan(state: UiState, { history }: Derive): UiState {
	if (history.bounds.spanMs === 0) return { ...state, notice: NOTHING };
	if (state.saving !== null) return { ...state, notice: "The previous one is still being saved." };
	const what = state.span === null ? "the whole history" : "the span";
	return { ...state, saving: { bounds: state.span }, notice: `Saving ${what}.` };
}

/** Shows the refresh at its end; if that is no longer remembered, the newest. */
export function leaveSpan(state: UiState, derive: Derive): UiState {
	if (!state.span) return state;
	const there = showMoment(state, state.span.to.no, derive);
	return there.span === null ? there : goLive(state, derive);
}
