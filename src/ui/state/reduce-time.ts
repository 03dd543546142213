/** Where the picture stands in time: live, standing still, or at a moment gone back to. The measuring goes on always. */

import type { Moment } from "../../history/history.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Derive } from "./derive.ts";
import { refreshOverlay } from "./reduce-overlay.ts";
import type { Intent, UiState } from "./ui-state.ts";

const MINUTE_MS = 60_000;

/** True where new refreshes do not come into the picture. */
export function isStill(state: UiState): boolean {
	return state.isPaused || state.isBack;
}

/** A new refresh was added to the history. */
export function takeRefresh(state: UiState, derive: Derive): UiState {
	const newest = derive.history.moments.at(-1) ?? null;
	return isStill(state) ? { ...state, newest } : goLive(withoutLost(state), derive);
}

/** What went while it was live does not come back. */
function withoutLost(state: UiState): UiState {
	const panes = [...state.panes];
	if (panes.every(([, { lostId }]) => lostId === null)) return state;
	return { ...state, panes: new Map(panes.map(([pane, one]) => [pane, { ...one, lostId: null }])) };
}

/** The newest, and what comes after it. */
export function goLive(state: UiState, { history }: Derive): UiState {
	const newest = history.moments.at(-1);
	if (!newest || !history.latest) return { ...state, isPaused: false };
	if (state.shown === newest && !isStill(state)) return state;
	const live = { ...state, isPaused: false, isBack: false, newest };
	return state.shown === newest ? live : withMoment(live, history.latest, newest);
}

export function togglePause(state: UiState, derive: Derive): UiState {
	return isStill(state) ? goLive(state, derive) : { ...state, isPaused: true };
}

type Step = Extract<Intent, { type: "step" }>;

/** Back or on by a refresh or by a minute; on from the newest is live. */
export function stepInTime(state: UiState, { by, unit }: Step, derive: Derive): UiState {
	const { history } = derive;
	const { moments } = history;
	const { shown } = state;
	if (history.bounds.spanMs === 0) return { ...state, notice: "Nothing is remembered: --history is 0." };
	const [oldest, newest] = [moments[0], moments.at(-1)];
	if (!shown || !oldest || !newest) return state;
	const wanted = unit === "refresh" ? shown.no + by : momentNear(moments, shown.atMs + by * MINUTE_MS);
	if (wanted >= newest.no) return goLive(state, derive);
	const no = Math.max(oldest.no, wanted);
	const moment = moments[no - oldest.no];
	const snapshot = history.at(no);
	if (!moment || !snapshot) return state;
	const back = { ...state, isPaused: false, isBack: true, newest };
	const isAtBegin = wanted < oldest.no && shown.no <= oldest.no;
	return isAtBegin
		? { ...back, notice: "This is as far back as ebtop remembers." }
		: withMoment(back, snapshot, moment);
}

/** Number of the last moment that is not after `atMs`; one before the first where there is none. */
function momentNear(moments: readonly Moment[], atMs: number): number {
	const last = moments.findLast((moment) => moment.atMs <= atMs);
	return last?.no ?? (moments[0]?.no ?? 0) - 1;
}

function withMoment(state: UiState, snapshot: Snapshot, shown: Moment | null): UiState {
	return refreshOverlay({ ...state, snapshot, shown });
}
