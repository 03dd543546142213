/** The list of recent events: a snapshot has only those of its own interval. */

import type { Snapshot } from "../model/snapshot.ts";

const MOST_EVENTS = 2000;

/** `snapshot` with the events of `before` in front of its own. */
export function withEventsBefore(before: Snapshot | null, snapshot: Snapshot): Snapshot {
	const earlier = before?.events ?? [];
	const events = snapshot.events.length === 0 ? earlier : [...earlier, ...snapshot.events].slice(-MOST_EVENTS);
	return { ...snapshot, events };
}
