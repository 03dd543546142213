/** Sorts by several columns; the sort is stable. */
export function sorted<Item>(items: Item[], columns: (item: Item) => readonly (string | number | null)[]): Item[] {
	const keyed = items.map((item) => ({ item, key: columns(item) }));
	keyed.sort((one, other) => {
		for (const [at, value] of one.key.entries()) {
			const order = compare(value, other.key[at] ?? null);
			if (order !== 0) return order;
		}
		return 0;
	});
	return keyed.map(({ item }) => item);
}

function compare(one: string | number | null, other: string | number | null): number {
	if (one === other) return 0;
	if (one === null || other === null) return one === null ? -1 : 1;
	return one < other ? -1 : 1;
}
