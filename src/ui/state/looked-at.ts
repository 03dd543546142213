/** What has to be measured for the picture. */

import type { TableName } from "../../model/snapshot.ts";
import type { Derive } from "./derive.ts";
import type { UiState } from "./ui-state.ts";

/** The tables of the panes in view; those of every pane while details are open, which may show rows of all of them. */
export function lookedAt(state: UiState, derive: Pick<Derive, "layout">): readonly TableName[] {
	const { overlay, available } = state;
	const panes = overlay?.kind === "details" ? available : derive.layout(state).panes.map(({ pane }) => pane);
	return [...new Set(panes.flatMap(({ tables }) => tables))];
}
