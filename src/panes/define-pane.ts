/** Completes the definition of a pane from what is particular about it. */

import type { Pane, PaneDefinition } from "./pane.ts";
import { plainLines } from "./plain-lines.ts";

type Usual =
	| "isOffAtFirst"
	| "namedBy"
	| "maps"
	| "unmeasured"
	| "textSort"
	| "isReversedAtFirst"
	| "shownColumns"
	| "hidesUnchanged"
	| "keys"
	| "detailsNeed"
	| "charts"
	| "select"
	| "find"
	| "isDead"
	| "isDrawn"
	| "mode"
	| "thing";

export type PaneSpec<Row, View> = Omit<PaneDefinition<Row, View>, Usual> &
	Partial<Pick<PaneDefinition<Row, View>, Usual>>;

/** A pane that is a flat table of its rows, unless `spec` says otherwise. */
export function definePane<Row, View = null>(spec: PaneSpec<Row, View>): PaneDefinition<Row, View> {
	return {
		isOffAtFirst: false,
		namedBy: [],
		maps: [],
		unmeasured: `It is not measured: start ebtop, or its service, with --panes ${spec.name}.`,
		textSort: spec.defaultSort,
		isReversedAtFirst: false,
		shownColumns: (view) => spec.columns(view),
		hidesUnchanged: false,
		keys: [],
		detailsNeed: [],
		charts: [],
		select: (snapshot, query) => plainLines(spec, snapshot, query),
		find: (snapshot, id) => spec.rows(snapshot).find((row) => spec.id(row) === id),
		isDead: (row, deadPids) => spec.pids(row).some((pid) => deadPids.has(pid)),
		isDrawn: () => false,
		mode: () => "",
		thing: (row) => spec.heading(row),
		...spec,
	};
}

/**
 * A pane without the types of its rows and its view. That is safe because they come only from the pane and go back only
 * to it, and nothing else can make one.
 */
export function anyPane<Row, View>(pane: PaneDefinition<Row, View>): Pane {
	return pane as unknown as Pane;
}
