/** All panes in one line, if only one of them fits below; the notes of the visible one are at its right end. */

import type { Theme } from "../../format/theme.ts";
import type { Rect } from "../state/layout.ts";
import { placeTabs, type ShownPanes } from "../state/place-tabs.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { TextRows } from "./text-rows.tsx";

interface TabBarProps {
	readonly rect: Rect;
	readonly state: ShownPanes;
	readonly notes: readonly Part[];
	readonly theme: Theme;
}

export function TabBar({ rect, state, notes, theme }: TabBarProps) {
	const tabs = placeTabs(state, rect.width).map(
		({ pane, text }): Part => ({ text, drop: 0, style: pane === state.focus ? "title" : "titleIdle" }),
	);
	const droppable = notes.map((note) => ({ ...note, drop: note.drop + 1 }));
	return <TextRows rect={rect} rows={[paintLine(theme, rect.width, tabs, droppable, "titleIdle")]} />;
}
