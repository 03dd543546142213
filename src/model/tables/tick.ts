/** What every table needs to know about a refresh. All times come from the records; the model has no clock. */

export interface Tick {
	/** CLOCK_BOOTTIME when the counters were read. A double: for ages and rates, never an identity. */
	readonly nowNs: number;
	/** CLOCK_REALTIME of that moment, in milliseconds. */
	readonly wallMs: number;
	/** The same in ISO 8601, as in snapshots. */
	readonly time: string;
	/** Since the previous tick; 0 at the first. */
	readonly intervalNs: number;
	readonly seconds: number;
	/** The longest that one refresh or drain since the previous tick blocked the program; 0 if unknown. */
	readonly busyNs: number;
	/** How much of the interval the machine was suspended. */
	readonly asleepNs: number;
}

export const NS_PER_SECOND = 1e9;
export const NS_PER_MS = 1e6;

/** To whole microseconds. */
export const milliseconds = (ns: number): number => Math.round(ns / 1000) / (NS_PER_MS / 1000);

/** How long dead processes and closed connections stay, and at least until they were in one snapshot. */
export const KEEP_DEAD_NS = 5 * NS_PER_SECOND;
