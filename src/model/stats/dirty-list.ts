/** Collects the items that changed since the last refresh, each once. */

export interface Dirtyable {
	isDirty: boolean;
}

export class DirtyList<T extends Dirtyable> {
	#items: T[] = [];

	add(item: T): void {
		if (item.isDirty) return;
		item.isDirty = true;
		this.#items.push(item);
	}

	/** Everything added since the last call. The list is empty afterwards and may be filled again meanwhile. */
	take(): T[] {
		const items = this.#items;
		this.#items = [];
		for (const item of items) item.isDirty = false;
		return items;
	}
}
