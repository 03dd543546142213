/**
 * A map that drops its oldest entries when it is full, but none in use, so that no user can push out others' names by
 * making many. It may exceed its limit by the entries in use.
 */

export class KeptNames<Key, Value> {
	readonly #map = new Map<Key, Value>();
	readonly #limit: number;
	readonly #inUse: () => ReadonlySet<Key>;
	/** At this size it drops some. */
	#full: number;

	/** `inUse` is called only when it is full. */
	constructor(limit: number, inUse: () => ReadonlySet<Key>) {
		this.#limit = limit;
		this.#inUse = inUse;
		this.#full = limit;
	}

	get size(): number {
		return this.#map.size;
	}

	get(key: Key): Value | undefined {
		return this.#map.get(key);
	}

	set(key: Key, value: Value): void {
		if (!this.#map.has(key) && this.#map.size >= this.#full) this.#forgetOldest();
		this.#map.set(key, value);
	}

	/** Drops a quarter at once, so that the names in use are not collected for each new name. */
	#forgetOldest(): void {
		const used = this.#inUse();
		const room = Math.max(1, Math.floor(this.#limit / 4));
		for (const key of this.#map.keys()) {
			if (this.#map.size <= this.#limit - room) break;
			if (!used.has(key)) this.#map.delete(key);
		}
		this.#full = Math.max(this.#limit, this.#map.size + room);
	}
}
