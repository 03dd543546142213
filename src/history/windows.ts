/**
 * Several refreshes as one, for recordings that take less room as they age: it has everything that was in any of them, all events,
 * counters as they were at last, and rates that are means. So sums over any time that begins and ends with windows stay exact.
 */

import type { Snapshot } from "../model/snapshot.ts";
import { SpanSums } from "./span.ts";

export class Windows {
	readonly #windowMs: number;
	readonly #most: number | undefined;
	#sums: SpanSums | null = null;
	#last: Snapshot | null = null;
	#beginMs = 0;
	#isEmpty = true;
	#left = 0;

	/** `most`: as in SpanSums, for tests. */
	constructor(windowMs: number, most?: number) {
		this.#windowMs = windowMs;
		this.#most = most;
	}

	/** Rows that found no room: then sums are not exact. */
	get left(): number {
		return this.#left;
	}

	/** Returns the windows that are complete. The first refresh is one. `snapshot` has only the events of its own interval. */
	add(snapshot: Snapshot): Snapshot[] {
		if (this.#sums === null) {
			this.#begin(snapshot);
			return [snapshot];
		}
		const restarts = this.#sums.restarts(snapshot);
		const isOver = restarts || snapshot.system.uptimeMs - this.#beginMs > this.#windowMs;
		const done = isOver ? this.end() : [];
		// What counts anew is a refresh of its own, after one of no time that does not have what had been gone: otherwise it would seem
		// to go on counting.
		if (restarts && this.#last !== null) done.push({ ...this.#last, intervalMs: 0, events: [] });
		this.#sums.add(snapshot, snapshot.events.length);
		this.#last = snapshot;
		this.#isEmpty = false;
		return restarts ? [...done, ...this.end()] : done;
	}

	/** Returns the last one. */
	end(): Snapshot[] {
		if (this.#sums === null || this.#last === null || this.#isEmpty) return [];
		const { snapshot, left } = this.#sums.window();
		this.#left += left;
		this.#begin(this.#last);
		return [snapshot];
	}

	#begin(snapshot: Snapshot): void {
		this.#sums = new SpanSums(snapshot, this.#most);
		this.#last = snapshot;
		this.#beginMs = snapshot.system.uptimeMs;
		this.#isEmpty = true;
	}
}
