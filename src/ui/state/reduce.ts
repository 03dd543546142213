/** State and intent in, state out. What it needs to know about rows comes from `derive`, which only computes. */

import { changeColumns, openColumnMenu, sortColumns } from "./columns.ts";
import { copySelected } from "./copy.ts";
import { type Derive, followedPane } from "./derive.ts";
import { toggleFollow } from "./follow.ts";
import type { Intent } from "./keymap.ts";
import { chosenIntent } from "./palette.ts";
import { editPrompt, openPrompt, pasteIntoPrompt, readFilter } from "./prompt.ts";
import { goToEvent } from "./reduce-event.ts";
import { back, open, scrollOverlay, showInspected, toggleInspected } from "./reduce-overlay.ts";
import { changeSpeed, goToOrPlayTo, showStep, stepInRecording } from "./reduce-play.ts";
import { compareSpan, leaveSpan, markSpan, saveSpan, showTotals } from "./reduce-span.ts";
import { moveSelection, reverseSort, scrollPane, selectIndex, sortBy, sortStep } from "./reduce-table.ts";
import { goLive, goToMoment, stepInTime, takeRefresh, togglePause } from "./reduce-time.ts";
import { jumpOn, jumpTo } from "./search.ts";
import { selectedLine, selectMatches, settle } from "./selection.ts";
import { type Prompt, paneState, type UiState, withPane } from "./ui-state.ts";
import { openUserMenu } from "./users.ts";

const DELAYS_SEC = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 15, 30, 60];

/** The state after `intent`, with the selection of every visible table settled. */
export function reduce(state: UiState, intent: Intent, derive: Derive): UiState {
	const isFromUser = !["refresh", "resize", "span-read", "saved", "notice", "inspected", "stepped", "lost"].includes(
		intent.type,
	);
	const start = isFromUser && state.notice !== null ? { ...state, notice: null } : state;
	const next = apply(start, intent, derive);
	if (next === state) return state;
	return settle(next.filter === state.filter ? next : selectMatches(next, derive), derive);
}

function apply(state: UiState, intent: Intent, derive: Derive): UiState {
	switch (intent.type) {
		case "refresh":
			return takeRefresh(state, derive);
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
		case "focus":
			return { ...state, focus: intent.pane };
		case "focus-number":
			return focusNumber(state, intent.number);
		case "focus-next":
			return { ...state, focus: neighbour(state.enabled, state.focus, intent.by) };
		case "zoom":
			return { ...state, isZoomed: !state.isZoomed };
		case "open":
			return open(state, derive);
		case "back":
			return goBack(state, derive);
		case "sort-menu":
			return openSortMenu(state);
		case "user-menu":
			return openUserMenu(state);
		case "columns-menu":
			return openColumnMenu(state);
		case "columns":
			return changeColumns(state, intent.does);
		case "search-on":
			return jumpOn(state, intent.by, derive);
		case "sort-step":
			return sortStep(state, intent.by);
		case "sort-by":
			return sortBy({ ...state, focus: intent.pane }, intent.pane, intent.key);
		case "sort-reverse":
			return reverseSort(state);
		case "pane-key":
			return pressPaneKey(state, intent, derive);
		case "link":
			return toggleLink(state, derive);
		case "follow":
			return toggleFollow(state, derive);
		case "pause":
			return togglePause(state, derive);
		case "step":
			return stepInRecording(state, intent, derive) ?? stepInTime(state, intent, derive);
		case "moment":
			return goToMoment(state, intent.no, derive);
		case "event":
			return goToEvent(state, intent.by, derive);
		case "live":
			return goLive(state, derive);
		case "mark":
			return markSpan(state, intent.end, derive);
		case "span-read":
			return showTotals(state, intent);
		case "compare":
			return compareSpan(state);
		case "save":
			return saveSpan(state, derive);
		case "saved":
			return { ...state, saving: null, notice: intent.notice };
		case "speed":
			return changeSpeed(state, intent.by);
		case "stepped":
			return showStep(state, intent.hasMore, derive);
		case "lost":
			return { ...state, isLost: intent.isLost };
		case "notice":
			return { ...state, notice: intent.notice };
		case "delay":
			return { ...state, delaySec: nextDelay(state.delaySec, intent.by) };
		case "inspect":
			return toggleInspected(state);
		case "inspected":
			return showInspected(state, intent);
		case "help":
		case "health":
			return state.overlay?.kind === intent.type
				? { ...state, overlay: null }
				: { ...state, overlay: { kind: intent.type, scroll: 0 } };
		case "copy":
			return copySelected(state, intent.what, derive);
		case "prompt":
			return {
				...state,
				prompt: openPrompt(intent.kind, state),
				overlay: intent.kind === "palette" ? { kind: "palette", index: 0 } : null,
			};
		case "prompt-key":
			return promptKey(state, intent.key, derive);
		case "paste":
			return state.prompt ? withPrompt(state, pasteIntoPrompt(state.prompt, intent.text)) : state;
		case "quit":
			return { ...state, hasQuit: true };
		default:
			return intent satisfies never;
	}
}

/** Esc: closes what was opened last. */
function goBack(state: UiState, derive: Derive): UiState {
	const closed = back(state);
	return closed === state ? leaveSpan(state, derive) : closed;
}

/** Shows a pane that is off. */
function focusNumber(state: UiState, number: number): UiState {
	const focus = state.available[number - 1];
	if (!focus) return state;
	if (state.enabled.includes(focus)) return { ...state, focus };
	return { ...state, focus, enabled: state.available.filter((pane) => pane === focus || state.enabled.includes(pane)) };
}

/** If the rows change, the selection starts at the top. */
const AT_THE_TOP = { selectedId: null, lostId: null, index: 0, top: 0 } as const;

/** A key of the pane itself: from another pane it may first focus this one. */
function pressPaneKey(state: UiState, { pane, key }: Extract<Intent, { type: "pane-key" }>, derive: Derive): UiState {
	if (pane !== state.focus && key.fromElsewhere === "goes") return { ...state, focus: pane };
	const outcome = key.press({
		view: paneState(state, pane).view,
		lines: derive.lines(pane, state),
		row: selectedLine(pane, state, derive)?.row,
		snapshot: state.snapshot,
		selectedPid: derive.selectedPid(state),
	});
	if (outcome === null) return state;
	const { view, select } = outcome;
	if (typeof select === "number") return selectIndex(withPane(state, pane, { view }), pane, select, derive);
	return withPane(state, pane, select === "top" ? { view, ...AT_THE_TOP } : { view });
}

function neighbour<Item>(items: readonly Item[], item: Item, by: number): Item {
	const at = items.indexOf(item) + by;
	return items[(at + items.length) % items.length] ?? item;
}

/** One step along the standard delays; from another value, to the next standard one. */
function nextDelay(delaySec: number, by: number): number {
	const found =
		by > 0 ? DELAYS_SEC.find((delay) => delay > delaySec) : DELAYS_SEC.findLast((delay) => delay < delaySec);
	return found ?? delaySec;
}

function openSortMenu(state: UiState): UiState {
	const pane = state.focus;
	const { sort } = paneState(state, pane);
	const index = sortColumns(pane, state).findIndex((column) => column.key === sort.key);
	return { ...state, overlay: { kind: "sort", pane, index: Math.max(0, index) } };
}

/** Link mode follows the process table; from another pane it first goes to the process of the selected row. */
function toggleLink(state: UiState, derive: Derive): UiState {
	if (state.isLinked) return { ...state, isLinked: false };
	const followed = followedPane(state);
	if (!followed) return { ...state, notice: "Link mode needs the process pane: add processes to --panes." };
	const line = selectedLine(state.focus, state, derive);
	const pid = line && state.focus.pids(line.row)[0];
	const index = derive.lines(followed, state).findIndex(({ row }) => followed.pids(row)[0] === pid);
	if (pid === undefined || index < 0) return { ...state, notice: "No process in the process table owns this row." };
	return selectIndex({ ...state, isLinked: true }, followed, index, derive);
}

function promptKey(state: UiState, key: string, derive: Derive): UiState {
	const { prompt } = state;
	if (!prompt) return state;
	const closed = { ...state, prompt: null, overlay: null };
	if (key === "esc") return closed;
	if (state.overlay && (key === "up" || key === "down"))
		return scrollOverlay(state, { by: key === "up" ? -1 : 1, unit: "row" }, derive);
	if (key !== "enter") return withPrompt(state, editPrompt(prompt, key));
	return prompt.mistake ? state : enterPrompt(closed, prompt, state, derive);
}

/** Of another text the palette shows the first entry. */
function withPrompt(state: UiState, prompt: Prompt): UiState {
	const isNew = state.overlay?.kind === "palette" && prompt.text !== state.prompt?.text;
	return { ...state, prompt, ...(isNew && { overlay: { kind: "palette", index: 0 } }) };
}

/** Enter. `closed` is the state without the prompt, `state` that with it. */
function enterPrompt(closed: UiState, { kind, text }: Prompt, state: UiState, derive: Derive): UiState {
	switch (kind) {
		case "time":
			return goToOrPlayTo(closed, text, derive);
		case "filter":
			return { ...closed, filter: readFilter(text) };
		case "search":
			if (text.trim() === "") return { ...closed, search: null };
			return jumpTo({ ...closed, search: text }, text, 1, paneState(closed, closed.focus).index, derive);
		case "palette": {
			const intent = chosenIntent(state, derive.keymap(state));
			return intent === null ? state : apply(closed, intent, derive);
		}
		default:
			return kind satisfies never;
	}
}
