/** The state of one screen outside React: keys and snapshots go in, one immutable frame at a time comes out. */

import type { Store } from "../../model/store.ts";
import { createDerive, type Derive } from "./derive.ts";
import { reduce } from "./reduce.ts";
import { settle } from "./selection.ts";
import { type InitialState, type Intent, initialState, type UiState } from "./ui-state.ts";

export interface Screen {
	readonly derive: Derive;
	get(): UiState;
	subscribe(listener: () => void): () => void;
	dispatch(intent: Intent): void;
}

export interface ScreenOptions extends Omit<InitialState, "snapshot"> {
	readonly store: Store;
	setDelay(seconds: number): void;
	onQuit(): void;
}

/** A screen that follows `store` until `close`. */
export function createScreen(options: ScreenOptions): Screen & { close(): void } {
	const { store, setDelay, onQuit, ...initial } = options;
	const derive = createDerive();
	const listeners = new Set<() => void>();
	/** The last snapshot that is in the state. */
	let taken = store.get();
	let state = settle(initialState({ ...initial, snapshot: taken }), derive);

	function dispatch(intent: Intent): void {
		const before = state;
		state = reduce(state, intent, derive);
		if (state === before) return;
		if (state.delaySec !== before.delaySec) setDelay(state.delaySec);
		// What came in while paused is shown at once.
		if (before.isPaused && !state.isPaused) refresh();
		for (const listener of listeners) listener();
		if (state.hasQuit && !before.hasQuit) onQuit();
	}

	function refresh(): void {
		const snapshot = store.get();
		if (!snapshot || snapshot === taken || state.isPaused) return;
		taken = snapshot;
		dispatch({ type: "refresh", snapshot });
	}

	const close = store.subscribe(refresh);
	return {
		derive,
		close,
		dispatch,
		get: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
