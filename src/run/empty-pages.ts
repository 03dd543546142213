/**
 * Returns memory that V8's heap no longer needs. V8 keeps each page that a collection has emptied for its own next use,
 * and unmaps them only in a collection that is to save memory (GarbageCollectionEpilogueInSafepoint in heap.cc of V8
 * 13.6). Its memory reducer asks for those where a program seems idle, which this one never is; so the memory taken by
 * a flood, or while collections waited for a CPU, would never be returned. And after a flood the heap has so much room
 * that V8 does not collect for minutes.
 */

import { setFlagsFromString } from "node:v8";

/** Such collections take longer, since they also compact: so only one in a while is. */
const PAUSE_MS = 20_000;

/** The current collection began as an ordinary one. */
const COLLECTIONS = 2;

/** The next collection is wanted soon where none came in so many pauses. */
const PAUSES = 2;

/**
 * A collection starts to mark, beside the program, when this much in per cent of the heap's room is used that it had after
 * the last one (IncrementalMarkingLimitReached, as above); with 0 V8 decides.
 */
const SOON = "--incremental-marking-soft-trigger=1";
const AS_EVER = "--incremental-marking-soft-trigger=0";

let left = 0;
let pauses = 0;

/** Only full collections clear a registry; those of young objects do not. */
const collected = new FinalizationRegistry<null>(() => {
	pauses = 0;
	if (--left > 0) return awaitCollection();
	setFlagsFromString("--no-optimize-for-size");
	setFlagsFromString(AS_EVER);
});

/** Starts it. Nothing waits for a collection. */
export function giveEmptyPagesBack(everyMs = PAUSE_MS): void {
	setInterval(look, everyMs).unref();
}

/** After the start, the first flag only has its effect on collections. */
function look(): void {
	if (left === 0) {
		left = COLLECTIONS;
		setFlagsFromString("--optimize-for-size");
		awaitCollection();
	}
	if (pauses >= PAUSES) setFlagsFromString(SOON);
	pauses++;
}

function awaitCollection(): void {
	collected.register({}, null);
}
