/**
 * What is computed from the state: rectangles, queries, rows. Each is computed when needed and cached until its inputs
 * change, so that a key costs only what it changes, and a hidden pane nothing.
 */

import { formatDurationMs } from "../../format/duration.ts";
import type { History } from "../../history/history.ts";
import type { Moment } from "../../history/moment.ts";
import { createMatcher, type Matcher } from "../../model/filter/index.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { blocksOfPane } from "../../panes/blocks.ts";
import { inspectedBlocks } from "../../panes/inspected.ts";
import type { Block, Lines, Pane, PaneRow, PaneView, Query } from "../../panes/pane.ts";
import { columnMenu, sortColumns } from "./columns.ts";
import { historyRow, whyCut } from "./history-health.ts";
import { type Keymap, keymapOf } from "./keymap.ts";
import { computeLayout, hasRoomForStrip, type Layout } from "./layout.ts";
import { detailLines, healthReasons, healthTable, helpTable, type OverlayContent } from "./overlay-content.ts";
import { paletteMenu } from "./palette.ts";
import { createPastReader, type Past } from "./past.ts";
import { spanDifferences } from "./span-differences.ts";
import { createStrip, type Strip } from "./strip.ts";
import { isStill, type Overlay, paneState, type UiState } from "./ui-state.ts";
import { userMenu } from "./users.ts";

type Details = Extract<Overlay, { kind: "details" }>;

export interface Derive {
	/** The history; only read. */
	readonly history: Pick<
		History,
		"bounds" | "moments" | "recent" | "latest" | "at" | "bytes" | "reachMs" | "isCutByBytes"
	>;
	layout(state: UiState): Layout;
	query(pane: Pane, state: UiState): Query<PaneView>;
	lines(pane: Pane, state: UiState): Lines<PaneRow>;
	/** The last refreshes up to the shown one, oldest first: as many as the header has cells for. */
	loads(state: UiState): readonly Moment[];
	/** The activity over the remembered time. */
	strip(state: UiState): Strip;
	/** The overlay; null if there is none. */
	overlay(state: UiState): OverlayContent | null;
	/** The process that is selected in the pane that link mode follows; null before the first move there. */
	selectedPid(state: UiState): number | null;
	/** Exited processes whose pid was not reused. */
	deadPids(snapshot: Snapshot): ReadonlySet<number>;
	/** All keys. */
	keymap(state: UiState): Keymap;
}

interface Known<Value> {
	readonly inputs: readonly unknown[];
	readonly value: Value;
}

/**
 * Calls `compute` only for inputs other than those of the last two calls: while the lines of the next refresh are
 * prepared, keys still draw those of the last one.
 */
function lastResults<Value>(): (inputs: readonly unknown[], compute: () => Value) => Value {
	let last: Known<Value> | null = null;
	let before: Known<Value> | null = null;
	return (inputs, compute) => {
		if (!hasInputs(last, inputs)) {
			const found = hasInputs(before, inputs) ? before : { inputs, value: compute() };
			[last, before] = [found, last];
		}
		return (last as Known<Value>).value;
	};
}

const hasInputs = (known: Known<unknown> | null, inputs: readonly unknown[]): boolean =>
	known?.inputs.every((input, at) => Object.is(input, inputs[at])) ?? false;

/** A cache for each pane. */
function perPane<Value>(create: () => Value): (pane: Pane) => Value {
	const values = new Map<Pane, Value>();
	return (pane) => {
		const value = values.get(pane) ?? create();
		values.set(pane, value);
		return value;
	};
}

/** The pane whose selection link mode follows; undefined if it is not shown. */
export function followedPane({ enabled }: UiState): Pane | undefined {
	return enabled.find((pane) => pane.followed !== undefined);
}

/** The selected row of the pane that link mode follows, whether it matches the filter or not. */
function followedRow(state: UiState): { readonly pane: Pane; readonly row: PaneRow } | null {
	const pane = followedPane(state);
	if (!pane || !state.snapshot) return null;
	const { selectedId } = paneState(state, pane);
	const row = selectedId === null ? undefined : pane.find(state.snapshot, selectedId);
	return row === undefined ? null : { pane, row };
}

const NOBODY: ReadonlySet<number> = new Set();

/** A cache for one screen. */
export function createDerive(history: History, writes: () => readonly (readonly string[])[] = () => []): Derive {
	const readPast = createPastReader(history);
	const layoutMemo = lastResults<Layout>();
	const linkMemo = lastResults<ReadonlySet<number>>();
	const matcherMemo = lastResults<Matcher>();
	const deadMemo = lastResults<ReadonlySet<number>>();
	const overlayMemo = lastResults<OverlayContent>();
	/** A new refresh changes nothing in them. */
	const differencesMemo = lastResults<OverlayContent>();
	const keymapMemo = lastResults<Keymap>();
	const stripFrom = createStrip();
	const stripMemo = lastResults<Strip>();
	const queryMemo = perPane(() => lastResults<Query<PaneView>>());
	const linesMemo = perPane(() => lastResults<Lines<PaneRow>>());

	function linked(state: UiState): ReadonlySet<number> | null {
		const { snapshot } = state;
		const pane = state.isLinked ? followedPane(state) : undefined;
		if (!pane || !snapshot) return null;
		return linkMemo([snapshot, paneState(state, pane).selectedId], () => {
			const found = followedRow(state);
			return found?.pane.followed?.(found.row, snapshot) ?? NOBODY;
		});
	}

	function matcherOf({ filter, snapshot }: UiState): Matcher | null {
		if (!filter || !snapshot) return null;
		return matcherMemo([filter, snapshot], () => createMatcher(filter.filter, snapshot));
	}

	function query(pane: Pane, state: UiState): Query<PaneView> {
		const matcher = matcherOf(state);
		const linkedPids = pane.followed === undefined ? linked(state) : null;
		const { sort, view } = paneState(state, pane);
		return queryMemo(pane)([matcher, linkedPids, sort, view], () => ({ matcher, linkedPids, sort, view }));
	}

	const keymap = ({ available, keys }: UiState) => keymapMemo([available, keys], () => keymapOf(available, keys));

	function pastOf({ pane, id }: Details, { shown }: UiState): Past | null {
		return shown === null || pane.charts.length === 0 ? null : readPast(pane, id, shown);
	}

	function content(state: UiState, overlay: Overlay): OverlayContent {
		const { snapshot } = state;
		if (overlay.kind === "help")
			return { kind: "still", title: "Keys", table: helpTable(keymap(state), state.columns), lines: [] };
		if (overlay.kind === "health") {
			const lines = healthReasons(snapshot, whyCut(history), state.columns);
			const table = healthTable(snapshot, [historyRow(history), ...writes()]);
			return { kind: "still", title: "Health of ebtop: probes, tables, losses", table, lines };
		}
		if (overlay.kind === "differences") {
			const { a, b } = overlay;
			return differencesMemo([a, b, state.columns], () => spanDifferences(a, b, history.moments, state.columns));
		}
		if (overlay.kind === "users") return userMenu(overlay);
		if (overlay.kind === "columns") return columnMenu(overlay);
		if (overlay.kind === "palette") return paletteMenu(state, keymap(state), overlay.index);
		const { pane } = overlay;
		if (overlay.kind === "sort") {
			const items = sortColumns(pane, state).map((column) => column.header);
			return { kind: "menu", title: `Sort ${pane.title} by`, items, selected: overlay.index };
		}
		const figures = pane.summary(overlay.row);
		return {
			kind: "details",
			title: pane.heading(overlay.row),
			isGone: overlay.isGone && !isPast(pane),
			summary: { heads: figures.map(([head]) => head), rows: [figures.map(([, value]) => value)] },
			lines: snapshot ? detailLines(detailsOf(overlay, snapshot, state, pastOf(overlay, state)), state.columns) : [],
		};
	}

	return {
		history,
		query,
		loads: ({ shown }) => {
			const { moments, recent } = history;
			if (shown === null || shown === recent.at(-1)) return recent;
			const end = Math.max(0, shown.no - (moments[0]?.no ?? 0) + 1);
			return moments.slice(Math.max(0, end - recent.length), end);
		},
		keymap,
		selectedPid: (state) => {
			const found = followedRow(state);
			return found === null ? null : (found.pane.pids(found.row)[0] ?? null);
		},
		layout: (state) => {
			const { columns, rows, enabled, focus, isZoomed, hasNote } = state;
			const hasStrip = history.bounds.spanMs > 0 && hasRoomForStrip(rows, isStill(state));
			return layoutMemo([columns, rows, enabled, focus, isZoomed, hasNote, hasStrip], () =>
				computeLayout({ columns, rows, panes: enabled, focus, isZoomed, hasNote, hasStrip }),
			);
		},
		lines: (pane, state) => {
			const { snapshot } = state;
			if (!snapshot) return [];
			const asked = query(pane, state);
			// An unchanged table is the same array as before.
			const tables = pane.tables.map((table) => snapshot[table]);
			return linesMemo(pane)([asked, pane.changesWith?.(snapshot), ...tables], () => pane.select(snapshot, asked));
		},
		strip: ({ columns, shown, newest }) =>
			stripMemo([columns, shown, newest], () =>
				stripFrom(history.moments, columns, shown === newest ? null : (shown?.no ?? null)),
			),
		overlay: (state) => {
			const { overlay, snapshot, columns } = state;
			if (!overlay) return null;
			return overlayMemo(
				[snapshot, columns, state.panes, state.newest, state.prompt?.text, ...overlayKey(overlay)],
				() => content(state, overlay),
			);
		},
		deadPids: (snapshot) => deadMemo([snapshot], () => findDead(snapshot)),
	};
}

/** Its rows are of what is over: that one is no longer listed says nothing about its process. */
const isPast = ({ tables }: Pane): boolean => tables.includes("events");

/** The parts of an overlay that its content depends on: not its scroll position. */
function overlayKey(overlay: Overlay): unknown[] {
	if (overlay.kind === "sort") return [overlay.kind, overlay.pane, overlay.index];
	if (overlay.kind === "columns") return [overlay.kind, overlay.keys, overlay.shown, overlay.index];
	if (overlay.kind === "palette") return [overlay.kind, overlay.index];
	if (overlay.kind === "users") return [overlay.kind, overlay.names, overlay.index];
	if (overlay.kind === "differences") return [overlay.kind, overlay.a, overlay.b];
	return overlay.kind === "details" ? [overlay.kind, overlay.row, overlay.isGone, overlay.inspected] : [overlay.kind];
}

function detailsOf(
	{ pane, row, inspected }: Details,
	snapshot: Snapshot,
	{ available }: UiState,
	past: Past | null,
): readonly Block[] {
	const [first, ...rest] = pane.details(row, snapshot, (owns) =>
		available.flatMap((other) => blocksOfPane(other, snapshot, owns)),
	);
	const charts = past === null || pane.charts.length === 0 ? [] : [chartBlock(pane, past)];
	const asked = inspected === null ? [] : inspectedBlocks(inspected);
	return first === undefined ? charts : [...asked, first, ...charts, ...rest];
}

/** Charts from the first refresh that had the row. */
function chartBlock({ charts }: Pane, { spanMs, figures }: Past): Block {
	const from = figures.findIndex((each) => each !== null);
	const shown = from < 0 ? [] : figures.slice(from);
	return {
		kind: "charts",
		title: `The last ${formatDurationMs((spanMs * shown.length) / Math.max(1, figures.length))}`,
		rows: charts.map(({ label, format }, at) => {
			const values = shown.map((each) => each?.[at] ?? 0);
			return { label, figures: `${format(values.at(-1) ?? 0)}, most ${format(Math.max(0, ...values))}`, values };
		}),
	};
}

function findDead(snapshot: Snapshot): ReadonlySet<number> {
	const dead = new Set<number>();
	for (const row of snapshot.processes) if (row.exit) dead.add(row.pid);
	if (dead.size > 0) for (const row of snapshot.processes) if (!row.exit) dead.delete(row.pid);
	return dead;
}
