/** An overlay: a title, and below it a scrolling text, small table or menu. */

import { Box } from "ink";
import { sparkline } from "../../format/sparkline.ts";
import { fitText } from "../../format/text-width.ts";
import type { Theme } from "../../format/theme.ts";
import type { Rect } from "../state/layout.ts";
import {
	contentLength,
	contentRoom,
	hasSummary,
	type OverlayContent,
	type TextLine,
} from "../state/overlay-content.ts";
import { paintLine } from "./painted-line.ts";
import { StillTable } from "./still-table.tsx";
import { TextRows } from "./text-rows.tsx";

interface OverlayViewProps {
	readonly rect: Rect;
	readonly content: OverlayContent;
	readonly scroll: number;
	readonly theme: Theme;
}

function titleRow({ rect, content, scroll, theme }: OverlayViewProps): string {
	const length = contentLength(content);
	const room = contentRoom(content, rect.height);
	const left = [{ text: ` ${content.title} `, drop: 0 }];
	if (content.kind === "details" && content.isGone) left.push({ text: "(gone) ", drop: 0 });
	const isCut = length > room && content.kind !== "menu";
	const right = isCut ? [{ text: ` ${scroll + 1}-${Math.min(length, scroll + room)} of ${length} `, drop: 1 }] : [];
	return paintLine(theme, rect.width, left, right, "title");
}

/** A chart ends at the right edge, with its newest cell. */
function paintTextLine(line: TextLine, width: number, theme: Theme): string {
	const chart = line.chart ?? [];
	const text = theme.fit(line.text, Math.max(0, width - chart.length));
	const painted =
		line.labelWidth === 0
			? theme.paint(line.style, text)
			: theme.paint("accent", text.slice(0, line.labelWidth)) + text.slice(line.labelWidth);
	if (chart.length === 0) return painted;
	return painted + theme.paint("good", sparkline(chart, chart.length, 0, theme.isAscii));
}

function menuRows(content: Extract<OverlayContent, { kind: "menu" }>, room: number, width: number, theme: Theme) {
	const top = Math.max(0, content.selected - room + 1);
	return content.items.slice(top, top + room).map((item, at) => {
		const text = fitText(` ${item}`, width);
		return top + at === content.selected ? theme.paint("selected", text) : text;
	});
}

function place(rect: Rect, from: number, children: React.ReactNode) {
	return (
		<Box
			position="absolute"
			left={rect.left}
			top={rect.top + from}
			width={rect.width}
			height={Math.max(0, rect.height - from)}
			overflow="hidden"
			flexDirection="column"
		>
			{children}
		</Box>
	);
}

export function OverlayView(props: OverlayViewProps) {
	const { rect, content, scroll, theme } = props;
	const room = contentRoom(content, rect.height);
	const from = (top: number): Rect => ({ ...rect, top: rect.top + top, height: Math.max(0, rect.height - top) });
	const title = <TextRows rect={{ ...rect, height: 1 }} rows={[titleRow(props)]} />;
	if (content.kind === "still") {
		const table = <StillTable table={content.table} top={scroll} height={room} width={rect.width} theme={theme} />;
		const below = Math.max(0, content.table.rows.length - scroll);
		const lines = content.lines
			.slice(Math.max(0, scroll - content.table.rows.length))
			.slice(0, Math.max(0, room - below));
		return (
			<>
				{title}
				{place(rect, 1, table)}
				<TextRows rect={from(2 + below)} rows={lines.map((line) => paintTextLine(line, rect.width, theme))} />
			</>
		);
	}
	if (content.kind === "menu") {
		return (
			<>
				{title}
				<TextRows rect={from(1)} rows={menuRows(content, room, rect.width, theme)} />
			</>
		);
	}
	const isSummarized = content.kind === "details" && hasSummary(rect.height);
	const rows = content.lines.slice(scroll, scroll + room).map((line) => paintTextLine(line, rect.width, theme));
	return (
		<>
			{title}
			{isSummarized &&
				place(
					{ ...rect, height: 3 },
					1,
					<StillTable table={content.summary} top={0} height={1} width={rect.width} theme={theme} />,
				)}
			<TextRows rect={from(isSummarized ? 3 : 1)} rows={rows} />
		</>
	);
}
