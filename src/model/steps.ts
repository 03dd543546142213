/**
 * Work that may take long, in steps of about a millisecond, so that the caller can handle keys in between. Its input
 * must not change until it is done.
 */

export type Steps<Result = void> = Generator<void, Result>;

const STEP_MS = 1;

/** An item may take a microsecond or, as a process with all its files does, a third of a millisecond. */
const ITEMS_BETWEEN_LOOKS = 8;

/** Does `work` for each item. */
export function* forEachInSteps<Item>(items: Iterable<Item>, work: (item: Item) => void): Steps {
	let rest = ITEMS_BETWEEN_LOOKS;
	let endMs = performance.now() + STEP_MS;
	for (const item of items) {
		work(item);
		if (--rest > 0) continue;
		rest = ITEMS_BETWEEN_LOOKS;
		if (performance.now() < endMs) continue;
		yield;
		endMs = performance.now() + STEP_MS;
	}
}

/** All steps at once. */
export function finish<Result>(steps: Steps<Result>): Result {
	for (;;) {
		const { value, done } = steps.next();
		if (done) return value;
	}
}
