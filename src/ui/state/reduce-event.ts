/** Moving from event to event through the history. */

import { createMatcher } from "../../model/filter/index.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Pane, PaneRow } from "../../panes/pane.ts";
import type { Derive } from "./derive.ts";
import { showMoment } from "./reduce-time.ts";
import { type UiState, withPane } from "./ui-state.ts";

/** How many refreshes with events one key searches, so that it takes no longer than a frame may. */
const MOST_LOOKS = 250;

/** The next refresh with an event that the filter keeps, which is selected in the pane of events. */
export function goToEvent(state: UiState, by: 1 | -1, derive: Derive): UiState {
	const { history } = derive;
	const { moments } = history;
	const { shown } = state;
	const pane = state.available.find(({ tables }) => tables.includes("events"));
	if (!pane) return { ...state, notice: "There are no events: --panes leaves their pane out." };
	const first = moments[0];
	if (!shown || !first) return state;
	let looks = 0;
	// The shown refresh may be older by now than all remembered ones.
	for (let no = Math.max(shown.no, first.no - 1) + by; ; no += by) {
		const moment = moments[no - first.no];
		if (!moment) return { ...state, notice: `No ${by > 0 ? "later" : "earlier"} event ${whichOnes(state)}.` };
		if (moment.events === 0) continue;
		if (looks++ === MOST_LOOKS) {
			const again = by > 0 ? "n" : "N";
			return {
				...showMoment(state, no - by, derive),
				notice: `No event ${whichOnes(state)} up to here; ${again} looks on.`,
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
	return filter ? "that the filter keeps is remembered" : "is remembered";
}

/** Among the last `own` events of `snapshot`: forwards the first that the filter keeps, backwards the last. */
function findEvent(pane: Pane, snapshot: Snapshot, own: number, { filter }: UiState, by: 1 | -1): PaneRow | undefined {
	const rows = pane.rows(snapshot).slice(-own);
	const matcher = filter && createMatcher(filter.filter, snapshot);
	const isWanted = (row: PaneRow) => matcher === null || pane.matches(row, matcher);
	return by > 0 ? rows.find(isWanted) : rows.findLast(isWanted);
}
