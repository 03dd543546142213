/** All panes in one line, where only one of them fits below; at its right end the notes of the one that shows. */

import { textWidth } from "../../format/text-width.ts";
import type { Theme } from "../../format/theme.ts";
import type { Pane } from "../../panes/pane.ts";
import type { Rect } from "../layout.ts";
import type { UiState } from "../ui-state.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { TextRows } from "./text-rows.tsx";

export interface Tab {
	readonly pane: Pane;
	readonly left: number;
	readonly width: number;
	readonly text: string;
}

type Shown = Pick<UiState, "available" | "enabled" | "focus">;

/** Where each tab is: whole titles where they fit, then the others as numbers only. */
export function placeTabs({ available, enabled, focus }: Shown, width: number): Tab[] {
	const numberOf = (pane: Pane) => available.indexOf(pane) + 1;
	const whole = enabled.map((pane) => ` ${numberOf(pane)} ${pane.title} `);
	const isRoomy = whole.reduce((sum, text) => sum + text.length, 0) <= width;
	let left = 0;
	return enabled.map((pane, at) => {
		const text = isRoomy || pane === focus ? (whole[at] ?? "") : ` ${numberOf(pane)} `;
		const tab = { pane, left, width: textWidth(text), text };
		left += tab.width;
		return tab;
	});
}

interface TabBarProps {
	readonly rect: Rect;
	readonly state: Shown;
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
