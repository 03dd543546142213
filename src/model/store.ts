/** Holds the latest snapshot; the only way from the model to its readers. */

import type { Snapshot } from "./snapshot.ts";
import type { Steps } from "./steps.ts";

export interface Store {
	/** null until the first refresh. The same reference until the next. */
	get(): Snapshot | null;
	/** Something of a recording is missing before it. */
	readonly isAfterGap: boolean;
	/** Calls `listener` with each snapshot that is published; returns a function that unsubscribes it. */
	subscribe(listener: (snapshot: Snapshot, isAfterGap: boolean) => void): () => void;
	publish(snapshot: Snapshot, isAfterGap?: boolean): void;
	/** From now on `work` is done with each snapshot before it is published. */
	onPrepare(work: (snapshot: Snapshot) => Steps): void;
	/** Does what readers want to be done before it is published. */
	prepare(snapshot: Snapshot): Steps;
}

export function createStore(): Store {
	let current: Snapshot | null = null;
	let isAfterGap = false;
	const preparations: ((snapshot: Snapshot) => Steps)[] = [];
	const listeners = new Set<(snapshot: Snapshot, isAfterGap: boolean) => void>();
	return {
		get: () => current,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		get isAfterGap() {
			return isAfterGap;
		},
		publish(snapshot, isAfter = false) {
			current = snapshot;
			isAfterGap = isAfter;
			for (const listener of listeners) listener(snapshot, isAfter);
		},
		onPrepare: (work) => void preparations.push(work),
		*prepare(snapshot) {
			for (const work of preparations) yield* work(snapshot);
		},
	};
}
