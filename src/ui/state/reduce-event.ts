/** Moving from event to event through the history. */

import { createMatcher } from "../../model/filter/index.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Pane, PaneRow } from "../../panes/pane.ts";
import type { Derive } from "./derive.ts";
import { showMoment } from "./reduce-time.ts";
import { type UiState, withPane } from "./ui-state.ts";

/** How many refreshes with events one key searches, so that it takes no longer than a frame may. */
const MOST_LOOKS = 250;

/** Goes to the next refresh with an event that matches the filter, and selects the event in its pane. */
export function goToEvent(state: UiState, by: 1 | -1, derive: Derive): UiState {
	const { history } = derive;
	const { moments } = history;
	const { shown } = state;
	const pane = state.available.find(({ tables }) => tables.includes("events"));
	if (!pane) return { ...state, notice: "The events pane is not available: add events to --panes." };
	const first = moments[0];
	if (!shown || !first) return state;
	let looks = 0;
	// The shown refresh may be older than all remembered ones by now.
	for (let no = Math.max(shown.no, first.no - 1) + by; ; no += by) {
		const moment = moments[no - first.no];
		if (!moment) return { ...state, notice: `No ${by > 0 ? "later" : "earlier"} event ${whichOnes(state)}.` };
		if (moment.events === 0) continue;
		if (looks++ === MOST_LOOKS) {
			const again = by > 0 ? "n" : "N";
			return {
				...showMoment(state, no - by, derive),
				notice: `No event ${whichOnes(state)} up to here; ${again} continues the search.`,
			};
		}
		const snapshot = history.at(no);
		const row = snapshot && findEvent(pane, snapshot, moment.events, state, by);
		if (!row) continue;
		const there = withPane(showMoment(state, no, derive), pane, { selectedId: pane.id(row), lostId: null });
		return { ...there, notice: pane.heading(row) };
	}
}

function whichOnes({ filter }: UiState): string {
	return filter ? "that matches the filter is in the history" : "is in the history";
}

/** Among the last `own` events of `snapshot`: forwards the first that matches the filter, backwards the last. */
function findEvent(pane: Pane, snapshot: Snapshot, own: number, { filter }: UiState, by: 1 | -1): PaneRow | undefined {
	const rows = pane.rows(snapshot).slice(-own);
	const matcher = filter && createMatcher(filter.filter, snapshot);
	const isWanted = (row: PaneRow) => matcher === null || pane.matches(row, matcher);
	return by > 0 ? rows.find(isWanted) : rows.findLast(isWanted);
}
