/** Counts by key, and which key has the largest. */

import { Queue } from "./queue.ts";

export class Tally<Key> {
	readonly #counts = new Map<Key, number>();
	/** Keys by count, once the largest was requested: so each change costs the same, however many keys there are. */
	#keys: Map<number, Queue<Key>> | null = null;
	#largest = 0;

	get size(): number {
		return this.#counts.size;
	}

	of(key: Key): number {
		return this.#counts.get(key) ?? 0;
	}

	/** `by` may be negative; a count never becomes negative. */
	add(key: Key, by = 1): void {
		const before = this.of(key);
		const after = Math.max(0, before + by);
		if (after === 0) this.#counts.delete(key);
		else this.#counts.set(key, after);
		if (this.#keys === null) return;
		this.#take(this.#keys, key, before);
		this.#put(this.#keys, key, after);
		while (this.#largest > 0 && !this.#keys.has(this.#largest)) this.#largest--;
	}

	/** A key with the largest count: the first that reached it. */
	largest(): Key | undefined {
		this.#keys ??= this.#group();
		return this.#keys.get(this.#largest)?.first;
	}

	#group(): Map<number, Queue<Key>> {
		const keys = new Map<number, Queue<Key>>();
		for (const [key, count] of this.#counts) this.#put(keys, key, count);
		return keys;
	}

	#put(keys: Map<number, Queue<Key>>, key: Key, count: number): void {
		if (count === 0) return;
		const same = keys.get(count) ?? new Queue<Key>();
		same.add(key);
		keys.set(count, same);
		this.#largest = Math.max(this.#largest, count);
	}

	#take(keys: Map<number, Queue<Key>>, key: Key, count: number): void {
		const same = keys.get(count);
		same?.delete(key);
		if (same?.size === 0) keys.delete(count);
	}
}
