/** `--at`: with which refresh of a recording a run begins. */

import { statSync } from "node:fs";
import { join } from "node:path";
import { usage } from "../cli/values.ts";
import { DAY_MS } from "../format/duration.ts";
import { timeOnDayOf, type When, wholeSecond } from "../history/when.ts";
import { FileBytes } from "../model/feed/recording-bytes.ts";
import { lastRefreshOf } from "../model/feed/recording-reader.ts";
import { listSegmentsToPlay } from "../model/feed/segment-names.ts";
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

/** Where a folder may begin to be played, milliseconds since 1970; null: at its first segment. */
export function segmentFrom(when: When | null): number | null {
	return when !== null && "clockMs" in when ? wholeSecond(when.clockMs) : null;
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
