/** How a recording is played. While the screen stands still so does the recording. */

import type { Moment } from "../../history/moment.ts";
import { parseWhen, timeOnDayOf, type When, wholeSecond } from "../../history/when.ts";
import type { Derive } from "./derive.ts";
import type { Intent } from "./keymap.ts";
import { goLive, goToTime, showMoment } from "./reduce-time.ts";
import { isStill, type UiState } from "./ui-state.ts";

const SPEEDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** One step along the standard speeds. */
export function changeSpeed(state: UiState, by: number): UiState {
	const faster = SPEEDS.find((speed) => speed > state.speed);
	const slower = SPEEDS.findLast((speed) => speed < state.speed);
	const speed = (by > 0 ? faster : slower) ?? state.speed;
	return { ...state, speed, notice: `The recording is played at ${speed} times its speed.` };
}

type Step = Extract<Intent, { type: "step" }>;

/** Forward in a recording that stands still: the newest is no way back to playing, and past it one more is played. Null elsewhere. */
export function stepInRecording(state: UiState, { by, unit }: Step, derive: Derive): UiState | null {
	const { shown, newest } = state;
	const isMeant = state.isPlayed && isStill(state) && state.span === null && by > 0 && unit === "refresh";
	if (!isMeant || !shown || !newest) return null;
	if (shown.no >= newest.no) return { ...state, playSteps: state.playSteps + 1 };
	return showMoment(state, shown.no + 1, derive);
}

/** Shows what was played, and stands still there. */
export function showStep(state: UiState, hasMore: boolean, derive: Derive): UiState {
	const newest = derive.history.moments.at(-1);
	if (!hasMore || newest === undefined) return { ...state, notice: "The recording ends here." };
	return showMoment(state, newest.no, derive);
}

/** The beginning of the second that `when` means behind what was played; null if it is no such time. */
function laterTime(when: When, newest: Moment): number | null {
	if ("agoMs" in when) return null;
	const meantMs = "clockMs" in when ? wholeSecond(when.clockMs) : timeOnDayOf(newest.clockMs, when.dayMs);
	return meantMs > newest.clockMs ? meantMs : null;
}

/** Goes to a time in the history, or plays on to a later one. `text` has no mistake; empty text does nothing. */
export function goToOrPlayTo(state: UiState, text: string, derive: Derive): UiState {
	const when = parseWhen(text);
	const { isPlayed, newest } = state;
	const laterMs = isPlayed && when !== null && newest !== null ? laterTime(when, newest) : null;
	return laterMs === null ? goToTime(state, text, derive) : playTo(state, laterMs, derive);
}

function playTo(state: UiState, seekMs: number, derive: Derive): UiState {
	const to = new Date(seekMs).toISOString().slice(0, 19).replace("T", " ");
	return { ...goLive(state, derive), seekMs, notice: `Plays on to ${to}.` };
}
