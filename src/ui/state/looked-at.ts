/** What has to be measured for the screen. */

import type { Measurable } from "../../model/feed/feed.ts";
import type { Pane } from "../../panes/pane.ts";
import type { Derive } from "./derive.ts";
import type { UiState } from "./ui-state.ts";

/** The tables of the visible panes; while details are open, what these show. */
export function lookedAt(state: UiState, derive: Pick<Derive, "layout">): readonly Measurable[] {
	const { overlay, available } = state;
	const things =
		overlay?.kind === "details"
			? inDetails(overlay.pane, available)
			: derive.layout(state).panes.flatMap(({ pane }) => pane.tables);
	return [...new Set(things)];
}

function inDetails({ tables, detailsNeed }: Pane, available: readonly Pane[]): readonly Measurable[] {
	const inBlocks = available.filter(({ block }) => block !== undefined).flatMap((pane) => pane.tables);
	return [...tables, ...detailsNeed.flatMap((need) => (need === "blocks" ? inBlocks : [need]))];
}
