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

/** One or several cells of the same style. */
interface Cell {
	readonly text: string;
	readonly style: Style | null;
}

/** The mark for the worst event in the bucket: a gap, an OOM kill, a loss, a failed exit. */
function mark({ gaps, oomKills, losses, failedExits }: Bucket): Cell {
	if (gaps > 0) return { text: "/", style: "bad" };
	if (oomKills > 0) return { text: "O", style: "bad" };
	if (losses > 0) return { text: "!", style: "bad" };
	return failedExits > 0 ? { text: "x", style: "warn" } : { text: ".", style: "dim" };
}

/** Merges cells of the same style. */
function cellsOf({ values, full }: StripPart, { buckets }: Strip, theme: Theme): Cell[] {
	if (values !== null) return [{ text: sparkline(values, values.length, full, theme.isAscii), style: "good" }];
	const cells: Cell[] = [];
	for (const bucket of buckets) {
		const { text, style } = mark(bucket);
		const last = cells.at(-1);
		if (last?.style === style) cells[cells.length - 1] = { text: last.text + text, style };
		else cells.push({ text, style });
	}
	return cells;
}

/** `cells` with the one in column `cursor` separate. */
function selectedIn(cells: readonly Cell[], cursor: number): Cell[] {
	let end = 0;
	return cells.flatMap((cell) => {
		const { text, style } = cell;
		const at = cursor - end;
		end += text.length;
		if (at < 0 || at >= text.length) return [cell];
		const selected: Cell = { text: text.slice(at, at + 1), style: "selected" };
		return [{ text: text.slice(0, at), style }, selected, { text: text.slice(at + 1), style }];
	});
}

function lineOf({ strip, rect, theme }: StripLineProps): string {
	const line: Part[] = [];
	let column = 0;
	const write = (from: number, { text, style }: Cell) => {
		line.push({ text: " ".repeat(Math.max(0, from - column)), drop: 0 }, { text, style, drop: 0 });
		column = from + text.length;
	};
	for (const part of strip.parts) {
		write(part.left - part.label.length - 1, { text: part.label, style: "accent" });
		const cells = cellsOf(part, strip, theme);
		write(part.left + part.cells - strip.buckets.length, { text: "", style: null });
		for (const cell of strip.cursor < 0 ? cells : selectedIn(cells, strip.cursor)) write(column, cell);
	}
	return paintLine(theme, rect.width, line);
}

export function StripLine(props: StripLineProps) {
	return <TextRows rect={props.rect} rows={[lineOf(props)]} />;
}
