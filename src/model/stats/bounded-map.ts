/** A map that drops its oldest entry when it is full. */

import { Queue } from "./queue.ts";

export class BoundedMap<Key, Value> {
	readonly #most: number;
	readonly #values = new Map<Key, Value>();
	readonly #order = new Queue<Key>();

	constructor(most: number) {
		this.#most = most;
	}

	get(key: Key): Value | undefined {
		return this.#values.get(key);
	}

	/** The value of `key`, created if there is none. */
	obtain(key: Key, make: () => Value): Value {
		const known = this.#values.get(key);
		if (known !== undefined) return known;
		if (this.#values.size >= this.#most) this.#dropOldest();
		const value = make();
		this.#values.set(key, value);
		this.#order.add(key);
		return value;
	}

	set(key: Key, value: Value): void {
		this.obtain(key, () => value);
		this.#values.set(key, value);
	}

	has(key: Key): boolean {
		return this.#values.has(key);
	}

	delete(key: Key): void {
		this.#order.delete(key);
		this.#values.delete(key);
	}

	clear(): void {
		for (const key of [...this.#values.keys()]) this.delete(key);
	}

	#dropOldest(): void {
		const { first } = this.#order;
		if (first !== undefined) this.delete(first);
	}
}
