/**
 * A set whose oldest member is found at once. A JavaScript Set would do, but V8 keeps deleted members as holes that
 * each new iterator walks over: taking the first member of a large set repeatedly would take quadratic time.
 */

interface Place<Item> {
	readonly item: Item;
	before: Place<Item> | undefined;
	after: Place<Item> | undefined;
}

export class Queue<Item> {
	readonly #places = new Map<Item, Place<Item>>();
	#oldest: Place<Item> | undefined;
	#youngest: Place<Item> | undefined;

	get size(): number {
		return this.#places.size;
	}

	/** The oldest member. */
	get first(): Item | undefined {
		return this.#oldest?.item;
	}

	/** Adds it as the youngest, if it is not a member yet. */
	add(item: Item): void {
		if (this.#places.has(item)) return;
		const place: Place<Item> = { item, before: this.#youngest, after: undefined };
		if (this.#youngest === undefined) this.#oldest = place;
		else this.#youngest.after = place;
		this.#youngest = place;
		this.#places.set(item, place);
	}

	delete(item: Item): void {
		const place = this.#places.get(item);
		if (place === undefined) return;
		this.#places.delete(item);
		if (place.before === undefined) this.#oldest = place.after;
		else place.before.after = place.after;
		if (place.after === undefined) this.#youngest = place.before;
		else place.after.before = place.before;
	}
}
