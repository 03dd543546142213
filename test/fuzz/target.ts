/** What is fuzzed, as data, and the search for a case in which something does not hold. */

import * as fc from "fast-check";

/** One thing that takes bytes or text from outside. */
export interface FuzzTarget<Case = unknown> {
	/** As on the command line. */
	readonly name: string;
	readonly about: string;
	readonly cases: fc.Arbitrary<Case>;
	/** How many cases `npm test` tries: about a second of them. */
	readonly casesInTests: number;
	/** Throws or rejects where something does not hold. Nothing may be left from one case to the next. */
	check(given: Case): void | Promise<void>;
}

export interface Search {
	readonly seed: number;
	/** The number of the first case; each case follows from the seed and its number alone. */
	readonly first: number;
	readonly count: number;
	/** Called with the number of the case before each try; while a failing one is made smaller, it stays the same. */
	onTry?(number: number): void;
}

/** A case that failed. */
export interface Finding {
	/** The number of the case as it was found. */
	readonly number: number;
	/** The smallest case that fails in a like way, as JavaScript. */
	readonly smallest: string;
	readonly error: string;
}

/** Tries the cases one after the other; null where everything holds in all of them. */
export async function findFailure<Case>(
	target: FuzzTarget<Case>,
	{ seed, first, count, onTry }: Search,
): Promise<Finding | null> {
	let number = first - 1;
	let hasFailed = false;
	const property = fc.asyncProperty(target.cases, async (given) => {
		if (!hasFailed) number++;
		onTry?.(number);
		try {
			await target.check(given);
		} catch (error) {
			hasFailed = true;
			throw error;
		}
	});
	const details = await fc.check(property, { seed, numRuns: count, ...(first > 0 ? { path: String(first) } : {}) });
	if (!details.failed) return null;
	const error = details.errorInstance;
	return {
		number,
		smallest: fc.stringify(details.counterexample?.[0]),
		error: error instanceof Error ? (error.stack ?? error.message) : String(error),
	};
}
