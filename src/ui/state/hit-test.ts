/** Turns a click or the wheel at a position into an intent. */

import { withHostColumn } from "../../panes/hosts.ts";
import type { InputEvent } from "../input/decode-input.ts";
import { shownColumns } from "./columns.ts";
import type { Derive } from "./derive.ts";
import { fitColumns } from "./fit-columns.ts";
import type { Intent } from "./keymap.ts";
import type { PaneRect, Rect } from "./layout.ts";
import { placeTabs } from "./place-tabs.ts";
import { bucketAt } from "./strip.ts";
import { paneState, type UiState } from "./ui-state.ts";

type MouseEvent = Extract<InputEvent, { type: "mouse" }>;

const WHEEL_ROWS = 3;

function isInside(rect: Rect, x: number, y: number): boolean {
	return x >= rect.left && x < rect.left + rect.width && y >= rect.top && y < rect.top + rect.height;
}

/** The intent of a mouse event; null if there is none. */
export function intentOfMouse(event: MouseEvent, state: UiState, derive: Derive): Intent | null {
	const layout = derive.layout(state);
	const rect = layout.panes.find((candidate) => isInside(candidate, event.x, event.y));
	if (event.action !== "press") {
		return { type: "scroll", pane: rect?.pane ?? null, by: event.action === "wheel-up" ? -WHEEL_ROWS : WHEEL_ROWS };
	}
	if (layout.strip && isInside(layout.strip, event.x, event.y)) return clickStrip(event, state, derive);
	if (state.overlay) return clickOverlay(event, state, derive);
	if (layout.tabs && isInside(layout.tabs, event.x, event.y)) return clickTab(event, state, derive);
	return rect ? clickPane(event, rect, state, derive) : null;
}

function clickStrip({ x }: MouseEvent, state: UiState, derive: Derive): Intent | null {
	const bucket = bucketAt(derive.strip(state), x);
	return bucket ? { type: "moment", no: bucket.to } : null;
}

function clickTab(event: MouseEvent, state: UiState, derive: Derive): Intent | null {
	const { tabs } = derive.layout(state);
	const x = event.x - (tabs?.left ?? 0);
	const tab = placeTabs(state, tabs?.width ?? 0).find((one) => x >= one.left && x < one.left + one.width);
	return tab ? { type: "focus", pane: tab.pane } : null;
}

function clickPane(event: MouseEvent, rect: PaneRect, state: UiState, derive: Derive): Intent {
	const { pane } = rect;
	const { view, top, index: selected, selectedId } = paneState(state, pane);
	if (pane.isDrawn(view)) return { type: "focus", pane };
	const isOnHead = rect.hasHead && event.y === rect.bodyTop - 1;
	if (isOnHead && state.snapshot) {
		const shown = withHostColumn(pane, shownColumns(pane, paneState(state, pane)), state.snapshot);
		const columns = fitColumns(shown, rect.width, state.snapshot);
		const x = event.x - rect.left;
		const hit = columns.find((column) => x >= column.left && x <= column.left + column.width);
		return hit ? { type: "sort-by", pane, key: hit.column.key } : { type: "focus", pane };
	}
	const index = top + event.y - rect.bodyTop;
	const isOnRow = event.y >= rect.bodyTop && index < derive.lines(pane, state).length;
	if (!isOnRow) return { type: "focus", pane };
	const isAgain = pane === state.focus && index === selected && selectedId !== null;
	return isAgain ? { type: "open" } : { type: "select", pane, index };
}

function clickOverlay(event: MouseEvent, state: UiState, derive: Derive): Intent | null {
	const { body } = derive.layout(state);
	return event.y === body.top ? { type: "back" } : null;
}
