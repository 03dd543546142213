/** The JSON form of a snapshot: it is the snapshot itself, one line each. */

import type { Snapshot } from "./snapshot.ts";

/** One line of JSON Lines, its newline included. */
export function snapshotLine(snapshot: Snapshot): string {
	return `${JSON.stringify(snapshot)}\n`;
}
