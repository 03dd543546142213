/** All state of the screen. Plain data: no React, no clock, no terminal. */

import type { Moment } from "../../history/moment.ts";
import type { SpanBounds } from "../../history/span.ts";
import type { Filter } from "../../model/filter/index.ts";
import type { Inspected } from "../../model/inspected.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Pane, PaneRow, PaneView, Sort } from "../../panes/pane.ts";

export interface PaneState {
	/** The id of the selected row; null until the user has moved, so that the top of a sorted table stays visible. */
	readonly selectedId: string | null;
	/** The id of a selection that the shown moment does not have: it is restored when its row is back. */
	readonly lostId: string | null;
	/** Its index when last looked up. */
	readonly index: number;
	/** First visible row. */
	readonly top: number;
	readonly sort: Sort;
	/** Keys of the columns that the user chose on the screen; null: the pane's own. */
	readonly columns: readonly string[] | null;
	/** The pane's view state, of its own type. */
	readonly view: PaneView;
}

export interface AppliedFilter {
	readonly text: string;
	readonly filter: Filter;
}

export interface Mistake {
	readonly message: string;
	/** From 1; null if it is about the whole text. */
	readonly column: number | null;
}

export interface Prompt {
	/** What the text is for. */
	readonly kind: "filter" | "time" | "search" | "palette";
	readonly text: string;
	readonly cursor: number;
	readonly mistake: Mistake | null;
}

export type Overlay =
	| { readonly kind: "help"; readonly scroll: number }
	| { readonly kind: "health"; readonly scroll: number }
	| { readonly kind: "differences"; readonly a: TotalledSpan; readonly b: TotalledSpan; readonly scroll: number }
	| {
			readonly kind: "details";
			readonly pane: Pane;
			readonly id: string;
			/** As last seen: the view stays open when the row is gone. */
			readonly row: PaneRow;
			readonly isGone: boolean;
			readonly scroll: number;
			/** What was asked about the process; "asked" until it comes, a sentence if nothing can. */
			readonly inspected: null | Inspected | string;
	  }
	| { readonly kind: "sort"; readonly pane: Pane; readonly index: number }
	/** `names`: users who had a process when it was opened; the first choice is all users. */
	| { readonly kind: "users"; readonly names: readonly string[]; readonly index: number }
	/** `keys`: all columns of the pane in order; `shown`: those of them that are wanted. */
	| {
			readonly kind: "columns";
			readonly pane: Pane;
			readonly keys: readonly string[];
			readonly shown: ReadonlySet<string>;
			readonly index: number;
	  }
	/** Its entries depend on the text of the prompt. */
	| { readonly kind: "palette"; readonly index: number };

export type Menu = Extract<Overlay, { readonly index: number }>;

/** It has a choice instead of a scrolling text. */
export function isMenu(overlay: Overlay): overlay is Menu {
	return "index" in overlay;
}

export interface Span extends SpanBounds {
	/** Null while the span is being read. */
	readonly left: number | null;
}

/** A span with what was counted in it. */
export interface TotalledSpan {
	readonly span: Span;
	readonly snapshot: Snapshot;
}

export interface UiState {
	readonly columns: number;
	readonly rows: number;
	/** The shown snapshot, with the events of the last refreshes. */
	readonly snapshot: Snapshot | null;
	/** Its number; null before the first. */
	readonly shown: Moment | null;
	/** The newest; the same as the shown one if live. */
	readonly newest: Moment | null;
	/** All panes, in the order of their number keys. */
	readonly available: readonly Pane[];
	/** The shown ones. */
	readonly enabled: readonly Pane[];
	readonly focus: Pane;
	readonly isZoomed: boolean;
	readonly isLinked: boolean;
	/** Paused. */
	readonly isPaused: boolean;
	/** An earlier moment is shown. */
	readonly isBack: boolean;
	/** Where the next span begins; null if nothing was marked. */
	readonly mark: Moment | null;
	/** The span whose totals are shown, or will be once they are read; null if a refresh is shown. */
	readonly span: Span | null;
	/** The span with which the next one is compared; null: none. */
	readonly kept: TotalledSpan | null;
	/** The process that the user chose to follow; null: none. */
	readonly followedPid: number | null;
	/** Why none can be chosen, a sentence; null if one can. */
	readonly whyNoFollow: string | null;
	readonly filter: AppliedFilter | null;
	/** The text of the last search; null: none, or left with Esc. */
	readonly search: string | null;
	/** The columns that were last chosen on the screen; a new object each time. */
	readonly chosenColumns: { readonly pane: string; readonly columns: readonly string[] } | null;
	/** Keys of the configuration, each with the key whose meaning it has; "" for none. */
	readonly keys: ReadonlyMap<string, string>;
	readonly prompt: Prompt | null;
	readonly overlay: Overlay | null;
	readonly delaySec: number;
	/** "REPLAY file", "DEMO", "SERVICE"; null if it is live. */
	readonly sourceLabel: string | null;
	/** What comes from elsewhere does not come any more. */
	readonly isLost: boolean;
	/** The header has a line about what ebtop does not see. */
	readonly hasNote: boolean;
	/** What was last copied; a new object each time. */
	readonly clipboard: { readonly text: string } | null;
	/** A recording is played, as many times as fast as it was recorded. */
	readonly isPlayed: boolean;
	readonly speed: number;
	/** How often one refresh more was played while it stood still. */
	readonly playSteps: number;
	/** The time to which it was last played on, milliseconds since 1970. */
	readonly seekMs: number | null;
	/** What is being saved, null if nothing is; a new object each time. */
	readonly saving: { readonly bounds: SpanBounds | null } | null;
	/** A line instead of the footer, until the next key. */
	readonly notice: string | null;
	readonly hasQuit: boolean;
	readonly panes: ReadonlyMap<Pane, PaneState>;
}

export interface InitialState {
	readonly columns: number;
	readonly rows: number;
	/** All panes, in the order of their number keys; not empty. */
	readonly available: readonly Pane[];
	/** The panes that are shown at first; not empty. */
	readonly enabled: readonly Pane[];
	readonly delaySec: number;
	readonly filter: AppliedFilter | null;
	readonly keys: ReadonlyMap<string, string>;
	readonly sourceLabel: string | null;
	readonly hasNote: boolean;
	readonly whyNoFollow: string | null;
	readonly isPlayed: boolean;
	readonly speed: number;
}

function firstPaneState({ defaultSort, isReversedAtFirst, initialView }: Pane): PaneState {
	return {
		selectedId: null,
		lostId: null,
		index: 0,
		top: 0,
		sort: { key: defaultSort, isReversed: isReversedAtFirst },
		columns: null,
		view: initialView,
	};
}

/** Whether new refreshes are not shown. */
export function isStill({ isPaused, isBack }: UiState): boolean {
	return isPaused || isBack;
}

/** The state of an available pane. */
export function paneState(state: UiState, pane: Pane): PaneState {
	return state.panes.get(pane) as PaneState;
}

/** `state` with part of one pane's state replaced. */
export function withPane(state: UiState, pane: Pane, change: Partial<PaneState>): UiState {
	return { ...state, panes: new Map(state.panes).set(pane, { ...paneState(state, pane), ...change }) };
}

/** The state before the first key. */
export function initialState(input: InitialState): UiState {
	return {
		...input,
		isLost: false,
		snapshot: null,
		shown: null,
		newest: null,
		focus: input.enabled[0] as Pane,
		isZoomed: false,
		isLinked: false,
		followedPid: null,
		isPaused: false,
		isBack: false,
		mark: null,
		span: null,
		kept: null,
		playSteps: 0,
		seekMs: null,
		saving: null,
		search: null,
		chosenColumns: null,
		prompt: null,
		overlay: null,
		clipboard: null,
		notice: null,
		hasQuit: false,
		panes: new Map(input.available.map((pane) => [pane, firstPaneState(pane)])),
	};
}
