/** What can be requested, and the keys as data: their table dispatches them, and help and footer are made from it. */

import { keyName } from "../../format/key-name.ts";
import type { SpanTotals } from "../../history/span.ts";
import type { Inspected } from "../../model/inspected.ts";
import type { Pane, PaneKey, PaneRow, PaneView } from "../../panes/pane.ts";
import { isMenu, isStill, type Prompt, paneState, type Span, type UiState } from "./ui-state.ts";

/** What a key, a click or the model requests; the reducer decides the effect. */
export type Intent =
	/** Another snapshot is in the history. */
	| { readonly type: "refresh" }
	| { readonly type: "resize"; readonly columns: number; readonly rows: number }
	| { readonly type: "move"; readonly by: number; readonly unit: "row" | "half-page" | "page" | "all" }
	| { readonly type: "scroll"; readonly pane: Pane | null; readonly by: number }
	| { readonly type: "select"; readonly pane: Pane; readonly index: number }
	| { readonly type: "focus"; readonly pane: Pane }
	| { readonly type: "focus-number"; readonly number: number }
	| { readonly type: "focus-next"; readonly by: number }
	| { readonly type: "zoom" }
	| { readonly type: "open" }
	| { readonly type: "back" }
	| { readonly type: "sort-menu" }
	| { readonly type: "user-menu" }
	| { readonly type: "columns-menu" }
	| { readonly type: "columns"; readonly does: "toggle" | "earlier" | "later" }
	| { readonly type: "search-on"; readonly by: 1 | -1 }
	| { readonly type: "sort-step"; readonly by: number }
	| { readonly type: "sort-by"; readonly pane: Pane; readonly key: string }
	| { readonly type: "sort-reverse" }
	| { readonly type: "link" }
	| { readonly type: "follow" }
	| { readonly type: "pane-key"; readonly pane: Pane; readonly key: PaneKey<PaneRow, PaneView> }
	| { readonly type: "pause" }
	| { readonly type: "step"; readonly by: number; readonly unit: "refresh" | "minute" }
	| { readonly type: "moment"; readonly no: number }
	| { readonly type: "event"; readonly by: 1 | -1 }
	| { readonly type: "live" }
	| { readonly type: "mark"; readonly end: "begin" | "end" }
	/** `span` is read; null if it is not remembered any more. */
	| { readonly type: "span-read"; readonly span: Span; readonly totals: SpanTotals | null }
	| { readonly type: "compare" }
	| { readonly type: "save" }
	/** `notice`: what came of it. */
	| { readonly type: "saved"; readonly notice: string }
	| { readonly type: "speed"; readonly by: number }
	/** One more refresh was played; not at the end of the recording. */
	| { readonly type: "stepped"; readonly hasMore: boolean }
	/** Something happened by itself. */
	| { readonly type: "notice"; readonly notice: string }
	| { readonly type: "lost"; readonly isLost: boolean }
	| { readonly type: "delay"; readonly by: number }
	| { readonly type: "help" }
	| { readonly type: "health" }
	/** Asks about the process whose details are shown, or hides the answer. */
	| { readonly type: "inspect" }
	/** `found`: a sentence if there is nothing; `id`: of the row in the details. */
	| { readonly type: "inspected"; readonly id: string; readonly found: Inspected | string }
	| { readonly type: "copy"; readonly what: "thing" | "row" }
	| { readonly type: "prompt"; readonly kind: Prompt["kind"] }
	| { readonly type: "prompt-key"; readonly key: string }
	| { readonly type: "paste"; readonly text: string }
	| { readonly type: "quit" };

/** The top layer: the tables, an overlay, the sort menu, the prompt. */
export type Context = "table" | "text" | "menu" | "prompt";

export interface KeyBinding {
	/** As the decoder names them; the first is the one that help and footer show. */
	readonly keys: readonly string[];
	readonly contexts: readonly Context[];
	readonly intent: Intent;
	readonly help: string;
	/** One word for the footer; without it the key is only in the help. */
	readonly footer?: string;
	/** The pane, if the key is a pane's own. */
	readonly pane?: Pane;
	/** False if it means nothing now. */
	isActive?(state: UiState): boolean;
}
export type Keymap = readonly KeyBinding[];

const TABLE: readonly Context[] = ["table"];
const READING: readonly Context[] = ["table", "text"];
const MOVING: readonly Context[] = ["table", "text", "menu"];

/** The order in help and footer: the shell's keys, with those of the panes among them. */
export function keymapOf(panes: readonly Pane[], keys: ReadonlyMap<string, string> = new Map()): Keymap {
	const all = [...FIRST_KEYS, ...panes.flatMap(paneBindings), ...panes.flatMap(numberBindings), ...LAST_KEYS];
	return keys.size === 0 ? all : all.map((binding) => withKeys(binding, keys)).filter(({ keys }) => keys.length > 0);
}

/** A sentence about keys of the configuration that get the meaning of a key without one; null if all have one. */
export function whyNoMeaning(panes: readonly Pane[], keys: ReadonlyMap<string, string>): string | null {
	const bound = new Set(keymapOf(panes).flatMap((binding) => binding.keys));
	const found = [...keys].find(([, as]) => as !== "" && !bound.has(as));
	if (found === undefined) return null;
	const [key, as] = found.map(keyName);
	return `${key} does nothing: the configuration gives it the meaning of ${as}, which has none.`;
}

/** The binding with the user's keys for it first. A key that the user gave another meaning, or "", loses its own. */
function withKeys(binding: KeyBinding, keys: ReadonlyMap<string, string>): KeyBinding {
	const added = [...keys].flatMap(([key, as]) => (binding.keys.includes(as) ? [key] : []));
	return { ...binding, keys: [...added, ...binding.keys.filter((key) => !keys.has(key))] };
}

function paneBindings(pane: Pane): KeyBinding[] {
	return pane.keys.map((key) => ({
		keys: key.keys,
		contexts: TABLE,
		intent: { type: "pane-key", pane, key },
		help: key.help,
		...(key.footer !== undefined && { footer: key.footer }),
		pane,
		isActive: (state) =>
			state.enabled.includes(pane) &&
			(state.focus === pane || key.fromElsewhere !== undefined) &&
			(key.isActive?.(paneState(state, pane).view) ?? true),
	}));
}

function numberBindings({ extraKey }: Pane, at: number): KeyBinding[] {
	const number = at + 1;
	const intent: Intent = { type: "focus-number", number };
	const bind = (key: string, help: string) => ({ keys: [key], contexts: TABLE, intent, help });
	return [
		...(number <= 10 ? [bind(numberKey(number), "pane by its number")] : []),
		...(extraKey === undefined ? [] : [bind(extraKey.key, extraKey.help)]),
	];
}

/** The key of the tenth pane is 0. */
export function numberKey(number: number): string {
	return number <= 10 ? String(number % 10) : "";
}

export const hasProcessDetails = ({ overlay }: UiState) =>
	overlay?.kind === "details" && overlay.pane.name === "processes";
const isSearching = ({ search }: UiState) => search !== null;
const isChoosingColumns = ({ overlay }: UiState) => overlay?.kind === "columns";

const FIRST_KEYS: Keymap = [
	{
		keys: ["?", "h", "f1"],
		contexts: READING,
		intent: { type: "help" },
		help: "this help",
		footer: "Help",
	},
	{ keys: ["enter"], contexts: TABLE, intent: { type: "open" }, help: "details of this row", footer: "Open" },
	{ keys: ["enter"], contexts: ["menu"], intent: { type: "open" }, help: "choose this", footer: "Choose" },
	{
		keys: ["esc", "backspace"],
		contexts: ["text", "menu"],
		intent: { type: "back" },
		help: "back to the tables",
		footer: "Back",
	},
	{
		keys: ["esc"],
		contexts: TABLE,
		intent: { type: "back" },
		help: "back: from a search, then from zoom, the filter, a span",
	},
	{
		keys: ["/", "f4"],
		contexts: TABLE,
		intent: { type: "prompt", kind: "filter" },
		help: "filter: a word, a PID, or comm=nginx and rate>10k",
		footer: "Filter",
	},
	{
		keys: ["f3", "ctrl-f"],
		contexts: TABLE,
		intent: { type: "prompt", kind: "search" },
		help: "jump to a row by a text in it; n and N go on",
	},
	{
		keys: ["n"],
		contexts: TABLE,
		intent: { type: "search-on", by: 1 },
		help: "after F3: to the next row with the text",
		footer: "Next",
		isActive: isSearching,
	},
	{
		keys: ["N"],
		contexts: TABLE,
		intent: { type: "search-on", by: -1 },
		help: "after F3: to the row before with the text",
		isActive: isSearching,
	},
	{
		keys: [":"],
		contexts: TABLE,
		intent: { type: "prompt", kind: "palette" },
		help: "the palette: find what can be done by a word of it",
	},
	{ keys: ["u"], contexts: TABLE, intent: { type: "user-menu" }, help: "show one user's rows only" },
	{ keys: ["s", "f6"], contexts: TABLE, intent: { type: "sort-menu" }, help: "choose the sort column", footer: "Sort" },
	{
		keys: ["f2", "C"],
		contexts: TABLE,
		intent: { type: "columns-menu" },
		help: "choose the columns of this pane, and their order",
	},
	{
		keys: ["space"],
		contexts: ["menu"],
		intent: { type: "columns", does: "toggle" },
		help: "show or hide the column, in the menu of columns",
		footer: "Show",
		isActive: isChoosingColumns,
	},
	{
		keys: ["left", "-", "f7"],
		contexts: ["menu"],
		intent: { type: "columns", does: "earlier" },
		help: "move the column to the left, in that menu",
		footer: "Earlier",
		isActive: isChoosingColumns,
	},
	{
		keys: ["right", "+", "f8"],
		contexts: ["menu"],
		intent: { type: "columns", does: "later" },
		help: "move the column to the right, in that menu",
		footer: "Later",
		isActive: isChoosingColumns,
	},
	{ keys: ["<", ","], contexts: TABLE, intent: { type: "sort-step", by: -1 }, help: "sort by the column to the left" },
	{ keys: [">", "."], contexts: TABLE, intent: { type: "sort-step", by: 1 }, help: "sort by the column to the right" },
	{ keys: ["r"], contexts: TABLE, intent: { type: "sort-reverse" }, help: "reverse the order" },
];

const LAST_KEYS: Keymap = [
	{
		keys: ["y"],
		contexts: TABLE,
		intent: { type: "copy", what: "thing" },
		help: "copy the subject of the row: a command line, a path, addresses",
	},
	{ keys: ["Y"], contexts: TABLE, intent: { type: "copy", what: "row" }, help: "copy the row" },
	{
		keys: ["l"],
		contexts: TABLE,
		intent: { type: "link" },
		help: "link: the other panes show only the selected process and its descendants",
		footer: "Link",
	},
	{
		keys: ["F"],
		contexts: TABLE,
		intent: { type: "follow" },
		help: "follow the row's process into the daemons that work for it; again: stop",
	},
	{
		keys: ["p", "space"],
		contexts: READING,
		intent: { type: "pause" },
		help: "pause what is shown, not what is collected",
		footer: "Pause",
	},
	{ keys: ["["], contexts: READING, intent: { type: "step", by: -1, unit: "refresh" }, help: "one refresh back" },
	{ keys: ["]"], contexts: READING, intent: { type: "step", by: 1, unit: "refresh" }, help: "one refresh forward" },
	{ keys: ["{"], contexts: READING, intent: { type: "step", by: -1, unit: "minute" }, help: "one minute back" },
	{ keys: ["}"], contexts: READING, intent: { type: "step", by: 1, unit: "minute" }, help: "one minute forward" },
	{ keys: ["b"], contexts: TABLE, intent: { type: "prompt", kind: "time" }, help: "go to a time: 14:03, -90s, 5m ago" },
	{
		keys: ["N"],
		contexts: TABLE,
		intent: { type: "event", by: -1 },
		help: "back to the refresh with the last event that matches the filter",
		isActive: (state) => !isSearching(state),
	},
	{
		keys: ["n"],
		contexts: TABLE,
		intent: { type: "event", by: 1 },
		help: "forward to the refresh with the next event that matches the filter",
		isActive: (state) => !isSearching(state),
	},
	{ keys: ["m"], contexts: TABLE, intent: { type: "mark", end: "begin" }, help: "begin a span at this refresh" },
	{
		keys: ["M"],
		contexts: TABLE,
		intent: { type: "mark", end: "end" },
		help: "end the span here: show its totals, and all that existed in it",
		footer: "Span",
		isActive: ({ mark }) => mark !== null,
	},
	{
		keys: ["D"],
		contexts: TABLE,
		intent: { type: "compare" },
		help: "keep this span; in another one: what differs between the two",
		footer: "Diff",
		isActive: ({ span }) => span !== null,
	},
	{
		keys: ["E"],
		contexts: TABLE,
		intent: { type: "save" },
		help: "save the span, or the whole history, as a recording and a summary of what was busiest",
	},
	{ keys: ["L"], contexts: READING, intent: { type: "live" }, help: "live again", footer: "Live", isActive: isStill },
	{
		keys: ["z"],
		contexts: TABLE,
		intent: { type: "zoom" },
		help: "show this pane alone, or all again",
		footer: "Zoom",
	},
	{ keys: ["tab"], contexts: TABLE, intent: { type: "focus-next", by: 1 }, help: "next pane", footer: "Pane" },
	{ keys: ["shift-tab"], contexts: TABLE, intent: { type: "focus-next", by: -1 }, help: "pane before" },
	{
		keys: ["e"],
		contexts: ["text"],
		intent: { type: "inspect" },
		help: "in a process's details: its environment, limits, capabilities, cwd, descriptors",
		footer: "Env",
		isActive: hasProcessDetails,
	},
	{
		keys: ["i"],
		contexts: READING,
		intent: { type: "health" },
		help: "health: probes, tables and losses",
		footer: "Info",
	},
	{
		keys: ["("],
		contexts: READING,
		intent: { type: "speed", by: -1 },
		help: "play a recording slower",
		isActive: ({ isPlayed }) => isPlayed,
	},
	{
		keys: [")"],
		contexts: READING,
		intent: { type: "speed", by: 1 },
		help: "play a recording faster",
		isActive: ({ isPlayed }) => isPlayed,
	},
	{ keys: ["+", "="], contexts: TABLE, intent: { type: "delay", by: 1 }, help: "refresh less often" },
	{ keys: ["-", "_"], contexts: TABLE, intent: { type: "delay", by: -1 }, help: "refresh more often" },
	{ keys: ["up", "k"], contexts: MOVING, intent: { type: "move", by: -1, unit: "row" }, help: "one row up" },
	{ keys: ["down", "j"], contexts: MOVING, intent: { type: "move", by: 1, unit: "row" }, help: "one row down" },
	{ keys: ["pageup"], contexts: MOVING, intent: { type: "move", by: -1, unit: "page" }, help: "one page up" },
	{ keys: ["pagedown"], contexts: MOVING, intent: { type: "move", by: 1, unit: "page" }, help: "one page down" },
	{ keys: ["ctrl-u"], contexts: MOVING, intent: { type: "move", by: -1, unit: "half-page" }, help: "half a page up" },
	{ keys: ["ctrl-d"], contexts: MOVING, intent: { type: "move", by: 1, unit: "half-page" }, help: "half a page down" },
	{ keys: ["home", "g"], contexts: MOVING, intent: { type: "move", by: -1, unit: "all" }, help: "to the first row" },
	{ keys: ["end", "G"], contexts: MOVING, intent: { type: "move", by: 1, unit: "all" }, help: "to the last row" },
	{ keys: ["q", "f10"], contexts: MOVING, intent: { type: "quit" }, help: "quit", footer: "Quit" },
	{
		keys: ["ctrl-c"],
		contexts: ["table", "text", "menu", "prompt"],
		intent: { type: "quit" },
		help: "quit, from anywhere",
	},
];

/** The top layer, which decides the meaning of a key. */
function contextOf(state: UiState): Context {
	if (state.prompt) return "prompt";
	if (!state.overlay) return "table";
	return isMenu(state.overlay) ? "menu" : "text";
}

/** The keys that mean something now. */
export function activeKeys(keymap: Keymap, state: UiState): Keymap {
	const context = contextOf(state);
	return keymap.filter(({ contexts, isActive }) => contexts.includes(context) && (isActive?.(state) ?? true));
}

/** The intent of `key`; null if it has none. In the prompt, every other key is text. */
export function intentOfKey(key: string, state: UiState, keymap: Keymap): Intent | null {
	const bindings = activeKeys(keymap, state).filter(({ keys }) => keys.includes(key));
	const ownFirst = bindings.find(({ pane }) => pane === state.focus) ?? bindings.find(({ pane }) => pane === undefined);
	const binding = ownFirst ?? bindings[0];
	if (binding) return binding.intent;
	return state.prompt ? { type: "prompt-key", key } : null;
}
