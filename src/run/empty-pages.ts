/**
 * Returns memory that V8's heap no longer needs. V8 keeps empty pages for reuse, and unmaps them only in a collection
 * that is meant to save memory (GarbageCollectionEpilogueInSafepoint in heap.cc of V8 13.6). Its memory reducer
 * requests such collections if a program seems idle, which this one never is. So the memory taken by a flood, or while
 * collections waited for a CPU, would never be returned. And after a flood the heap has so much room that V8 does not
 * collect for minutes.
 */

import { setFlagsFromString } from "node:v8";

/** Such collections also compact and take longer, so they are made only now and then. */
const PAUSE_MS = 20_000;

/** Two, since the current collection began as an ordinary one. */
const COLLECTIONS = 2;

/**
 * While V8 collects more often than this in a pause, as in a flood, none is to save memory: it takes 70 ms with 300 MB, in
 * which no key is read.
 */
const MANY_COLLECTIONS = 3;

/** A collection is requested if there was none in this many pauses. */
const PAUSES = 2;

/**
 * Incremental marking starts when this percentage of the room that the heap had after the last collection is used
 * (IncrementalMarkingLimitReached, as above); with 0 V8 decides.
 */
const SOON = "--incremental-marking-soft-trigger=1";
const AS_EVER = "--incremental-marking-soft-trigger=0";

let left = 0;
let pauses = 0;
/** In the current pause. */
let collections = 0;

/** Only full collections clear a registry; those of young objects do not. */
const collected = new FinalizationRegistry<null>(() => {
	pauses = 0;
	collections++;
	awaitCollection();
	if (left === 0 || --left > 0) return;
	setFlagsFromString("--no-optimize-for-size");
	setFlagsFromString(AS_EVER);
});

/** Starts the requests. Nothing waits for a collection. */
export function returnEmptyPages(everyMs = PAUSE_MS): void {
	awaitCollection();
	setInterval(look, everyMs).unref();
}

/** After the start of the program, the first flag only affects collections. */
function look(): void {
	const isBusy = collections > MANY_COLLECTIONS;
	collections = 0;
	if (isBusy) return;
	if (left === 0) {
		left = COLLECTIONS;
		setFlagsFromString("--optimize-for-size");
	}
	if (pauses >= PAUSES) setFlagsFromString(SOON);
	pauses++;
}

function awaitCollection(): void {
	collected.register({}, null);
}
