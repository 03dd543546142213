/** Controls of a recording that is played. */

import type { Store } from "../store.ts";
import type { ReplayFeed } from "./replay.ts";

export interface Player {
	/** As many times as fast as it was recorded. */
	setSpeed(speed: number): void;
	pause(isPaused: boolean): void;
	/** Plays the next refresh, though paused; false at the end. */
	step(): boolean;
	/** Plays on as fast as possible to the refresh of that time, in milliseconds since 1970. */
	goTo(clockMs: number): void;
}

export function playerOf(feed: ReplayFeed, store: Store): Player {
	return {
		setSpeed: (speed) => feed.setSpeed(speed),
		pause: (isPaused) => feed.hold(isPaused),
		step() {
			const before = store.get();
			// One refresh may be several blocks.
			while (store.get() === before && feed.step());
			return store.get() !== before;
		},
		goTo: (clockMs) => feed.hurryUntil(() => Date.parse(store.get()?.time ?? "") >= clockMs),
	};
}
