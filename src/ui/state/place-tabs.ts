/** The positions of the tabs in their line. */

import { textWidth } from "../../format/text-width.ts";
import type { Pane } from "../../panes/pane.ts";
import { numberKey } from "./keymap.ts";
import type { UiState } from "./ui-state.ts";

export interface Tab {
	readonly pane: Pane;
	readonly left: number;
	readonly width: number;
	readonly text: string;
}

export type ShownPanes = Pick<UiState, "available" | "enabled" | "focus">;

/** The position of each tab: full titles if they fit, else only numbers for some. */
export function placeTabs({ available, enabled, focus }: ShownPanes, width: number): Tab[] {
	const keyOf = (pane: Pane) => numberKey(available.indexOf(pane) + 1);
	const whole = enabled.map((pane) => ` ${keyOf(pane)} ${pane.title} `);
	const isRoomy = whole.reduce((sum, text) => sum + text.length, 0) <= width;
	let left = 0;
	return enabled.map((pane, at) => {
		const text = isRoomy || pane === focus ? (whole[at] ?? "") : ` ${keyOf(pane)} `;
		const tab = { pane, left, width: textWidth(text), text };
		left += tab.width;
		return tab;
	});
}
