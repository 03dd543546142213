/**
 * Draws no faster than the terminal takes: while it has not taken what was drawn there is no next picture, and then only
 * the newest. So nothing piles up for a terminal that takes nothing, and all but the drawing goes on.
 */

import type { Writable } from "node:stream";
import type { Screen } from "./state/screen.ts";

export interface PacedScreen extends Screen {
	/** A newer picture waits until the terminal takes one. */
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
