/** `--at`: with which refresh of a recording a run begins. */

import { statSync } from "node:fs";
import { join } from "node:path";
import { usage } from "../cli/values.ts";
import { DAY_MS } from "../format/duration.ts";
import { timeOnDayOf, type When, wholeSecond } from "../history/when.ts";
import { FileBytes } from "../model/feed/recording-bytes.ts";
import { lastRefreshOf } from "../model/feed/recording-reader.ts";
import { listSegmentsToPlay } from "../model/feed/segment-names.ts";
import type { Beginning } from "../model/feed/segments-reader.ts";
import type { Snapshot } from "../model/snapshot.ts";

const NS_PER_MS = 1_000_000n;

/**
 * True for the first refresh at that time or after it, and for all others from then on. A time ago is before the end of the
 * recording, a time of day the first such time in it. `uptimeMs`: of the refresh that is being played. Throws a Failure of
 * status 2 if the end cannot be known, or with the system's error.
 */
export function beginningAt(when: When, path: string, uptimeMs: () => number): (snapshot: Snapshot) => boolean {
	if ("agoMs" in when) {
		const fromMs = endOf(path) - when.agoMs;
		return () => uptimeMs() >= fromMs;
	}
	let fromMs = "clockMs" in when ? wholeSecond(when.clockMs) : null;
	return ({ time }) => {
		const clockMs = Date.parse(time);
		if ("dayMs" in when) fromMs ??= firstTimeOfDay(wholeSecond(clockMs), when.dayMs);
		return clockMs >= (fromMs ?? 0);
	};
}

/** The same place, for readers that can skip what is before it. `clockOf`: the time of a full state. */
export function placeOf(when: When, path: string, clockOf: (state: Uint8Array) => number): Beginning {
	if ("agoMs" in when) {
		let fromNs: bigint | null = null;
		const isBefore = (timeNs: bigint): boolean => {
			fromNs ??= BigInt(Math.round(endOf(path) - when.agoMs)) * NS_PER_MS;
			return timeNs < fromNs;
		};
		return { clockMs: () => null, isBefore };
	}
	let fromMs = "clockMs" in when ? wholeSecond(when.clockMs) : null;
	const clockMs = (firstMs: number): number => {
		if ("dayMs" in when) fromMs ??= firstTimeOfDay(wholeSecond(firstMs), when.dayMs);
		return fromMs ?? 0;
	};
	const isBefore = (_: bigint, state: Uint8Array): boolean => {
		const stateMs = clockOf(state);
		return stateMs < clockMs(stateMs);
	};
	return { clockMs, isBefore };
}

function firstTimeOfDay(sinceMs: number, dayMs: number): number {
	const today = timeOnDayOf(sinceMs, dayMs);
	return today >= sinceMs ? today : today + DAY_MS;
}

/** The time of the last refresh since the machine started, in milliseconds. */
function endOf(path: string): number {
	if (path === "-") throw usage("Where stdin ends is not known: for --at give a time such as 14:03.");
	const isFolder = statSync(path).isDirectory();
	const files = isFolder ? listSegmentsToPlay(path).map(({ name }) => join(path, name)) : [path];
	const { timeNs } = lastRefreshOf(new FileBytes(files.at(-1) as string));
	return Number(timeNs / NS_PER_MS);
}
