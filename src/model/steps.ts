/**
 * Work that may take long, in steps of about a millisecond: whoever drives it can look at keys between two of them. What it
 * works on must be left alone until it is done.
 */

export type Steps<Result = void> = Generator<void, Result>;

const ITEMS_IN_STEP = 256;

/** Does `work` for each item. */
export function* forEachInSteps<Item>(items: Iterable<Item>, work: (item: Item) => void): Steps {
	let rest = ITEMS_IN_STEP;
	for (const item of items) {
		work(item);
		if (--rest > 0) continue;
		yield;
		rest = ITEMS_IN_STEP;
	}
}

/** All steps at once. */
export function finish<Result>(steps: Steps<Result>): Result {
	for (;;) {
		const { value, done } = steps.next();
		if (done) return value;
	}
}
