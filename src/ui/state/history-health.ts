/** The history in the info view: how far it reaches back, its memory, and why it reaches no further. */

import { formatDurationMs } from "../../format/duration.ts";
import { formatBytes } from "../../format/quantity.ts";
import type { History } from "../../history/history.ts";

type Extent = Pick<History, "bounds" | "bytes" | "reachMs" | "isCutByBytes">;

/** As a row of the health table. */
export function historyRow({ bounds, bytes, reachMs, isCutByBytes }: Extent): readonly string[] {
	if (bounds.spanMs === 0) return ["history", "off", "-", "-"];
	const reach = `${formatDurationMs(reachMs)} of ${formatDurationMs(bounds.spanMs)}`;
	const size = `${formatBytes(bytes)} of ${formatBytes(bounds.mostBytes)}`;
	return ["history", isCutByBytes ? "full" : "on", `${reach}, ${size}`, "-"];
}

/** A name and a sentence if the bytes limit how far it reaches. */
export function whyCut({ bounds, reachMs, isCutByBytes }: Extent): readonly (readonly [string, string])[] {
	if (!isCutByBytes) return [];
	const most = `What happens here in ${formatDurationMs(bounds.spanMs)} takes more than ${formatBytes(bounds.mostBytes)}`;
	return [["history", `${most}, so the oldest is dropped: it reaches back ${formatDurationMs(reachMs)}.`]];
}
