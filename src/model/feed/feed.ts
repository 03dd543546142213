/**
 * Where batches come from: the live session, a recording. A feed pushes batches of wire records into one sink; the
 * model cannot tell one feed from another.
 */

import type { EventType } from "../event-types.ts";
import type { TableName } from "../snapshot.ts";
import { finish, type Steps } from "../steps.ts";

/** About the machine the records come from; a recording keeps it in its header. */
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

/** What may be measured only while somebody looks at it: a table, or a part of the rows of processes. */
export type Measurable = TableName | "sched";

/** Takes a batch; what it leaves to be done must be done before the next one comes. */
export type Sink = (batch: Uint8Array) => Steps | undefined;

/** For a feed that has nothing else to do meanwhile. */
export function deliverAtOnce(sink: Sink, batch: Uint8Array): void {
	const steps = sink(batch);
	if (steps !== undefined) finish(steps);
}

export interface Feed {
	readonly info: FeedInfo;
	/** Delivers batches until `stop` or the end; the first one ends with a tick (seq 0). Throws where it cannot start. */
	start(sink: Sink, onEnd: (error: Error | null) => void): void;
	/** Seconds between ticks; a recording ignores it. */
	setDelay(seconds: number): void;
	/** What somebody looks at now; a live feed measures what these need. */
	want(things: readonly Measurable[]): void;
	/**
	 * From now on this process and its descendants are followed, instead of what was before; null: nothing. Throws a
	 * sentence where that is not possible.
	 */
	follow(pid: number | null): void;
	/** Suspends ticks while drawing is slow, or resumes them. No record is lost meanwhile. */
	hold(isHeld: boolean): void;
	/** With `lastTick`, a live feed first delivers a last batch with a tick. Then everything is released. */
	stop(lastTick: boolean): void;
}
