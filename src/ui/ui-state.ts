/** All that the screen remembers, and what can be asked of it. Plain data: no React, no clock, no terminal. */

import type { Filter } from "../model/filter/index.ts";
import type { EventRow, PaneName, Snapshot } from "../model/snapshot.ts";
import type { IpcView } from "../panes/ipc/group.ts";
import type { AnyRow, Pane, Sort } from "../panes/pane.ts";

export interface PaneState {
	/** The thing that is selected; null until the user has moved, so that the top of a sorted table stays in view. */
	readonly selectedId: string | null;
	/** Its row at the last look. */
	readonly index: number;
	/** First row in view. */
	readonly top: number;
	readonly sort: Sort;
}

export interface AppliedFilter {
	readonly text: string;
	readonly filter: Filter;
}

export interface FilterMistake {
	readonly message: string;
	/** From 1. */
	readonly column: number;
}

export interface Prompt {
	readonly text: string;
	readonly cursor: number;
	readonly mistake: FilterMistake | null;
}

export type Overlay =
	| { readonly kind: "help"; readonly scroll: number }
	| { readonly kind: "health"; readonly scroll: number }
	| {
			readonly kind: "details";
			readonly pane: PaneName;
			readonly id: string;
			/** As last seen: the view outlives the thing. */
			readonly row: AnyRow;
			readonly isGone: boolean;
			readonly scroll: number;
	  }
	| { readonly kind: "sort"; readonly pane: PaneName; readonly index: number };

export interface Load {
	readonly cpuPercent: number;
	readonly syscallRate: number | null;
}

export interface UiState {
	readonly columns: number;
	readonly rows: number;
	/** What is shown; stays where it is while paused. */
	readonly snapshot: Snapshot | null;
	/** Of the last refreshes, the oldest first: a snapshot has those of its own interval only. */
	readonly events: readonly EventRow[];
	/** How busy the machine was at the last refreshes, the oldest first. */
	readonly history: readonly Load[];
	readonly enabled: readonly PaneName[];
	readonly focus: PaneName;
	readonly isZoomed: boolean;
	readonly isTree: boolean;
	readonly isLinked: boolean;
	readonly isPaused: boolean;
	readonly ipcView: IpcView;
	/** The processes that the graph was walked along; the last one is in the middle. */
	readonly graphTrail: readonly number[];
	readonly filter: AppliedFilter | null;
	readonly prompt: Prompt | null;
	readonly overlay: Overlay | null;
	readonly delaySec: number;
	/** The header has a line that says why this is not everything. */
	readonly hasNote: boolean;
	/** One line in place of the footer, until the next key. */
	readonly notice: string | null;
	readonly hasQuit: boolean;
	readonly panes: Readonly<Record<PaneName, PaneState>>;
}

/** What a key, a click or the model wants; the reducer decides what comes of it. */
export type Intent =
	| { readonly type: "refresh"; readonly snapshot: Snapshot }
	| { readonly type: "resize"; readonly columns: number; readonly rows: number }
	| { readonly type: "move"; readonly by: number; readonly unit: "row" | "half-page" | "page" | "all" }
	| { readonly type: "scroll"; readonly pane: PaneName | null; readonly by: number }
	| { readonly type: "select"; readonly pane: PaneName; readonly index: number }
	| { readonly type: "focus"; readonly pane: PaneName }
	| { readonly type: "focus-number"; readonly number: number }
	| { readonly type: "focus-next"; readonly by: number }
	| { readonly type: "zoom" }
	| { readonly type: "open" }
	| { readonly type: "back" }
	| { readonly type: "sort-menu" }
	| { readonly type: "sort-step"; readonly by: number }
	| { readonly type: "sort-by"; readonly pane: PaneName; readonly key: string }
	| { readonly type: "sort-reverse" }
	| { readonly type: "tree" }
	| { readonly type: "link" }
	| { readonly type: "ipc-view" }
	| { readonly type: "walk"; readonly toward: "in" | "out" }
	| { readonly type: "pause" }
	| { readonly type: "delay"; readonly by: number }
	| { readonly type: "help" }
	| { readonly type: "health" }
	| { readonly type: "prompt" }
	| { readonly type: "prompt-key"; readonly key: string }
	| { readonly type: "quit" };

export interface InitialState {
	readonly columns: number;
	readonly rows: number;
	readonly panes: readonly PaneName[];
	readonly registry: Readonly<Record<PaneName, Pane>>;
	readonly delaySec: number;
	readonly filter: AppliedFilter | null;
	readonly hasNote: boolean;
	readonly snapshot: Snapshot | null;
}

/** The state before the first key. */
export function initialState(input: InitialState): UiState {
	const panes = {} as Record<PaneName, PaneState>;
	for (const pane of Object.values(input.registry)) {
		panes[pane.name] = {
			selectedId: null,
			index: 0,
			top: 0,
			sort: { key: pane.defaultSort, isReversed: false },
		};
	}
	return {
		columns: input.columns,
		rows: input.rows,
		snapshot: input.snapshot,
		events: input.snapshot?.events ?? [],
		history: [],
		enabled: input.panes,
		focus: input.panes[0] ?? "processes",
		isZoomed: false,
		isTree: true,
		isLinked: false,
		isPaused: false,
		ipcView: "links",
		graphTrail: [],
		filter: input.filter,
		prompt: null,
		overlay: null,
		delaySec: input.delaySec,
		hasNote: input.hasNote,
		notice: null,
		hasQuit: false,
		panes,
	};
}
