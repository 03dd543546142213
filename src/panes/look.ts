/** Applies a user's settings to a pane: its columns, their order, and the initial sort. */

import type { Column, Pane, PaneRow, Sort } from "./pane.ts";

export interface PaneLook {
	/** Keys of columns; null: all of the pane's. */
	readonly columns: readonly string[] | null;
	/** Null: the pane's own sort. */
	readonly sort: Sort | null;
}

/** The pane with `look` applied; `pane` itself if that changes nothing. */
export function withLook(pane: Pane, look: PaneLook | undefined): Pane {
	if (look === undefined) return pane;
	const { columns, sort } = look;
	return {
		...pane,
		...(sort === null ? {} : { defaultSort: sort.key, textSort: sort.key, isReversedAtFirst: sort.isReversed }),
		...(columns === null ? {} : { shownColumns: chosenColumns(pane, columns) }),
	};
}

const CHOSEN = new WeakMap<readonly string[], Pane["shownColumns"]>();

/** Applies to the columns of the first view; a view with its own columns keeps them. `keys` belongs to this pane. */
export function chosenColumns(pane: Pane, keys: readonly string[]): Pane["shownColumns"] {
	const known = CHOSEN.get(keys) ?? chooseColumns(pane, keys);
	CHOSEN.set(keys, known);
	return known;
}

function chooseColumns(pane: Pane, keys: readonly string[]): Pane["shownColumns"] {
	const first = pane.columns(pane.initialView);
	const chosen = keys.flatMap((key) => first.find((column) => column.key === key) ?? []).map(asChosen);
	return (view) => (pane.columns(view) === first ? chosen : pane.columns(view));
}

/** A named column is shown on screen and in text. The first one stays, however narrow the table is. */
function asChosen(column: Column<PaneRow>, at: number): Column<PaneRow> {
	const { isShown } = column;
	return {
		...column,
		drop: at === 0 ? 0 : column.drop,
		...(isShown && { isShown: (snapshot) => isShown(snapshot, "screen") || isShown(snapshot, "text") }),
	};
}
