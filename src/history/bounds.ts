/** The default bounds of the history. */

export interface HistoryBounds {
	/** How far it reaches back; 0: not at all. */
	readonly spanMs: number;
	/** Its total memory, compressed or about to be. */
	readonly mostBytes: number;
}

export const HISTORY_BOUNDS: HistoryBounds = { spanMs: 15 * 60_000, mostBytes: 64 << 20 };
