/** All panes in one line, where only one of them fits below; at its right end the notes of the one that shows. */

import { textWidth } from "../../format/text-width.ts";
import type { Theme } from "../../format/theme.ts";
import type { Pane } from "../../panes/pane.ts";
import type { Rect } from "../layout.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { TextRows } from "./text-rows.tsx";

export interface Tab {
	readonly pane: Pane;
	readonly left: number;
	readonly width: number;
	readonly text: string;
}

/** Where each tab is: whole titles where they fit, then the others as numbers only. */
export function placeTabs(panes: readonly Pane[], focus: string, width: number): Tab[] {
	const whole = panes.map((pane, at) => ` ${at + 1} ${pane.title} `);
	const isRoomy = whole.reduce((sum, text) => sum + text.length, 0) <= width;
	let left = 0;
	return panes.map((pane, at) => {
		const text = isRoomy || pane.name === focus ? (whole[at] ?? "") : ` ${at + 1} `;
		const tab = { pane, left, width: textWidth(text), text };
		left += tab.width;
		return tab;
	});
}

interface TabBarProps {
	readonly rect: Rect;
	readonly panes: readonly Pane[];
	readonly focus: string;
	readonly notes: readonly Part[];
	readonly theme: Theme;
}

export function TabBar({ rect, panes, focus, notes, theme }: TabBarProps) {
	const tabs = placeTabs(panes, focus, rect.width).map(
		({ pane, text }): Part => ({ text, drop: 0, style: pane.name === focus ? "title" : "titleIdle" }),
	);
	const droppable = notes.map((note) => ({ ...note, drop: note.drop + 1 }));
	return <TextRows rect={rect} rows={[paintLine(theme, rect.width, tabs, droppable, "titleIdle")]} />;
}
