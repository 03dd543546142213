/** How much totals grew from one snapshot to the next, for rows that appear and disappear. */

import { growth } from "../model/stats/rate.ts";

interface Seen<Row> {
	readonly key: string;
	readonly row: Row;
	readonly totals: readonly number[];
	/** Number of the last snapshot that had it. */
	snapshot: number;
}

export class Growth<Row extends object> {
	readonly #keyOf: (row: Row) => string;
	readonly #totalsOf: (row: Row) => readonly number[];
	readonly #byKey = new Map<string, Seen<Row>>();
	/** An unchanged row is the same object and needs no key. */
	readonly #byRow = new Map<Row, Seen<Row>>();
	#snapshot = 0;

	/** `keyOf` identifies a row for as long as it exists. */
	constructor(keyOf: (row: Row) => string, totalsOf: (row: Row) => readonly number[]) {
		this.#keyOf = keyOf;
		this.#totalsOf = totalsOf;
	}

	/**
	 * Calls `take` for each row with the increase of each of its totals; for a new row, or one that restarted, the whole
	 * total.
	 */
	next(rows: readonly Row[], take: (row: Row, grown: readonly number[]) => void): void {
		this.#snapshot++;
		for (const row of rows) take(row, this.#growthOf(row));
		for (const seen of this.#byKey.values()) {
			if (seen.snapshot === this.#snapshot) continue;
			this.#byKey.delete(seen.key);
			this.#byRow.delete(seen.row);
		}
	}

	#growthOf(row: Row): readonly number[] {
		const same = this.#byRow.get(row);
		if (same !== undefined) {
			same.snapshot = this.#snapshot;
			return same.totals.map(() => 0);
		}
		const key = this.#keyOf(row);
		const totals = this.#totalsOf(row);
		const before = this.#byKey.get(key);
		const seen = { key, row, totals, snapshot: this.#snapshot };
		if (before !== undefined) this.#byRow.delete(before.row);
		this.#byKey.set(key, seen);
		this.#byRow.set(row, seen);
		return totals.map((total, at) => growth(total, before?.totals[at] ?? 0));
	}
}
