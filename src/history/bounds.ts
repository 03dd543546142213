/** What bounds the history where nobody says otherwise. */

export interface HistoryBounds {
	/** How far it reaches back; 0: nowhere. */
	readonly spanMs: number;
	/** What all of it may take, compressed or about to be. */
	readonly mostBytes: number;
}

export const HISTORY_BOUNDS: HistoryBounds = { spanMs: 15 * 60_000, mostBytes: 64 << 20 };
