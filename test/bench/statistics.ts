// Figures from noisy runs: medians, and the cost that one thing adds to another.

/** The value below which the given share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** One figure per variant of a round; a round measures all variants one after the other. */
export type Round<Variant extends string> = Readonly<Record<Variant, number>>;

/** Measures all variants in turn, `rounds` times, so that other work on the machine affects all equally. */
export async function interleave<Variant extends string>(
	rounds: number,
	variants: readonly Variant[],
	measure: (variant: Variant) => Promise<number>,
): Promise<Round<Variant>[]> {
	const results: Round<Variant>[] = [];
	for (let round = 0; round < rounds; round++) {
		const figures = {} as Record<Variant, number>;
		for (const variant of variants) figures[variant] = await measure(variant);
		results.push(figures);
	}
	return results;
}

/** Median over the rounds of what `variant` costs more than `base` did in the same round. */
export function added<V extends string>(rounds: readonly Round<V>[], variant: NoInfer<V>, base: NoInfer<V>): number {
	return median(rounds.map((round) => round[variant] - round[base]));
}
