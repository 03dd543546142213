/**
 * Draws no faster than the terminal takes: until it has taken a picture, no other is drawn, and then only the newest.
 * So nothing piles up for a stuck terminal, and everything but the drawing goes on.
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
