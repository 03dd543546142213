/** Swim lanes: a line for each process of the chain, time from left to right, marked where it worked for the command. */

import { formatDurationMs } from "../../format/duration.ts";
import type { Style } from "../../format/theme.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { FollowSpan } from "../../model/snapshot.ts";
import type { PaneBody } from "../pane.ts";
import { CLASSES, type FollowRow, type FollowView } from "./rows.ts";

const LEAST = { width: 40, height: 2 };
/** Of the width, for the names. */
const NAMES = { share: 0.25, least: 16, most: 40 };
/** Cells between two times of the axis. */
const TIME_EVERY = 16;

const MARKS: Readonly<Record<FollowSpan["class"], { mark: string; ascii: string; style: Style }>> = {
	certain: { mark: "█", ascii: "#", style: "good" },
	likely: { mark: "▓", ascii: "+", style: "warn" },
	guess: { mark: "░", ascii: ".", style: "dim" },
};

/** Null if there is no room. */
export function drawLanes(body: PaneBody<FollowRow, FollowView>): readonly string[] | null {
	const { lines, selected, isFocused, width, height, theme } = body;
	const follow = lines.at(0)?.row.follow;
	if (follow === undefined || width < LEAST.width || height < LEAST.height) return null;
	const names = Math.min(NAMES.most, Math.max(NAMES.least, Math.floor(width * NAMES.share)));
	const cells = width - names - 1;
	const top = Math.max(0, Math.min(selected - height + 2, lines.length - height + 1));
	const rows = lines.slice(top, top + height - 1).map(({ row, prefix }, at) => {
		const name = `${theme.fit(prefix + formatProcess(row), names)} `;
		const spans = row.follow.lanes.find(({ actor }) => actor === row.actor.id)?.spans ?? [];
		const classes = laneOf(spans, row.follow.elapsedMs, cells);
		const markOf = (each: FollowSpan["class"] | null) =>
			each === null ? " " : theme.isAscii ? MARKS[each].ascii : MARKS[each].mark;
		if (top + at === selected)
			return theme.paint(isFocused ? "selected" : "selectedIdle", name + classes.map(markOf).join(""));
		return (
			name +
			runs(classes)
				.map((run) => theme.paint(run[0] && MARKS[run[0]].style, run.map(markOf).join("")))
				.join("")
		);
	});
	return [theme.paint("head", theme.fit("", names + 1) + axis(follow.elapsedMs, cells)), ...rows];
}

/** For each cell the most certain class that the process worked with at that time; null: it did not. */
export function laneOf(
	spans: readonly FollowSpan[],
	elapsedMs: number,
	cells: number,
): readonly (FollowSpan["class"] | null)[] {
	const lane: (FollowSpan["class"] | null)[] = Array(cells).fill(null);
	const cellOf = (ms: number) => Math.max(0, Math.min(cells - 1, Math.floor((ms / Math.max(elapsedMs, 1)) * cells)));
	for (const each of CLASSES.toReversed())
		for (const span of spans) if (span.class === each) lane.fill(each, cellOf(span.fromMs), cellOf(span.toMs) + 1);
	return lane;
}

function runs<Item>(items: readonly Item[]): Item[][] {
	const found: Item[][] = [];
	for (const item of items) {
		const last = found.at(-1);
		if (last !== undefined && last[0] === item) last.push(item);
		else found.push([item]);
	}
	return found;
}

function axis(elapsedMs: number, cells: number): string {
	const times = Array.from({ length: Math.ceil(cells / TIME_EVERY) }, (_, at) =>
		(at === 0 ? "0" : formatDurationMs((elapsedMs * at * TIME_EVERY) / cells)).padEnd(TIME_EVERY).slice(0, TIME_EVERY),
	);
	return times.join("").slice(0, cells);
}
