/** The strip under the header as a line. */

import { sparkline } from "../../format/sparkline.ts";
import type { Style, Theme } from "../../format/theme.ts";
import type { Rect } from "../state/layout.ts";
import type { Bucket, Strip, StripPart } from "../state/strip.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { TextRows } from "./text-rows.tsx";

interface StripLineProps {
	readonly rect: Rect;
	readonly strip: Strip;
	readonly theme: Theme;
}

interface Cell {
	readonly text: string;
	readonly style: Style | null;
}

/** What happened there, the worst of it: an OOM kill, a loss, a failed exit. */
function mark({ oomKills, losses, failedExits }: Bucket): Cell {
	if (oomKills > 0) return { text: "O", style: "bad" };
	if (losses > 0) return { text: "!", style: "bad" };
	return failedExits > 0 ? { text: "x", style: "warn" } : { text: ".", style: "dim" };
}

function cellsOf({ values, full }: StripPart, { buckets }: Strip, theme: Theme): Cell[] {
	if (values === null) return buckets.map(mark);
	const cells = Array.from(sparkline(values, values.length, full, theme.isAscii));
	return cells.map((text) => ({ text, style: "good" }));
}

/** Cells of one style together. */
function merged(cells: readonly Cell[]): Part[] {
	const parts: Part[] = [];
	for (const { text, style } of cells) {
		const last = parts.at(-1);
		if (last && last.style === style) parts[parts.length - 1] = { ...last, text: last.text + text };
		else parts.push({ text, style, drop: 0 });
	}
	return parts;
}

function lineOf({ strip, rect, theme }: StripLineProps): string {
	const line: Cell[] = Array.from({ length: rect.width }, () => ({ text: " ", style: null }));
	const write = (cells: readonly Cell[], from: number) => line.splice(from, cells.length, ...cells);
	for (const part of strip.parts) {
		const cells = cellsOf(part, strip, theme);
		const cursor = cells[strip.cursor];
		if (cursor) cells[strip.cursor] = { ...cursor, style: "selected" };
		write(
			Array.from(part.label, (text) => ({ text, style: "accent" })),
			part.left - part.label.length - 1,
		);
		write(cells, part.left + part.cells - cells.length);
	}
	return paintLine(theme, rect.width, merged(line.slice(0, rect.width)));
}

export function StripLine(props: StripLineProps) {
	return <TextRows rect={props.rect} rows={[lineOf(props)]} />;
}
