/**
 * Where batches come from: the live session, a recording. A feed pushes batches of wire records into one sink; the
 * model cannot tell one feed from another.
 */

import type { EventType } from "../event-types.ts";
import type { TableName } from "../snapshot.ts";
import { finish, type Steps } from "../steps.ts";

/** The machine that the records come from; a recording stores it in its header. */
export interface FeedInfo {
	readonly host: string;
	readonly kernel: string;
	/** As in uname -m; the names of system calls depend on it. */
	readonly machine: string;
	/** Where the records come from. */
	readonly source: "bpf" | "proc";
	/** The wanted types of events; absent: all. */
	readonly events?: readonly EventType[] | undefined;
}

/** What may be measured only while it is on the screen: a table, or a part of the rows of processes. */
export type Measurable = TableName | "sched";

/** Takes a batch; returned steps must be done before the next batch. */
export type Sink = (batch: Uint8Array) => Steps | undefined;

/** Delivers a batch without interruption. */
export function deliverAtOnce(sink: Sink, batch: Uint8Array): void {
	const steps = sink(batch);
	if (steps !== undefined) finish(steps);
}

export interface Feed {
	readonly info: FeedInfo;
	/** How often something was missing before what was delivered last; absent: never. */
	readonly gaps?: number;
	/** Delivers batches until `stop` or the end; the first one ends with a tick (seq 0). Throws if it cannot start. */
	start(sink: Sink, onEnd: (error: Error | null) => void): void;
	/** Seconds between ticks; a recording ignores it. */
	setDelay(seconds: number): void;
	/** What is on the screen now; a live feed measures what these need. */
	want(things: readonly Measurable[]): void;
	/**
	 * From now on this process and its descendants are followed instead of the previous ones; null: nothing is
	 * followed. Throws an Error with a sentence for the user if that is not possible.
	 */
	follow(pid: number | null): void;
	/** Suspends ticks while drawing is slow, or resumes them. No record is lost meanwhile. */
	hold(isHeld: boolean): void;
	/** With `lastTick`, a live feed first delivers a last batch with a tick. Then everything is released. */
	stop(lastTick: boolean): void;
}
