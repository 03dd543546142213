/** The key that chooses a process to follow. */

import type { Derive } from "./derive.ts";
import { selectedLine } from "./selection.ts";
import type { UiState } from "./ui-state.ts";

/** Follows the process of the selected row; if it is followed already, or in the Follow pane, stops following. */
export function toggleFollow(state: UiState, derive: Derive): UiState {
	const pane = state.available.find(({ namedBy }) => namedBy.includes("follow"));
	if (pane === undefined) return { ...state, notice: "The pane Follow is not available: add follow to --panes." };
	const shown = {
		...state,
		focus: pane,
		enabled: state.available.filter((each) => each === pane || state.enabled.includes(each)),
	};
	if (state.whyNoFollow !== null) {
		const isFollowing = (state.snapshot?.follow ?? []).length > 0;
		return isFollowing && state.focus !== pane ? shown : { ...state, notice: state.whyNoFollow };
	}
	const line = selectedLine(state.focus, state, derive);
	const pid = line && state.focus.pids(line.row)[0];
	if (state.followedPid !== null && (state.focus === pane || pid === state.followedPid))
		return { ...state, followedPid: null, notice: `Process ${state.followedPid} is no longer followed.` };
	if (pid === undefined) return { ...state, notice: "No process owns this row." };
	return { ...shown, followedPid: pid };
}
