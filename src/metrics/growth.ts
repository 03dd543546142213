/** What totals grew by from one snapshot to the next, of rows that come and go. */

interface Seen<Row> {
	readonly row: Row;
	readonly totals: readonly number[];
}

export class Growth<Row extends object> {
	readonly #keyOf: (row: Row) => string;
	readonly #totalsOf: (row: Row) => readonly number[];
	#before = new Map<string, Seen<Row>>();

	/** `keyOf` names a row for as long as it is there. */
	constructor(keyOf: (row: Row) => string, totalsOf: (row: Row) => readonly number[]) {
		this.#keyOf = keyOf;
		this.#totalsOf = totalsOf;
	}

	/** Calls `take` for each row with what each of its totals grew by; of a new one, or one that began again, all of it. */
	next(rows: readonly Row[], take: (row: Row, grown: readonly number[]) => void): void {
		const now = new Map<string, Seen<Row>>();
		for (const row of rows) {
			const key = this.#keyOf(row);
			const before = this.#before.get(key);
			const totals = before?.row === row ? before.totals : this.#totalsOf(row);
			now.set(key, { row, totals });
			take(
				row,
				totals.map((total, at) => grownFrom(before?.totals[at], total)),
			);
		}
		this.#before = now;
	}
}

function grownFrom(before: number | undefined, now: number): number {
	return before === undefined || now < before ? now : now - before;
}
