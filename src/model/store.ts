/** Holds the latest snapshot; the one way from the model to whoever shows it. */

import type { Snapshot } from "./snapshot.ts";

export interface Store {
	/** null until the first refresh. The same reference until the next one. */
	get(): Snapshot | null;
	/** Calls `listener` after each publish; returns the function that ends it. */
	subscribe(listener: () => void): () => void;
	publish(snapshot: Snapshot): void;
}

export function createStore(): Store {
	let current: Snapshot | null = null;
	const listeners = new Set<() => void>();
	return {
		get: () => current,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		publish(snapshot) {
			current = snapshot;
			for (const listener of listeners) listener();
		},
	};
}
