/**
 * Draws no faster than the terminal accepts output: until it has taken a frame, no other is drawn, and then only the
 * newest. So nothing accumulates for a stuck terminal, and everything but the drawing continues.
 */

import type { Writable } from "node:stream";
import type { Screen } from "./state/screen.ts";

export interface PacedScreen extends Screen {
	/** Whether a newer frame waits for the terminal. */
	isBehind(): boolean;
}

export function paceByTerminal(screen: Screen, terminal: Writable): PacedScreen {
	const waiting = new Set<() => void>();
	const catchUp = (): void => {
		const listeners = [...waiting];
		waiting.clear();
		for (const listener of listeners) listener();
	};
	return {
		...screen,
		isBehind: () => waiting.size > 0,
		subscribe(listener) {
			const unsubscribe = screen.subscribe(() => {
				if (!terminal.writableNeedDrain) return listener();
				if (waiting.size === 0) terminal.once("drain", catchUp);
				waiting.add(listener);
			});
			return () => {
				waiting.delete(listener);
				unsubscribe();
			};
		},
	};
}
