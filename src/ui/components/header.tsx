/** The top of the screen: the machine, its load, and how far the figures below can be trusted. */

import { formatClock, formatDurationMs, formatStopwatch } from "../../format/duration.ts";
import { formatBytes, formatCount, formatPercent, wholeRate } from "../../format/quantity.ts";
import { sparkline } from "../../format/sparkline.ts";
import { fitText, textWidth } from "../../format/text-width.ts";
import type { Style, Theme } from "../../format/theme.ts";
import type { Moment } from "../../history/moment.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { goneHosts } from "../../panes/hosts.ts";
import type { Rect } from "../state/layout.ts";
import type { Span, UiState } from "../state/ui-state.ts";
import { type Part, paintLine } from "./painted-line.ts";
import { TextRows } from "./text-rows.tsx";

export interface HeaderProps {
	readonly rect: Rect;
	readonly snapshot: Snapshot | null;
	readonly state: UiState;
	/** The last refreshes up to this one. */
	readonly loads: readonly Moment[];
	/** Why ebtop does not see everything, for example that it runs on /proc; null if it does. */
	readonly sourceNote: string | null;
	readonly theme: Theme;
}

const METER_WIDTH = 10;
const FULL_PERCENT = 100;

/** `[||||      ]`, coloured by its value. */
function meter(share: number, drop: number): Part[] {
	const filled = Math.max(0, Math.min(METER_WIDTH, Math.round(share * METER_WIDTH)));
	const style: Style = share >= 0.9 ? "bad" : share >= 0.6 ? "warn" : "good";
	return [
		{ text: " [", drop, style: "dim" },
		{ text: "|".repeat(filled), drop, style },
		{ text: `${" ".repeat(METER_WIDTH - filled)}]`, drop, style: "dim" },
	];
}

const label = (text: string, drop = 0): Part => ({ text, drop, style: "accent" });
const value = (text: string, drop = 0, style: Style | null = "strong"): Part => ({ text, drop, style });

function machineParts(snapshot: Snapshot): Part[] {
	const { system } = snapshot;
	return [
		value(snapshot.host),
		{ text: `  Linux ${snapshot.kernel}`, drop: 5, style: "dim" },
		label("  up ", 3),
		value(formatDurationMs(system.uptimeMs), 3, null),
		label("  load ", 4),
		value(system.loadAverage.map((load) => load.toFixed(2)).join(" "), 4, null),
	];
}

const LONGEST_FILTER = 24;

function shortened(text: string): string {
	return textWidth(text) > LONGEST_FILTER ? fitText(text, LONGEST_FILTER) : text;
}

/** The shown span: its beginning and end, and what is missing in it. */
function spanParts({ from, to, left }: Span): Part[] {
	const clock = (moment: Moment) => formatClock(new Date(moment.clockMs).toISOString());
	const parts: Part[] = [
		{ text: ` SPAN ${formatStopwatch(to.atMs - from.atMs)} `, drop: 0, style: "bad" },
		{ text: ` ${clock(from)} to ${clock(to)} `, drop: 1, style: "bad" },
	];
	if (left === null) parts.push({ text: " reading ", drop: 0, style: "warn" });
	else if (left > 0) parts.push({ text: ` ${formatCount(left)} rows more `, drop: 0, style: "bad" });
	return parts;
}

/** The age of what is shown; nothing if it is live. */
function ageParts({ shown, newest, span }: UiState): Part[] {
	if (span) return spanParts(span);
	if (!shown || !newest || shown.no === newest.no) return [];
	return [{ text: ` -${formatStopwatch(newest.atMs - shown.atMs)} `, drop: 0, style: "bad" }];
}

function speedText({ speed }: UiState): string {
	return speed === 1 ? "" : ` x${speed}`;
}

function clockParts({ snapshot, state }: HeaderProps): Part[] {
	const parts: Part[] = [];
	const { sourceLabel, isLost } = state;
	if (sourceLabel !== null) parts.push({ text: ` ${sourceLabel}${speedText(state)} `, drop: 0, style: "key" });
	for (const host of snapshot === null ? [] : goneHosts(snapshot))
		parts.push({ text: ` ${host} GONE `, drop: 0, style: "bad" });
	if (isLost) parts.push({ text: " GONE ", drop: 0, style: "bad" });
	if (state.isPaused) parts.push({ text: " PAUSED ", drop: 0, style: "bad" });
	parts.push(...ageParts(state));
	if (state.filter) parts.push({ text: ` FILTER ${shortened(state.filter.text)} `, drop: 1, style: "warn" });
	if (state.isLinked) parts.push({ text: " LINKED ", drop: 1, style: "warn" });
	parts.push({ text: `  every ${state.delaySec}s`, drop: 2, style: "dim" });
	if (snapshot) parts.push(value(`  ${formatClock(snapshot.time)}`, 1, null));
	return parts;
}

const HISTORY_WIDTH = 30;

/** The last refreshes; only if the terminal is wide enough for everything else. */
function historyPart({ loads, theme }: HeaderProps, of: (load: Moment) => number, full: number, drop: number): Part {
	const cells = sparkline(loads.map(of), HISTORY_WIDTH, full, theme.isAscii);
	return { text: ` ${cells}`, drop, style: "good" };
}

function loadParts({ system }: Snapshot, props: HeaderProps): Part[] {
	const cpuShare = system.cpuPercent / 100;
	const memShare = system.memTotalBytes === 0 ? 0 : system.memUsedBytes / system.memTotalBytes;
	return [
		label("cpu "),
		value(`${formatPercent(system.cpuPercent)}%`),
		...meter(cpuShare, 6),
		historyPart(props, (load) => load.cpuPercent, FULL_PERCENT, 8),
		label("  mem ", 1),
		value(formatBytes(system.memUsedBytes), 1),
		value(`/${formatBytes(system.memTotalBytes)}`, 4, null),
		...meter(memShare, 7),
	];
}

function rateParts({ system }: Snapshot, props: HeaderProps, firstDrop: number): Part[] {
	return [
		label("  fork/s ", firstDrop + 1),
		value(wholeRate(system.forkRate), firstDrop + 1),
		label("  exec/s ", firstDrop + 2),
		value(wholeRate(system.execRate), firstDrop + 2),
		historyPart(props, (load) => load.syscallRate ?? 0, 0, 9),
		label("  call/s ", firstDrop),
		value(wholeRate(system.syscallRate), firstDrop),
	];
}

/** How many probes are in each state, as short as possible. */
function probeParts({ health }: Snapshot): Part[] {
	const count = (state: string) => health.probes.filter((probe) => probe.state === state).length;
	const parts = [label("probes ", 2), value(`${count("on")} on`, 2, null)];
	if (count("fallback") > 0) parts.push(value(`, ${count("fallback")} fallback`, 1, "warn"));
	if (count("off") > 0) parts.push(value(`, ${count("off")} off`, 1, "bad"));
	return parts;
}

const MOST_FULL = 2;

/** Full tables and their overflow: those with the most, and the number of others. */
function fullParts(maps: Snapshot["health"]["maps"]): Part[] {
	const full = maps.filter(({ overflow }) => overflow > 0).sort((a, b) => b.overflow - a.overflow);
	if (full.length === 0) return [];
	const names = full.slice(0, MOST_FULL).map(({ map, overflow }) => `${map} +${formatCount(overflow)}`);
	const others = full.length > MOST_FULL ? ` and ${full.length - MOST_FULL} more` : "";
	return [value(`, full: ${names.join(", ")}${others}`, 0, "bad")];
}

function trustParts(snapshot: Snapshot): Part[] {
	const { records } = snapshot.health;
	const lost = records.lost > 0 ? value(`${formatCount(records.lost)} LOST`, 0, "bad") : value("0 lost", 0, "good");
	const parts = [
		value(formatCount(records.received), 4, null),
		label(" records, ", 4),
		lost,
		...(records.malformed > 0 ? [value(`, ${formatCount(records.malformed)} malformed`, 0, "bad")] : []),
		...fullParts(snapshot.health.maps),
		{ text: "  ", drop: 2 },
	];
	return [...parts, ...probeParts(snapshot)];
}

/** Not in the demo: it was recorded in a guest that has its processor emulated. */
function selfParts({ sourceLabel }: UiState, { health: { self } }: Snapshot): Part[] {
	if (sourceLabel === "DEMO") return [];
	return [label("  ebtop ", 3), value(`${formatPercent(self.cpuPercent)}% ${formatBytes(self.rssBytes)}`, 3, null)];
}

/** The lines of the header, as many as fit. */
function headerRows(props: HeaderProps): string[] {
	const { rect, snapshot, theme, sourceNote } = props;
	const { width, height } = rect;
	if (!snapshot)
		return [paintLine(theme, width, [value("ebtop", 0), { text: " is waiting for the first refresh", drop: 1 }])];
	const trust = paintLine(theme, width, trustParts(snapshot), selfParts(props.state, snapshot));
	const note = sourceNote === null ? [] : [paintLine(theme, width, [{ text: sourceNote, drop: 0, style: "warn" }])];
	if (height >= 3) {
		return [
			paintLine(theme, width, machineParts(snapshot), clockParts(props)),
			paintLine(theme, width, loadParts(snapshot, props), rateParts(snapshot, props, 2)),
			trust,
			...note,
		];
	}
	const busy = paintLine(
		theme,
		width,
		[...loadParts(snapshot, props), ...rateParts(snapshot, props, 3)],
		clockParts(props),
	);
	return height === 2 ? [busy, trust] : [busy];
}

export function Header(props: HeaderProps) {
	return props.rect.height === 0 ? null : <TextRows rect={props.rect} rows={headerRows(props)} />;
}
