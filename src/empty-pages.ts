/**
 * Returns memory that V8's heap no longer needs. V8 keeps each page that a collection has emptied for its own next use,
 * and unmaps them only in a collection that is to save memory (GarbageCollectionEpilogueInSafepoint in heap.cc of V8
 * 13.6). Its memory reducer asks for those where a program seems idle, which this one never is; so the memory taken by
 * a flood, or while collections waited for a CPU, would never be returned.
 */

import { setFlagsFromString } from "node:v8";

/** Such collections take longer, since they also compact: so only one in a while is. */
const PAUSE_MS = 20_000;

/** The current collection began as an ordinary one. */
const COLLECTIONS = 2;

let left = 0;
let pauseMs = PAUSE_MS;

/** Only full collections clear a registry; those of young objects do not. */
const collected = new FinalizationRegistry<null>(() => {
	if (--left > 0) awaitCollection();
	else {
		setFlagsFromString("--no-optimize-for-size");
		setTimeout(begin, pauseMs).unref();
	}
});

/** Starts it. It uses the program's own collections and triggers none. */
export function giveEmptyPagesBack(everyMs = PAUSE_MS): void {
	pauseMs = everyMs;
	setTimeout(begin, pauseMs).unref();
}

/** After the start, the flag only has its effect on collections. */
function begin(): void {
	left = COLLECTIONS;
	setFlagsFromString("--optimize-for-size");
	awaitCollection();
}

function awaitCollection(): void {
	collected.register({}, null);
}
