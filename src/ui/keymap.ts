/** The keys as data: this table dispatches them, and the help and the footer are made from it. */

import type { Intent, UiState } from "./ui-state.ts";

/** What is in front: a table, the graph of the IPC pane, a text over the tables, the sort menu, the prompt. */
export type Context = "table" | "graph" | "text" | "menu" | "prompt";

export interface KeyBinding {
	/** As the decoder names them; the first is the one that help and footer show. */
	readonly keys: readonly string[];
	readonly contexts: readonly Context[];
	readonly intent: Intent;
	readonly help: string;
	/** One word for the footer; without it the key is only in the help. */
	readonly footer?: string;
}

const TABLE: readonly Context[] = ["table", "graph"];
const GRAPH: readonly Context[] = ["graph"];
const MOVING: readonly Context[] = ["table", "graph", "text", "menu"];

export const KEYMAP: readonly KeyBinding[] = [
	{
		keys: ["?", "h", "f1"],
		contexts: ["table", "graph", "text"],
		intent: { type: "help" },
		help: "this help",
		footer: "Help",
	},
	{ keys: ["enter"], contexts: TABLE, intent: { type: "open" }, help: "everything about this row", footer: "Open" },
	{ keys: ["enter"], contexts: ["menu"], intent: { type: "open" }, help: "sort by this column", footer: "Sort" },
	{
		keys: ["esc", "backspace"],
		contexts: ["text", "menu"],
		intent: { type: "back" },
		help: "back to the tables",
		footer: "Back",
	},
	{ keys: ["esc"], contexts: TABLE, intent: { type: "back" }, help: "back: from zoom, then from the filter" },
	{
		keys: ["/", "f4"],
		contexts: TABLE,
		intent: { type: "prompt" },
		help: "filter: a word, a PID, or comm=nginx and rate>10k",
		footer: "Filter",
	},
	{ keys: ["s", "f6"], contexts: TABLE, intent: { type: "sort-menu" }, help: "choose the sort column", footer: "Sort" },
	{ keys: ["<", ","], contexts: TABLE, intent: { type: "sort-step", by: -1 }, help: "sort by the column to the left" },
	{ keys: [">", "."], contexts: TABLE, intent: { type: "sort-step", by: 1 }, help: "sort by the column to the right" },
	{ keys: ["r"], contexts: TABLE, intent: { type: "sort-reverse" }, help: "reverse the order" },
	{ keys: ["t", "f5"], contexts: TABLE, intent: { type: "tree" }, help: "processes as a tree or flat", footer: "Tree" },
	{
		keys: ["l"],
		contexts: TABLE,
		intent: { type: "link" },
		help: "link: the other panes show the selected process and its descendants only",
		footer: "Link",
	},
	{
		keys: ["v"],
		contexts: TABLE,
		intent: { type: "ipc-view" },
		help: "IPC: links, by pair, by kind, by object, as a graph",
		footer: "View",
	},
	{
		keys: ["left"],
		contexts: GRAPH,
		intent: { type: "walk", toward: "in" },
		help: "graph: to the senders, then along the edge to one",
		footer: "Walk",
	},
	{
		keys: ["right"],
		contexts: GRAPH,
		intent: { type: "walk", toward: "out" },
		help: "graph: to the receivers, then along the edge to one",
	},
	{
		keys: ["p", "space"],
		contexts: ["table", "graph", "text"],
		intent: { type: "pause" },
		help: "pause what is shown, not what is collected",
		footer: "Pause",
	},
	{ keys: ["z"], contexts: TABLE, intent: { type: "zoom" }, help: "this pane alone, or all again", footer: "Zoom" },
	{ keys: ["tab"], contexts: TABLE, intent: { type: "focus-next", by: 1 }, help: "next pane", footer: "Pane" },
	{ keys: ["shift-tab"], contexts: TABLE, intent: { type: "focus-next", by: -1 }, help: "pane before" },
	...[1, 2, 3, 4, 5].map(
		(number): KeyBinding => ({
			keys: [String(number)],
			contexts: TABLE,
			intent: { type: "focus-number", number },
			help: "pane by its number",
		}),
	),
	{
		keys: ["i"],
		contexts: ["table", "graph", "text"],
		intent: { type: "health" },
		help: "probes, maps and losses",
		footer: "Info",
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
		contexts: ["table", "graph", "text", "menu", "prompt"],
		intent: { type: "quit" },
		help: "quit, from anywhere",
	},
];

/** What is in front, which decides what a key means. */
export function contextOf(state: UiState): Context {
	if (state.prompt) return "prompt";
	if (!state.overlay) return state.focus === "ipc" && state.ipcView === "graph" ? "graph" : "table";
	return state.overlay.kind === "sort" ? "menu" : "text";
}

/** What `key` asks for now; null where it means nothing. In the prompt, every other key is text. */
export function intentOfKey(key: string, state: UiState): Intent | null {
	const context = contextOf(state);
	const binding = KEYMAP.find((candidate) => candidate.contexts.includes(context) && candidate.keys.includes(key));
	if (binding) return binding.intent;
	return context === "prompt" ? { type: "prompt-key", key } : null;
}

const NAMES: Readonly<Record<string, string>> = {
	up: "Up",
	down: "Down",
	left: "Left",
	right: "Right",
	pageup: "PgUp",
	pagedown: "PgDn",
	home: "Home",
	end: "End",
	enter: "Enter",
	esc: "Esc",
	tab: "Tab",
	space: "Space",
	backspace: "Backspace",
	"shift-tab": "Shift-Tab",
};

/** A key as people write it. */
export function keyName(key: string): string {
	if (key.startsWith("ctrl-")) return `Ctrl-${key.slice(5).toUpperCase()}`;
	return NAMES[key] ?? (/^f\d+$/.test(key) ? key.toUpperCase() : key);
}
