/** The state of one screen outside React: keys and snapshots go in, one immutable frame at a time comes out. */

import type { Store } from "../model/store.ts";
import { createDerive, type Derive, type Registry } from "./derive.ts";
import { reduce } from "./reduce.ts";
import { settle } from "./selection.ts";
import { type InitialState, type Intent, initialState, type UiState } from "./ui-state.ts";

export interface Screen {
	readonly derive: Derive;
	get(): UiState;
	subscribe(listener: () => void): () => void;
	dispatch(intent: Intent): void;
}

export interface ScreenOptions extends Omit<InitialState, "snapshot" | "registry"> {
	readonly store: Store;
	readonly registry: Registry;
	setDelay(seconds: number): void;
	onQuit(): void;
}

/** A screen that follows `store` until `close`. */
export function createScreen(options: ScreenOptions): Screen & { close(): void } {
	const { store, registry } = options;
	const derive = createDerive(registry);
	const listeners = new Set<() => void>();
	let state = settle(initialState({ ...options, snapshot: store.get() }), derive);

	function dispatch(intent: Intent): void {
		const before = state;
		state = reduce(state, intent, derive);
		if (state === before) return;
		if (state.delaySec !== before.delaySec) options.setDelay(state.delaySec);
		// What came in while paused is shown at once.
		if (before.isPaused && !state.isPaused) refresh();
		for (const listener of listeners) listener();
		if (state.hasQuit && !before.hasQuit) options.onQuit();
	}

	function refresh(): void {
		const snapshot = store.get();
		if (snapshot) dispatch({ type: "refresh", snapshot });
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
