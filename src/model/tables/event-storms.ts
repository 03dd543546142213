/** Storms: many events of one type from one process in an interval. The first are listed, the rest share a row. */

import type { EventType } from "../event-types.ts";
import type { PendingEvent } from "./new-event.ts";
import type { Process } from "./process/process.ts";

/** How many are listed individually. */
const LISTED = 100;

interface Storm {
	seen: number;
	/** The row for the rest. */
	rest: PendingEvent | null;
}

export class Storms {
	readonly #storms = new Map<Process, Map<EventType, Storm>>();

	/**
	 * The event that stands for the rest of the storm of `event`: itself if it is the first of the rest, null if it is
	 * listed.
	 */
	restOf(event: PendingEvent, origin: Process | null): PendingEvent | null {
		if (origin === null) return null;
		const byType = this.#storms.get(origin) ?? new Map<EventType, Storm>();
		this.#storms.set(origin, byType);
		const storm = byType.get(event.type) ?? { seen: 0, rest: null };
		byType.set(event.type, storm);
		storm.seen++;
		if (storm.seen <= LISTED) return null;
		if (storm.rest === null || storm.rest.isGone) storm.rest = event;
		return storm.rest;
	}

	clear(): void {
		this.#storms.clear();
	}
}
