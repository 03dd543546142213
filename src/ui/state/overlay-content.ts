/** Overlays as data: help, health, details, the sort menu. Pure; components only draw them. */

import { formatDurationMs } from "../../format/duration.ts";
import { keyName } from "../../format/key-name.ts";
import { textWidth, wrapText } from "../../format/text-width.ts";
import type { Style } from "../../format/theme.ts";
import { pastLimit } from "../../model/limits.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { hostWords } from "../../panes/hosts.ts";
import type { Block, ChartRow } from "../../panes/pane.ts";
import type { Keymap } from "./keymap.ts";

/** A small static table: drawn by ink-table, one line per row below one line of headings. */
export interface StillTable {
	readonly heads: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

export interface TextLine {
	readonly text: string;
	readonly style: Style | null;
	/** Cells at the start that are a label. */
	readonly labelWidth: number;
	/** Drawn after the text, one cell each. */
	readonly chart?: readonly number[];
}

export type OverlayContent =
	| {
			readonly kind: "still";
			readonly title: string;
			readonly table: StillTable;
			/** Lines below the table. */
			readonly lines: readonly TextLine[];
	  }
	| {
			readonly kind: "details";
			readonly title: string;
			readonly isGone: boolean;
			readonly summary: StillTable;
			readonly lines: readonly TextLine[];
	  }
	| { readonly kind: "text"; readonly title: string; readonly lines: readonly TextLine[] }
	| { readonly kind: "menu"; readonly title: string; readonly items: readonly string[]; readonly selected: number };

/** The number of lines that scroll. */
export function contentLength(content: OverlayContent): number {
	if (content.kind === "still") return content.table.rows.length + content.lines.length;
	return content.kind === "menu" ? content.items.length : content.lines.length;
}

/** A lower terminal has no room for the fixed summary above the details. */
const LEAST_HEIGHT_FOR_SUMMARY = 8;

export function hasSummary(height: number): boolean {
	return height >= LEAST_HEIGHT_FOR_SUMMARY;
}

/** How many of the scrolling lines fit into a body of `height`. */
export function contentRoom(content: OverlayContent, height: number): number {
	const title = 1;
	const table = content.kind === "still" ? 1 : 0;
	const summary = content.kind === "details" && hasSummary(height) ? 2 : 0;
	return Math.max(1, height - title - table - summary);
}

/** Every key once, with all its names; made from the keymap. */
export function helpTable(keymap: Keymap, width: number): StillTable {
	const keysByHelp = new Map<string, string[]>();
	for (const { help, keys } of keymap) {
		const names = keys.map(keyName);
		keysByHelp.set(help, [...new Set([...(keysByHelp.get(help) ?? []), ...names])]);
	}
	const rows = [...keysByHelp].map(([help, keys]) => [keys.join(" "), help]);
	const pointer = [
		["wheel", "scroll the table under the pointer"],
		["click", "select a row, a tab; sort by a column heading; go to a time on the strip"],
	];
	return wrapLastColumn({ heads: ["KEY", "WHAT IT DOES"], rows: [...rows, ...pointer] }, width);
}

/** Probes first, then the tables that count for them, `own` last. */
export function healthTable(snapshot: Snapshot | null, own: StillTable["rows"]): StillTable {
	const heads = ["NAME", "STATE", "HOW", "LOST"];
	if (!snapshot) return { heads, rows: [] };
	const { probes, maps, records, self } = snapshot.health;
	const hosts = (snapshot.hosts ?? []).map(hostWords);
	const longest = self.longestRefreshMs === null ? "-" : `${formatDurationMs(self.longestRefreshMs)} at the longest`;
	return {
		heads,
		rows: [
			...hosts.map(([name, state, how]) => [name, state, how, "-"]),
			...probes.map((probe) => [`probe ${probe.probe}`, probe.state, probe.variant ?? "-", String(probe.lost)]),
			...maps.map((map) => [
				`map ${map.map}`,
				map.overflow > 0 ? "full" : "on",
				`${map.used} of ${map.capacity}`,
				String(map.overflow),
			]),
			["records", records.malformed > 0 ? "malformed" : "on", `${records.received} received`, String(records.lost)],
			["refresh", "on", longest, "-"],
			...own,
		],
	};
}

/** Why probes are off or on a fallback, what a full table means, and `own`: names and whole sentences. */
export function healthReasons(
	snapshot: Snapshot | null,
	own: readonly (readonly [string, string])[],
	width: number,
): TextLine[] {
	const { probes, maps } = snapshot?.health ?? { probes: [], maps: [] };
	const hosts = snapshot?.hosts ?? [];
	const pairs = [
		...hosts.flatMap(({ host, note }) => (note === null ? [] : [[host, note] as const])),
		...probes.flatMap(({ probe, reason }) => (reason === null ? [] : [[probe, reason] as const])),
		...maps.flatMap(({ map, overflow }) =>
			overflow > 0 ? [[map, `It was full, ${overflow} did not fit: ${pastLimit(map)}.`] as const] : [],
		),
		...own,
	];
	return pairs.length === 0 ? [] : [{ text: "", style: null, labelWidth: 0 }, ...pairLines(pairs, width)];
}

/** ink-table puts blanks around each cell, and one instead of its border. */
const STILL_PADDING = 3;
const LEAST_LAST_COLUMN = 10;

/** `table` with the last column wrapped to fit into `width`; the other columns stay as they are. */
function wrapLastColumn({ heads, rows }: StillTable, width: number): StillTable {
	const others = heads
		.slice(0, -1)
		.map((head, at) => rows.reduce((most, row) => Math.max(most, textWidth(row[at] ?? "")), head.length));
	const used = others.reduce((sum, cells) => sum + cells, 0) + heads.length * STILL_PADDING + 1;
	const last = Math.max(LEAST_LAST_COLUMN, width - used);
	return {
		heads,
		rows: rows.flatMap((row) =>
			wrapText(row.at(-1) ?? "", last).map((part, at) => [
				...row.slice(0, -1).map((cell) => (at === 0 ? cell : "")),
				part,
			]),
		),
	};
}

const LABEL_WIDTH = 14;
const GAP = "  ";

/** The blocks of a details view as lines of at most `width` cells; long values are wrapped, never truncated. */
export function detailLines(blocks: readonly Block[], width: number): TextLine[] {
	return blocks.flatMap((block, at) => [
		...(at > 0 ? [{ text: "", style: null, labelWidth: 0 }] : []),
		{ text: block.title, style: "headSorted" as const, labelWidth: 0 },
		...blockLines(block, width),
	]);
}

function blockLines(block: Block, width: number): TextLine[] {
	if (block.kind === "pairs") return pairLines(block.pairs, width);
	return block.kind === "charts" ? chartLines(block.rows, width) : tableLines(block, width);
}

const FIGURES_WIDTH = 24;

function chartLines(rows: readonly ChartRow[], width: number): TextLine[] {
	const labelWidth = Math.min(LABEL_WIDTH, Math.floor(width / 3));
	const cells = Math.max(0, width - labelWidth - FIGURES_WIDTH - 2 * GAP.length);
	return rows.map(({ label, figures, values }) => ({
		text: label.slice(0, labelWidth).padStart(labelWidth) + GAP + figures.padEnd(FIGURES_WIDTH) + GAP,
		style: null,
		labelWidth,
		chart: inCells(values, cells),
	}));
}

/** As many values as fit: if several share a cell, the largest. */
function inCells(values: readonly number[], cells: number): number[] {
	const each = Math.max(1, Math.ceil(values.length / Math.max(1, cells)));
	const count = Math.min(cells, Math.ceil(values.length / each));
	// The newest cell always has all its values.
	const end = (at: number) => values.length - (count - 1 - at) * each;
	return Array.from({ length: count }, (_, at) => Math.max(...values.slice(Math.max(0, end(at) - each), end(at))));
}

function pairLines(pairs: readonly (readonly [string, string])[], width: number): TextLine[] {
	const labelWidth = Math.min(LABEL_WIDTH, Math.floor(width / 3));
	return pairs.flatMap(([label, value]) =>
		wrapText(value, Math.max(1, width - labelWidth - GAP.length)).map((part, at) => ({
			text: (at === 0 ? label : "").slice(0, labelWidth).padStart(labelWidth) + GAP + part,
			style: null,
			labelWidth,
		})),
	);
}

function tableLines(block: Extract<Block, { kind: "table" }>, width: number): TextLine[] {
	if (block.rows.length === 0) return [{ text: `  ${block.empty}`, style: "dim", labelWidth: 0 }];
	const widths = block.heads.map((head, at) =>
		block.rows.reduce((most, row) => Math.max(most, textWidth(row[at] ?? "")), head.text.length),
	);
	const line = (cells: readonly string[]) =>
		`  ${cells.map((cell, at) => pad(cell, widths[at] ?? 0, block.heads[at]?.align === "right")).join(GAP)}`;
	const indent = 4;
	const rows = block.rows.flatMap((row) =>
		wrapText(line(row).trimEnd(), width - indent).map((text, at) => ({
			text: at === 0 ? text : " ".repeat(indent) + text,
			style: null,
			labelWidth: 0,
		})),
	);
	return [{ text: line(block.heads.map((head) => head.text)), style: "head", labelWidth: 0 }, ...rows];
}

function pad(text: string, width: number, isRight: boolean): string {
	const blanks = " ".repeat(Math.max(0, width - textWidth(text)));
	return isRight ? blanks + text : text + blanks;
}
