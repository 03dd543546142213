/** What a user's settings make of a pane: which columns it has, in which order, and what sorts it at first. */

import type { Column, Pane, PaneRow, Sort } from "./pane.ts";

export interface PaneLook {
	/** Keys of columns; null: those that the pane has. */
	readonly columns: readonly string[] | null;
	/** Null: as the pane sorts. */
	readonly sort: Sort | null;
}

/** The pane as `look` has it; `pane` itself where that says nothing. */
export function withLook(pane: Pane, look: PaneLook | undefined): Pane {
	if (look === undefined) return pane;
	const { columns, sort } = look;
	return {
		...pane,
		...(sort === null ? {} : { defaultSort: sort.key, textSort: sort.key, isReversedAtFirst: sort.isReversed }),
		...(columns === null ? {} : { shownColumns: chosenColumns(pane, columns) }),
	};
}

/** Those of the first view; one that has others of its own keeps them. */
function chosenColumns(pane: Pane, keys: readonly string[]): Pane["shownColumns"] {
	const first = pane.columns(pane.initialView);
	const chosen = keys.flatMap((key) => first.find((column) => column.key === key) ?? []).map(asChosen);
	return (view) => (pane.columns(view) === first ? chosen : pane.columns(view));
}

/** Whoever names a column wants it in every medium. One stays however narrow the table is: the first. */
function asChosen(column: Column<PaneRow>, at: number): Column<PaneRow> {
	const { isShown } = column;
	return {
		...column,
		drop: at === 0 ? 0 : column.drop,
		...(isShown && { isShown: (snapshot) => isShown(snapshot, "screen") || isShown(snapshot, "text") }),
	};
}
