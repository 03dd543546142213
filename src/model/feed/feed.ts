/**
 * Where batches come from: the live session, a recording. A feed pushes batches of wire records into one sink; the
 * model cannot tell one feed from another.
 */

import type { EventType } from "../event-types.ts";
import type { Steps } from "../steps.ts";

/** About the machine the records come from; a recording keeps it in its header. */
export interface FeedInfo {
	readonly host: string;
	readonly kernel: string;
	/** As in uname -m; decides the names of system calls. */
	readonly machine: string;
	/** Where the records come from. */
	readonly source: "bpf" | "proc";
	/** The types of events that are wanted, of those that the records can give; absent: all. */
	readonly events?: readonly EventType[] | undefined;
}

/** Takes a batch; what it leaves to be done must be done before the next one comes. */
export type Sink = (batch: Uint8Array) => Steps | undefined;

export interface Feed {
	readonly info: FeedInfo;
	/** Delivers batches until `stop` or the end; the first one ends with a tick (seq 0). Throws where it cannot start. */
	start(sink: Sink, onEnd: (error: Error | null) => void): void;
	/** Seconds between ticks; a recording ignores it. */
	setDelay(seconds: number): void;
	/** Holds back ticks while whoever shows them is slow, or lets them come again. No record is lost meanwhile. */
	hold(isHeld: boolean): void;
	/** With `lastTick`, a live feed first delivers one last batch with a tick; then everything is released. */
	stop(lastTick: boolean): void;
}
