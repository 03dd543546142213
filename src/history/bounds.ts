/** The default bounds of the history. */

export interface HistoryBounds {
	/** How far back it reaches; 0: not at all. */
	readonly spanMs: number;
	/** Its total memory, compressed or waiting for compression. */
	readonly mostBytes: number;
}

export const HISTORY_BOUNDS: HistoryBounds = { spanMs: 15 * 60_000, mostBytes: 64 << 20 };

/** How much --keep-when saves before and after a match. */
export const KEEP_AROUND_MS = 60_000;

/** How often it does so in one run. */
export const MOST_KEPT = 20;

/** What must be remembered for it, with room for late refreshes. */
export const KEEPER_NEEDS_MS = 3 * KEEP_AROUND_MS;
