/** What has to be measured for the picture. */

import type { Measurable } from "../../model/feed/feed.ts";
import type { Derive } from "./derive.ts";
import type { UiState } from "./ui-state.ts";

/** The tables of the panes in view; while details are open everything, since they may show rows of every table. */
export function lookedAt(state: UiState, derive: Pick<Derive, "layout">): readonly Measurable[] {
	const { overlay, available } = state;
	const hasDetails = overlay?.kind === "details";
	const panes = hasDetails ? available : derive.layout(state).panes.map(({ pane }) => pane);
	return [...new Set([...panes.flatMap(({ tables }) => tables), ...(hasDetails ? (["sched"] as const) : [])])];
}
