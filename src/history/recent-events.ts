/** The list of what happened lately: a snapshot has that of its own interval alone. */

import type { Snapshot } from "../model/snapshot.ts";

const MOST_EVENTS = 2000;

/** `snapshot` with the events that `before` shows in front of its own. */
export function withEventsBefore(before: Snapshot | null, snapshot: Snapshot): Snapshot {
	const earlier = before?.events ?? [];
	const events = snapshot.events.length === 0 ? earlier : [...earlier, ...snapshot.events].slice(-MOST_EVENTS);
	return { ...snapshot, events };
}
