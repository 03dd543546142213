/** The state of a screen without a terminal: takes keys, clicks and snapshots, and returns what would be drawn. */

import { parseCommandLine } from "../../src/cli/command-line.ts";
import type { HistoryBounds } from "../../src/history/bounds.ts";
import { History } from "../../src/history/history.ts";
import type { Measurable } from "../../src/model/feed/feed.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { createStore } from "../../src/model/store.ts";
import { intentOfMouse } from "../../src/ui/state/hit-test.ts";
import { activeKeys, intentOfKey } from "../../src/ui/state/keymap.ts";
import { readFilter } from "../../src/ui/state/prompt.ts";
import { createScreen, type ScreenOptions } from "../../src/ui/state/screen.ts";
import { type PaneState, paneState } from "../../src/ui/state/ui-state.ts";
import { paneNamed } from "./panes.ts";
import { aSnapshot } from "./snapshots.ts";

export interface ScreenTestOptions {
	readonly inspect?: ScreenOptions["inspect"];
	/** Null: no refresh has come yet. */
	readonly snapshot?: Snapshot | null;
	/** The bounds of the history. */
	readonly history?: Partial<HistoryBounds>;
	/** As in `--panes`. */
	readonly panes?: string;
	readonly filter?: string;
	/** As in the configuration. */
	readonly keys?: ReadonlyMap<string, string>;
	readonly columns?: number;
	readonly rows?: number;
}

/** A screen of 80x24 with one snapshot, unless `options` say otherwise. */
export function aScreen(options: ScreenTestOptions = {}) {
	const { snapshot = aSnapshot(), columns = 80, rows = 24 } = options;
	const store = createStore();
	if (snapshot) store.publish(snapshot);
	const { panes, availablePanes } = parseCommandLine(options.panes === undefined ? [] : ["--panes", options.panes]);
	const delays: number[] = [];
	const wanted: (readonly Measurable[])[] = [];
	const copied: string[] = [];
	const kept: { pane: string; columns: readonly string[] }[] = [];
	let draws = 0;
	const screen = createScreen({
		store,
		history: new History(options.history),
		columns,
		rows,
		available: availablePanes,
		enabled: panes,
		delaySec: 1,
		filter: readFilter(options.filter ?? ""),
		sourceLabel: null,
		hasNote: false,
		setDelay: (seconds) => delays.push(seconds),
		want: (tables) => wanted.push(tables),
		whyNoFollow: null,
		follow: () => null,
		keeper: null,
		player: null,
		isPlayed: false,
		speed: 1,
		writes: () => [],
		save: async () => "",
		keys: options.keys ?? new Map(),
		keepColumns: async (pane, columns) => {
			kept.push({ pane, columns });
			return "kept";
		},
		inspect: async (pid, start) => options.inspect?.(pid, start) ?? "Nothing.",
		copy: (text) => copied.push(text),
		onQuit: () => {},
	});
	screen.subscribe(() => draws++);
	const { derive } = screen;
	const ofPane = (name: string): PaneState => paneState(screen.get(), paneNamed(name));
	const lines = (name: string) => derive.lines(paneNamed(name), screen.get());
	const mouse = (action: "press" | "wheel-up" | "wheel-down", x: number, y: number) => {
		const intent = intentOfMouse({ type: "mouse", action, x, y }, screen.get(), derive);
		if (intent) screen.dispatch(intent);
	};
	return {
		...screen,
		delays,
		/** What was requested to be measured, each time it changed. */
		wanted,
		/** What was copied to the clipboard. */
		copied,
		/** The columns that were to be kept in the configuration. */
		kept,
		/** How often a redraw was requested. */
		draws: () => draws,
		/** Presses keys, with blanks between them, by the names that the decoder gives them. */
		keys(names: string): void {
			for (const key of names.split(" ")) {
				const intent = intentOfKey(key, screen.get(), derive.keymap(screen.get()));
				if (intent) screen.dispatch(intent);
			}
		},
		click: (x: number, y: number) => mouse("press", x, y),
		wheel: (direction: "up" | "down", x: number, y: number) => mouse(`wheel-${direction}`, x, y),
		publish: (next: Snapshot) => store.publish(next),
		resize: (newColumns: number, newRows: number) =>
			screen.dispatch({ type: "resize", columns: newColumns, rows: newRows }),
		focus: () => screen.get().focus.name,
		shown: () => screen.get().enabled.map(({ name }) => name),
		/** Ids of the rows of a pane, in order. */
		ids: (name: string): string[] =>
			lines(name)
				.slice()
				.map(({ row }) => paneNamed(name).id(row)),
		/** Id of the selected row. */
		selected: (name: string): string | undefined => {
			const line = lines(name).at(ofPane(name).index);
			return line && paneNamed(name).id(line.row);
		},
		pane: ofPane,
		rect(name: string) {
			const rect = derive.layout(screen.get()).panes.find(({ pane }) => pane.name === name);
			if (rect === undefined) throw new Error(`${name} is not shown.`);
			return rect;
		},
		/** The text of the footer. */
		footer: (): (string | undefined)[] =>
			activeKeys(derive.keymap(screen.get()), screen.get()).flatMap(({ footer }) => footer ?? []),
		overlay: () => derive.overlay(screen.get()),
	};
}
