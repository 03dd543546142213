/** Parses a time, and finds the refresh it means. */

import { DAY_MS, UNIT_MS } from "../format/duration.ts";
import type { Moment } from "./moment.ts";

/** Relative, by the header's clock, or the latest such time of day. */
export type When = { readonly agoMs: number } | { readonly clockMs: number } | { readonly dayMs: number };

export const WHEN_HELP = "14:03 or 14:03:20 by the clock of the header, -90s, 5m ago, or 2026-11-20T17:00:05Z";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** A time without fractions means the whole second. */
const REST_OF_SECOND_MS = SECOND_MS - 1;

/** Null if it is not a time. */
export function parseWhen(text: string): When | null {
	const words = text.trim();
	return readAgo(words) ?? readTimeOfDay(words) ?? readDate(words);
}

/** `-90s`, `5m`, `5m ago`, and `-04:12` as in the header. */
function readAgo(text: string): When | null {
	const [, number, unit = ""] = /^-?\s*(\d{1,6}(?:\.\d{1,3})?)\s*([smh])(?:\s+ago)?$/.exec(text) ?? [];
	if (number !== undefined) return { agoMs: Number(number) * (UNIT_MS[unit] ?? 0) };
	const [, hours = "0", minutes, seconds] = /^-\s*(?:(\d{1,2}):)?(\d\d):(\d\d)$/.exec(text) ?? [];
	if (minutes === undefined) return null;
	return { agoMs: Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS };
}

function readTimeOfDay(text: string): When | null {
	const [, hours, minutes, seconds = "0"] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
	if (Number(hours) >= 24 || Number(minutes) >= 60 || Number(seconds) >= 60 || hours === undefined) return null;
	return { dayMs: Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS };
}

/** Without a zone it is UTC, like all times in ebtop. */
function readDate(text: string): When | null {
	const [, day, time, part, zone = "Z"] =
		/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
	const clockMs = Date.parse(`${day}T${time}${zone}`);
	if (Number.isNaN(clockMs)) return null;
	return { clockMs: part === undefined ? clockMs + REST_OF_SECOND_MS : clockMs };
}

/** The last of `moments` not after `when`; undefined if there is none. */
export function momentAt(moments: readonly Moment[], when: When): Moment | undefined {
	const newest = moments.at(-1);
	if (newest === undefined) return undefined;
	if ("agoMs" in when) return lastUntil(moments, newest.atMs - when.agoMs);
	const clockMs = "clockMs" in when ? when.clockMs : lastTimeOfDay(newest.clockMs, when.dayMs) + REST_OF_SECOND_MS;
	return moments.findLast((moment) => moment.clockMs <= clockMs);
}

/** The last of `moments` not after `atMs` of measured time. */
export function lastUntil(moments: readonly Moment[], atMs: number): Moment | undefined {
	return moments.findLast((moment) => moment.atMs <= atMs);
}

/** The second that a time is in. */
export function wholeSecond(clockMs: number): number {
	return Math.floor(clockMs / SECOND_MS) * SECOND_MS;
}

/** That time of the day of `clockMs`, milliseconds since 1970. */
export function timeOnDayOf(clockMs: number, dayMs: number): number {
	return Math.floor(clockMs / DAY_MS) * DAY_MS + dayMs;
}

/** The latest such time of day. */
function lastTimeOfDay(nowMs: number, dayMs: number): number {
	const today = timeOnDayOf(nowMs, dayMs);
	return today <= nowMs ? today : today - DAY_MS;
}
