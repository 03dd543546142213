/** A map with 64-bit keys given as two 32-bit words: exact, and without allocation on lookup. */

interface Slot<T> {
	readonly low: number;
	readonly high: number;
	value: T;
	next: Slot<T> | undefined;
}

export class IdMap<T> {
	size = 0;
	readonly #chains = new Map<number, Slot<T>>();

	get(low: number, high: number): T | undefined {
		return this.#slot(low, high)?.value;
	}

	set(low: number, high: number, value: T): void {
		const slot = this.#slot(low, high);
		if (slot !== undefined) {
			slot.value = value;
			return;
		}
		const hash = hashOf(low, high);
		this.#chains.set(hash, { low, high, value, next: this.#chains.get(hash) });
		this.size++;
	}

	delete(low: number, high: number): boolean {
		const hash = hashOf(low, high);
		let before: Slot<T> | undefined;
		for (let slot = this.#chains.get(hash); slot !== undefined; slot = slot.next) {
			if (slot.low === low && slot.high === high) {
				if (before !== undefined) before.next = slot.next;
				else if (slot.next !== undefined) this.#chains.set(hash, slot.next);
				else this.#chains.delete(hash);
				this.size--;
				return true;
			}
			before = slot;
		}
		return false;
	}

	*values(): IterableIterator<T> {
		for (const first of this.#chains.values()) {
			for (let slot: Slot<T> | undefined = first; slot !== undefined; slot = slot.next) yield slot.value;
		}
	}

	#slot(low: number, high: number): Slot<T> | undefined {
		let slot = this.#chains.get(hashOf(low, high));
		while (slot !== undefined && (slot.low !== low || slot.high !== high)) slot = slot.next;
		return slot;
	}
}

/** Kernel pointers differ in their middle bits: both words are mixed. 30 bits, so that the key is a small integer. */
function hashOf(low: number, high: number): number {
	const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
	return (mixed ^ (mixed >>> 15)) & 0x3fffffff;
}
