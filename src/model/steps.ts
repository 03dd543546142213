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

export interface RunningSteps {
	/** Runs what is left at once. */
	finish(): void;
	/** What is left does not run. */
	drop(): void;
}

/**
 * Runs steps for `turnMs` in each turn of the event loop, from the next one on, then calls `done`. Steps that may throw
 * must catch their errors: nobody else does.
 */
export function runInTurns<Result>(steps: Steps<Result>, turnMs: number, done: (result: Result) => void): RunningSteps {
	/** Null at the end, so that what the steps refer to can be freed. */
	let left: Steps<Result> | null = steps;
	const runUntil = (endMs: number): void => {
		while (left !== null) {
			const step = left.next();
			if (step.done) {
				left = null;
				done(step.value);
			} else if (performance.now() >= endMs) return;
		}
	};
	const turn = (): void => {
		runUntil(performance.now() + turnMs); // nothing, if it was finished or dropped meanwhile
		if (left !== null) setImmediate(turn);
	};
	setImmediate(turn);
	return {
		finish: () => runUntil(Number.POSITIVE_INFINITY),
		drop() {
			left = null;
		},
	};
}

/** All steps at once. */
export function finish<Result>(steps: Steps<Result>): Result {
	for (;;) {
		const { value, done } = steps.next();
		if (done) return value;
	}
}
