/** One pane: its title bar, its column headings, the visible rows, or why there are none. */

import { memo } from "react";
import { formatCount } from "../../format/quantity.ts";
import { wrapText } from "../../format/text-width.ts";
import type { Style, Theme } from "../../format/theme.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { type PaneHealth, paneHealth } from "../../panes/health.ts";
import { goneHosts, withHostColumn } from "../../panes/hosts.ts";
import type { Lines, Pane, PaneRow, Query, PaneView as View } from "../../panes/pane.ts";
import { shownColumns } from "../state/columns.ts";
import { fitColumns } from "../state/fit-columns.ts";
import { numberKey } from "../state/keymap.ts";
import type { PaneRect } from "../state/layout.ts";
import type { PaneState } from "../state/ui-state.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { headRow, visibleRows } from "./table-rows.ts";
import { TextRows } from "./text-rows.tsx";

export interface PaneViewProps {
	/** The key that selects it. */
	readonly number: number;
	readonly rect: PaneRect;
	readonly snapshot: Snapshot;
	readonly lines: Lines<PaneRow>;
	readonly query: Query<View>;
	readonly state: PaneState;
	readonly isFocused: boolean;
	readonly deadPids: ReadonlySet<number>;
	/** The header's note about the source. */
	readonly sourceNote: string | null;
	readonly theme: Theme;
}

/** The parts that say how much is shown, in which view, and what is wrong; also used in the tab bar. */
export function paneNotes(pane: Pane, query: Query<View>, health: PaneHealth, state: PaneState, count: number): Part[] {
	const parts: Part[] = [];
	const add = (text: string, drop: number, style: Style | null = null) =>
		parts.push({ text: ` ${text} `, drop, style });
	if (health.lost > 0) add(`${formatCount(health.lost)} lost`, 0, "bad");
	if (health.overflow > 0) add("map full", 1, "bad");
	if (health.offReason) add("off", 1, "bad");
	else if (health.fallbackReason) add("fallback", 2, "warn");
	if (query.matcher) add("filtered", 3);
	if (query.linkedPids) add("linked", 3);
	const mode = pane.mode(query.view);
	if (mode !== "") add(mode, 4);
	add(count === 0 ? "0" : `${state.index + 1}/${count}`, 2);
	return parts;
}

function titleRow(props: PaneViewProps, health: PaneHealth): string {
	const { query, state, lines, theme, rect, isFocused } = props;
	const { pane } = rect;
	const left = [{ text: ` ${`${numberKey(props.number)} ${pane.title}`.trim()} `, drop: 0 }];
	const right = paneNotes(pane, query, health, state, lines.length);
	return paintLine(theme, rect.width, left, right, isFocused ? "title" : "titleIdle");
}

/** The text of an empty table: why it is off, what hides the rows, or that nothing happened. */
function emptyText(pane: Pane, query: Query<View>, health: PaneHealth): string {
	if (health.isStarting) return "Starting: it is filled at the next refresh.";
	if (health.offReason) return `${pane.title} is off: ${health.offReason}`;
	if (query.matcher) return "Nothing matches the filter. Esc clears it.";
	if (query.linkedPids) return "Nothing belongs to the linked process and its descendants. l ends link mode.";
	if (health.lost > 0) return `${pane.empty} But ${health.lost} records were lost.`;
	return pane.empty;
}

function paragraph(text: string, { rect, theme }: PaneViewProps): string[] {
	const indent = rect.width > 2 ? " " : "";
	const lines = wrapText(theme.show(text), Math.max(1, rect.width - 2 * indent.length));
	return ["", ...lines.map((line) => indent + theme.paint("dim", line))];
}

/** Why the pane shows less than it could; only if the rows leave room. */
function fallbackText({ fallbackReason }: PaneHealth, { sourceNote }: PaneViewProps): string {
	if (fallbackReason === null) return "";
	const isSaid = sourceNote !== null && fallbackReason.startsWith(sourceNote);
	return isSaid ? fallbackReason.slice(sourceNote.length).trim() : fallbackReason;
}

function bodyRows(props: PaneViewProps, health: PaneHealth): string[] {
	const { rect, snapshot, lines, query, state, theme, isFocused, deadPids } = props;
	const { pane } = rect;
	const size = { width: rect.width, height: rect.height - (rect.hasTitle ? 1 : 0) };
	const drawn = health.offReason
		? null
		: pane.draw?.({ lines, selected: state.index, isFocused, snapshot, view: query.view, theme, ...size });
	if (drawn) return [...drawn];
	const why = health.offReason || lines.length >= rect.bodyHeight ? "" : fallbackText(health, props);
	const note = why === "" ? [] : paragraph(why, props);
	if (lines.length === 0) return [...paragraph(emptyText(pane, query, health), props), ...note];
	const columns = fitColumns(withHostColumn(pane, shownColumns(pane, props.state), snapshot), rect.width, snapshot);
	const nowMs = Date.parse(snapshot.time);
	const table = {
		pane,
		lines,
		columns,
		isFocused,
		deadPids,
		goneHosts: goneHosts(snapshot),
		nowMs,
		width: rect.width,
		height: rect.bodyHeight,
	};
	const rows = visibleRows({ ...table, top: state.top, selected: state.index }, theme);
	return [...(rect.hasHead ? [headRow(columns, state.sort, theme)] : []), ...rows, ...note];
}

export const PaneView = memo(function PaneView(props: PaneViewProps) {
	const health = paneHealth(props.rect.pane, props.snapshot.health);
	const rows = bodyRows(props, health);
	return <TextRows rect={props.rect} rows={props.rect.hasTitle ? [titleRow(props, health), ...rows] : rows} />;
});
