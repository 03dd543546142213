/** Splits a whole number into whole shares that add up to it exactly. */

/** Shares of `total` by weight, largest remainder first; equal shares if all weights are 0. */
export function apportion(total: number, weights: readonly number[]): number[] {
	const sum = weights.reduce((a, b) => a + b, 0);
	if (weights.length === 0) return [];
	const exact = weights.map((weight) => (sum > 0 ? total * (weight / sum) : total / weights.length));
	const shares = exact.map(Math.floor);
	let left = total - shares.reduce((a, b) => a + b, 0);
	const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) }));
	byRemainder.sort((a, b) => b.rest - a.rest);
	for (const { index } of byRemainder) {
		if (left <= 0) break;
		shares[index] = (shares[index] ?? 0) + 1;
		left--;
	}
	// Rounding of large doubles can give one too many.
	if (left < 0) {
		const largest = shares.indexOf(Math.max(...shares));
		shares[largest] = (shares[largest] ?? 0) + left;
	}
	return shares;
}

/**
 * Divides what each writer wrote among the readers so that every writer's shares add up to what it wrote and, once
 * everything was read, every reader's shares to what it read. Bytes still in transit count for the processes that read
 * the rest.
 */
export function shareMatrix(written: readonly number[], read: readonly number[]): number[][] {
	const writtenSum = written.reduce((a, b) => a + b, 0);
	const readSum = read.reduce((a, b) => a + b, 0);
	const whole = Math.max(writtenSum, readSum);
	const rows = writtenSum < whole ? apportion(whole, written) : [...written];
	const open = readSum < whole ? apportion(whole, read) : [...read];
	return rows.map((total) => {
		const shares = apportion(total, open);
		shares.forEach((share, column) => {
			open[column] = Math.max(0, (open[column] ?? 0) - share);
		});
		return shares;
	});
}
