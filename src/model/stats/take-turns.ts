/** The first `most` of `items`, with owners taking turns: the first item of each, then the second of each. */
export function takeTurns<Item>(items: readonly Item[], ownerOf: (item: Item) => number, most: number): Item[] {
	const rounds: Item[][] = [];
	const counts = new Map<number, number>();
	for (const item of items) {
		const owner = ownerOf(item);
		const round = counts.get(owner) ?? 0;
		counts.set(owner, round + 1);
		const others = rounds[round];
		if (others === undefined) rounds.push([item]);
		else others.push(item);
	}
	return rounds.flat().slice(0, Math.max(0, most));
}
