/** What every table must know about a refresh. All clocks are those of the records; the model has none of its own. */

export interface Tick {
	/** CLOCK_BOOTTIME when the counters were read. A double: for ages and rates, never an identity. */
	readonly nowNs: number;
	/** CLOCK_REALTIME of that moment, in milliseconds. */
	readonly wallMs: number;
	/** The same in ISO 8601, as snapshots have it. */
	readonly time: string;
	/** Since the previous tick; 0 at the first. */
	readonly intervalNs: number;
	readonly seconds: number;
	/** The longest that one refresh or drain since the previous tick kept the program; 0 where nobody knows. */
	readonly busyNs: number;
}

export const NS_PER_SECOND = 1e9;
export const NS_PER_MS = 1e6;

/** Dead things stay this long, and until they were in at least one snapshot. */
export const KEEP_DEAD_NS = 5 * NS_PER_SECOND;
