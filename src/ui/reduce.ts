/** State and intent in, state out. What it needs to know about rows it asks `derive`, which only computes. */

import type { Snapshot } from "../model/snapshot.ts";
import type { Derive } from "./derive.ts";
import { editPrompt, openPrompt, readFilter } from "./prompt.ts";
import { nextView, walk } from "./reduce-graph.ts";
import { back, open, refreshOverlay, scrollOverlay } from "./reduce-overlay.ts";
import { moveSelection, reverseSort, scrollPane, selectIndex, sortBy, sortStep } from "./reduce-table.ts";
import { selectedLine, settle } from "./selection.ts";
import type { Intent, UiState } from "./ui-state.ts";

const DELAYS_SEC = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 15, 30, 60];

/** The state after `intent`, with every visible table settled on its selection. */
export function reduce(state: UiState, intent: Intent, derive: Derive): UiState {
	const isFromUser = intent.type !== "refresh" && intent.type !== "resize";
	const start = isFromUser && state.notice !== null ? { ...state, notice: null } : state;
	const next = apply(start, intent, derive);
	return next === state ? state : settle(next, derive);
}

function apply(state: UiState, intent: Intent, derive: Derive): UiState {
	switch (intent.type) {
		case "refresh":
			return state.isPaused ? state : refreshOverlay(withSnapshot(state, intent.snapshot), derive);
		case "resize":
			return { ...state, columns: intent.columns, rows: intent.rows };
		case "move":
			return state.overlay ? scrollOverlay(state, intent, derive) : moveSelection(state, intent, derive);
		case "scroll":
			return state.overlay
				? scrollOverlay(state, { by: intent.by, unit: "row" }, derive)
				: scrollPane(state, intent.pane ?? state.focus, intent.by, derive);
		case "select":
			return selectIndex({ ...state, focus: intent.pane }, intent.pane, intent.index, derive);
		case "open":
			return open(state, derive);
		case "back":
			return back(state);
		case "sort-menu":
			return openSortMenu(state, derive);
		case "sort-step":
			return sortStep(state, intent.by, derive);
		case "sort-by":
			return sortBy({ ...state, focus: intent.pane }, intent.pane, intent.key);
		case "sort-reverse":
			return reverseSort(state);
		case "ipc-view":
			return nextView(state, derive);
		case "walk":
			return walk(state, intent.toward, derive);
		case "link":
			return toggleLink(state, derive);
		case "help":
		case "health":
			return state.overlay?.kind === intent.type
				? { ...state, overlay: null }
				: { ...state, overlay: { kind: intent.type, scroll: 0 } };
		case "prompt":
			return { ...state, prompt: openPrompt(state.filter), overlay: null };
		case "prompt-key":
			return promptKey(state, intent.key);
		default:
			return applyMode(state, intent);
	}
}

const MOST_EVENTS = 2000;
/** As many as the header has cells for. */
const LONGEST_HISTORY = 30;

function withSnapshot(state: UiState, snapshot: Snapshot): UiState {
	const events =
		snapshot.events.length === 0 ? state.events : [...state.events, ...snapshot.events].slice(-MOST_EVENTS);
	const { cpuPercent, syscallRate } = snapshot.system;
	const history = [...state.history, { cpuPercent, syscallRate }].slice(-LONGEST_HISTORY);
	return { ...state, snapshot, events, history };
}

/** The intents that need nothing but the state itself. */
function applyMode(state: UiState, intent: Intent): UiState {
	switch (intent.type) {
		case "focus":
			return state.enabled.includes(intent.pane) ? { ...state, focus: intent.pane } : state;
		case "focus-number": {
			const pane = state.enabled[intent.number - 1];
			return pane ? { ...state, focus: pane } : state;
		}
		case "focus-next":
			return { ...state, focus: neighbour(state.enabled, state.focus, intent.by) };
		case "zoom":
			return { ...state, isZoomed: !state.isZoomed };
		case "tree":
			return { ...state, isTree: !state.isTree };
		case "pause":
			return { ...state, isPaused: !state.isPaused };
		case "delay":
			return { ...state, delaySec: nextDelay(state.delaySec, intent.by) };
		case "quit":
			return { ...state, hasQuit: true };
		default:
			return state;
	}
}

function neighbour<Item>(items: readonly Item[], item: Item, by: number): Item {
	const at = items.indexOf(item) + by;
	return items[(at + items.length) % items.length] ?? item;
}

/** One step along the usual delays; from an unusual one, to the next usual. */
function nextDelay(delaySec: number, by: number): number {
	const found =
		by > 0 ? DELAYS_SEC.find((delay) => delay > delaySec) : DELAYS_SEC.findLast((delay) => delay < delaySec);
	return found ?? delaySec;
}

function openSortMenu(state: UiState, derive: Derive): UiState {
	const pane = state.focus;
	const columns = derive.registry[pane].columns(derive.query(pane, state));
	const index = columns.findIndex((column) => column.key === state.panes[pane].sort.key);
	return { ...state, overlay: { kind: "sort", pane, index: Math.max(0, index) } };
}

/** Link mode follows the process table; from another pane it first goes to the process of the selected row. */
function toggleLink(state: UiState, derive: Derive): UiState {
	if (state.isLinked) return { ...state, isLinked: false };
	if (!state.enabled.includes("processes")) {
		return { ...state, notice: "Link mode follows the process table, and --panes leaves it out." };
	}
	const line = selectedLine(state.focus, state, derive);
	const pid = line ? derive.registry[state.focus].pidOf(line.row) : null;
	const lines = derive.lines("processes", state);
	const processes = derive.registry.processes;
	const target = lines.findIndex((candidate) => processes.pidOf(candidate.row) === pid);
	const row = target < 0 ? undefined : lines.at(target)?.row;
	if (!row) return { ...state, notice: "No process in the process table owns this row." };
	const selected = { ...state.panes.processes, selectedId: processes.id(row), index: target };
	return { ...state, isLinked: true, panes: { ...state.panes, processes: selected } };
}

function promptKey(state: UiState, key: string): UiState {
	const { prompt } = state;
	if (!prompt) return state;
	if (key === "esc") return { ...state, prompt: null };
	if (key !== "enter") return { ...state, prompt: editPrompt(prompt, key) };
	return prompt.mistake ? state : { ...state, prompt: null, filter: readFilter(prompt.text) };
}
