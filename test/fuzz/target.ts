/** A fuzz target as data, and the search for a case that fails. */

import { setImmediate as turn } from "node:timers/promises";
import * as fc from "fast-check";

/** How many cases share a turn of the event loop: what they began in other threads, as compression, ends between turns. */
const CASES_PER_TURN = 64;

/** One function that takes untrusted bytes or text. */
export interface FuzzTarget<Case = unknown> {
	/** Its name on the command line. */
	readonly name: string;
	readonly about: string;
	readonly cases: fc.Arbitrary<Case>;
	/** How many cases `npm test` tries: about a second of them. */
	readonly casesInTests: number;
	/** Throws or rejects if a property does not hold. Must keep no state between cases. */
	check(given: Case): void | Promise<void>;
}

export interface Search {
	readonly seed: number;
	/** The number of the first case; a case depends only on the seed and its number. */
	readonly first: number;
	readonly count: number;
	/**
	 * Called with the number of the case before each try; the number stays the same while a failing case is reduced.
	 */
	onTry?(number: number): void;
}

/** A case that failed. */
export interface Finding {
	/** The number of the case before it was reduced. */
	readonly number: number;
	/** The reduced case, as JavaScript. */
	readonly smallest: string;
	readonly error: string;
}

/** Tries the cases one after the other; null if none fails. */
export async function findFailure<Case>(
	target: FuzzTarget<Case>,
	{ seed, first, count, onTry }: Search,
): Promise<Finding | null> {
	let number = first - 1;
	let hasFailed = false;
	const property = fc.asyncProperty(target.cases, async (given) => {
		if (!hasFailed) number++;
		onTry?.(number);
		if (number % CASES_PER_TURN === 0) await turn();
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
