/**
 * What follows from the state: rectangles, queries, rows. Each is computed when somebody asks and remembered as long as
 * what it follows from stays the same, so that a key costs nothing but what it changes, and a hidden pane nothing at all.
 */

import { createMatcher, type Matcher } from "../model/filter/index.ts";
import type { PaneName, Snapshot } from "../model/snapshot.ts";
import type { AnyRow, Lines, Pane, Query } from "../panes/pane.ts";
import { linkedPids } from "../panes/processes/select.ts";
import { computeLayout, type Layout } from "./layout.ts";
import {
	detailLines,
	healthReasons,
	healthTable,
	helpTable,
	type OverlayContent,
	wrapLastColumn,
} from "./overlay-content.ts";
import type { Overlay, UiState } from "./ui-state.ts";

export type Registry = Readonly<Record<PaneName, Pane>>;

export interface Derive {
	readonly registry: Registry;
	layout(state: UiState): Layout;
	query(pane: PaneName, state: UiState): Query;
	lines(pane: PaneName, state: UiState): Lines<AnyRow>;
	/** What lies over the tables; null where nothing does. */
	overlay(state: UiState): OverlayContent | null;
	/** The process that is selected in the process table; null before the first move there. */
	selectedPid(state: UiState): number | null;
	/** Processes that have exited, and whose pid nobody has taken over. */
	deadPids(snapshot: Snapshot): ReadonlySet<number>;
}

/** Calls `compute` only where one of `inputs` is not what it was at the last call. */
function lastResult<Value>(): (inputs: readonly unknown[], compute: () => Value) => Value {
	let known: { readonly inputs: readonly unknown[]; readonly value: Value } | null = null;
	return (inputs, compute) => {
		const isKnown = known?.inputs.every((input, at) => Object.is(input, inputs[at])) ?? false;
		if (!known || !isKnown) known = { inputs, value: compute() };
		return known.value;
	};
}

/** The pid of the process that is selected in the process table; null before the first move there. */
function selectedPid(state: UiState): number | null {
	const id = state.panes.processes.selectedId;
	return id === null ? null : Number(id.slice(0, id.indexOf("/")));
}

/** A memory for one screen. */
export function createDerive(registry: Registry): Derive {
	const layoutMemo = lastResult<Layout>();
	const linkMemo = lastResult<ReadonlySet<number>>();
	const matcherMemo = lastResult<Matcher>();
	const deadMemo = lastResult<ReadonlySet<number>>();
	const overlayMemo = lastResult<OverlayContent>();
	const queryMemos = perPane(() => lastResult<Query>());
	const lineMemos = perPane(() => lastResult<Lines<AnyRow>>());

	function linked(state: UiState): ReadonlySet<number> | null {
		const { snapshot } = state;
		const pid = state.isLinked ? selectedPid(state) : null;
		if (pid === null || !snapshot) return null;
		return linkMemo([snapshot, pid], () => linkedPids(snapshot, pid));
	}

	function matcherOf({ filter, snapshot }: UiState): Matcher | null {
		if (!filter || !snapshot) return null;
		return matcherMemo([filter, snapshot], () => createMatcher(filter.filter, snapshot));
	}

	function query(pane: PaneName, state: UiState): Query {
		const matcher = matcherOf(state);
		const linkedSet = pane === "processes" ? null : linked(state);
		const { sort } = state.panes[pane];
		const center = pane === "ipc" && state.ipcView === "graph" ? (state.graphTrail.at(-1) ?? null) : null;
		const inputs = [matcher, linkedSet, sort, state.isTree, state.ipcView, center];
		return queryMemos[pane](inputs, () => ({
			matcher,
			linkedPids: linkedSet,
			sort,
			isTree: state.isTree,
			ipcView: state.ipcView,
			graphCenter: center,
		}));
	}

	function content(state: UiState, overlay: Overlay): OverlayContent {
		const { snapshot } = state;
		if (overlay.kind === "help")
			return { kind: "still", title: "Keys", table: wrapLastColumn(helpTable(), state.columns), lines: [] };
		if (overlay.kind === "health") {
			const lines = healthReasons(snapshot, state.columns);
			return { kind: "still", title: "What ebtop sees, and what it lost", table: healthTable(snapshot), lines };
		}
		const pane = registry[overlay.pane];
		if (overlay.kind === "sort") {
			const items = pane.columns(query(overlay.pane, state)).map((column) => column.header);
			return { kind: "menu", title: `Sort ${pane.title} by`, items, selected: overlay.index };
		}
		const figures = pane.summary(overlay.row);
		return {
			kind: "details",
			title: pane.heading(overlay.row),
			isGone: overlay.isGone,
			summary: { heads: figures.map(([head]) => head), rows: [figures.map(([, value]) => value)] },
			lines: snapshot
				? detailLines(pane.details(overlay.row, { ...snapshot, events: state.events }), state.columns)
				: [],
		};
	}

	return {
		registry,
		query,
		selectedPid,
		layout: (state) => {
			const { columns, rows, enabled, focus, isZoomed, hasNote } = state;
			return layoutMemo([columns, rows, enabled, focus, isZoomed, hasNote], () =>
				computeLayout({ columns, rows, panes: enabled, focus, isZoomed, hasNote }),
			);
		},
		lines: (pane, state) => {
			const { snapshot } = state;
			if (!snapshot) return [];
			const asked = query(pane, state);
			// A table in which nothing changed is the same array as before.
			return lineMemos[pane]([snapshot[pane], asked], () => registry[pane].select(snapshot, asked));
		},
		overlay: (state) => {
			const { overlay, snapshot, columns } = state;
			if (!overlay) return null;
			return overlayMemo([snapshot, columns, state.panes, ...overlayKey(overlay)], () => content(state, overlay));
		},
		deadPids: (snapshot) => deadMemo([snapshot], () => findDead(snapshot)),
	};
}

/** All of an overlay that its content follows from: not how far it is scrolled. */
function overlayKey(overlay: Overlay): unknown[] {
	if (overlay.kind === "sort") return [overlay.kind, overlay.pane, overlay.index];
	return overlay.kind === "details" ? [overlay.kind, overlay.row, overlay.isGone] : [overlay.kind];
}

function perPane<Value>(create: () => Value): Record<PaneName, Value> {
	return { processes: create(), syscalls: create(), ipc: create(), files: create(), tcp: create() };
}

function findDead(snapshot: Snapshot): ReadonlySet<number> {
	const dead = new Set<number>();
	for (const row of snapshot.processes) if (row.exit) dead.add(row.pid);
	if (dead.size > 0) for (const row of snapshot.processes) if (!row.exit) dead.delete(row.pid);
	return dead;
}
