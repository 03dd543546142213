/**
 * Gives back the memory that V8's heap has shrunk by. V8 keeps each page that a collection has emptied for its own next use,
 * and unmaps them only in a collection that is to save memory (GarbageCollectionEpilogueInSafepoint in heap.cc of V8 13.6).
 * Its memory reducer asks for those where a program seems idle, which this one never does; so without this everything that a
 * flood, or a moment in which collections waited for a CPU, once took would stay.
 */

import { setFlagsFromString } from "node:v8";

/** Saving collections take longer, since they also move what is left closer together: so only one in a while is. */
const PAUSE_MS = 20_000;

/** The collection under way when they are asked for began as an ordinary one. */
const COLLECTIONS = 2;

let left = 0;
let pauseMs = PAUSE_MS;

/** Only whole collections clear a registry; those of young objects do not. */
const collected = new FinalizationRegistry<null>(() => {
	if (--left > 0) awaitCollection();
	else {
		setFlagsFromString("--no-optimize-for-size");
		setTimeout(begin, pauseMs).unref();
	}
});

/** From now on. The program's own collections do it; none is made for it. */
export function giveEmptyPagesBack(everyMs = PAUSE_MS): void {
	pauseMs = everyMs;
	setTimeout(begin, pauseMs).unref();
}

/** Of what the flag does, only what it means for collections is decided after the start. */
function begin(): void {
	left = COLLECTIONS;
	setFlagsFromString("--optimize-for-size");
	awaitCollection();
}

function awaitCollection(): void {
	collected.register({}, null);
}
