/** A map that forgets its oldest entry when it is full. */

export class BoundedMap<Key, Value> {
	readonly #map = new Map<Key, Value>();
	readonly #limit: number;

	constructor(limit: number) {
		this.#limit = limit;
	}

	get(key: Key): Value | undefined {
		return this.#map.get(key);
	}

	set(key: Key, value: Value): void {
		if (!this.#map.has(key) && this.#map.size >= this.#limit) {
			for (const oldest of this.#map.keys()) {
				this.#map.delete(oldest);
				break;
			}
		}
		this.#map.set(key, value);
	}
}
