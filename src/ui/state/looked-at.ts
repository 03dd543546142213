/** What has to be measured for the screen. */

import type { Measurable } from "../../model/feed/feed.ts";
import type { Derive } from "./derive.ts";
import type { UiState } from "./ui-state.ts";

/** The tables of the visible panes; while details are open all tables, since they may show rows of each. */
export function lookedAt(state: UiState, derive: Pick<Derive, "layout">): readonly Measurable[] {
	const { overlay, available } = state;
	const hasDetails = overlay?.kind === "details";
	const panes = hasDetails ? available : derive.layout(state).panes.map(({ pane }) => pane);
	return [...new Set([...panes.flatMap(({ tables }) => tables), ...(hasDetails ? (["sched"] as const) : [])])];
}
