/** Which moment is shown: the live one, a paused one, or an earlier one. Measuring always continues. */

import type { Moment } from "../../history/moment.ts";
import { lastUntil, momentAt, parseWhen } from "../../history/when.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Derive } from "./derive.ts";
import type { Intent } from "./keymap.ts";
import { refreshOverlay } from "./reduce-overlay.ts";
import { isStill, type UiState } from "./ui-state.ts";

const MINUTE_MS = 60_000;

/** A new refresh was added to the history. */
export function takeRefresh(state: UiState, derive: Derive): UiState {
	const newest = derive.history.moments.at(-1) ?? null;
	return isStill(state) ? { ...state, newest } : goLive(withoutLost(state), derive);
}

/** A selection that was lost while live is not restored. */
function withoutLost(state: UiState): UiState {
	const panes = [...state.panes];
	if (panes.every(([, { lostId }]) => lostId === null)) return state;
	return { ...state, panes: new Map(panes.map(([pane, one]) => [pane, { ...one, lostId: null }])) };
}

/** Shows the newest, and follows it. */
export function goLive(state: UiState, { history }: Derive): UiState {
	const newest = history.moments.at(-1);
	if (!newest || !history.latest) return { ...state, isPaused: false };
	if (state.shown === newest && !isStill(state)) return state;
	const live = { ...state, isPaused: false, isBack: false, newest };
	return state.shown === newest && state.span === null ? live : withMoment(live, history.latest, newest);
}

export function togglePause(state: UiState, derive: Derive): UiState {
	return isStill(state) ? goLive(state, derive) : { ...state, isPaused: true };
}

type Step = Extract<Intent, { type: "step" }>;

/** Back or forward by a refresh or by a minute; forward from the newest is live. */
export function stepInTime(state: UiState, { by, unit }: Step, derive: Derive): UiState {
	const { shown } = state;
	if (!shown) return state;
	if (unit === "refresh") return goToMoment(state, shown.no + by, derive);
	return goToMoment(state, lastUntil(derive.history.moments, shown.atMs + by * MINUTE_MS)?.no ?? -1, derive);
}

/** `text` has no mistake; empty text does nothing. */
export function goToTime(state: UiState, text: string, derive: Derive): UiState {
	const when = parseWhen(text);
	if (when === null) return state;
	const moment = momentAt(derive.history.moments, when);
	const gone = goToMoment(state, moment?.no ?? -1, derive);
	return moment === undefined ? { ...gone, notice: gone.notice ?? AT_BEGIN } : gone;
}

const AT_BEGIN = "The history reaches no further back.";

/** Shows refresh `no`, or the nearest there is; the newest is live. */
export function goToMoment(state: UiState, no: number, derive: Derive): UiState {
	const { history } = derive;
	const { shown } = state;
	const [oldest, newest] = [history.moments[0], history.moments.at(-1)];
	if (history.bounds.spanMs === 0) return { ...state, notice: "There is no history: --history is 0." };
	if (!shown || !oldest || !newest) return state;
	if (no >= newest.no) return goLive(state, derive);
	// The shown refresh may be older than all remembered ones by now.
	const isAtBegin = no < shown.no && shown.no <= oldest.no && state.span === null;
	if (isAtBegin) return { ...standStill(state, derive), notice: AT_BEGIN };
	return showMoment(state, Math.max(no, oldest.no), derive);
}

/** Stays at refresh `no`, even if it is the newest. */
export function showMoment(state: UiState, no: number, derive: Derive): UiState {
	const { moments } = derive.history;
	const moment = moments[no - (moments[0]?.no ?? 0)];
	const snapshot = derive.history.at(no);
	return moment && snapshot ? withMoment(standStill(state, derive), snapshot, moment) : state;
}

/** Stops showing new refreshes. */
export function standStill(state: UiState, { history }: Derive): UiState {
	return { ...state, isPaused: false, isBack: true, newest: history.moments.at(-1) ?? null };
}

function withMoment(state: UiState, snapshot: Snapshot, shown: Moment | null): UiState {
	return refreshOverlay({ ...state, snapshot, shown, span: null });
}
