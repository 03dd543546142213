/** The rows of one table: a new array is made only for a refresh in which a row was added, changed or removed. */

/** The owner of a row. The list keeps the row's index in it. */
export interface RowOwner {
	rowIndex: number;
}

export const NO_ROW = -1;

export class RowList<Row> {
	readonly #rows: Row[] = [];
	readonly #owners: RowOwner[] = [];
	#published: readonly Row[] = [];
	#isChanged = false;

	get size(): number {
		return this.#rows.length;
	}

	/** The current row of `owner`. */
	rowOf(owner: RowOwner): Row | undefined {
		return this.#rows[owner.rowIndex];
	}

	put(owner: RowOwner, row: Row): void {
		if (owner.rowIndex === NO_ROW) {
			owner.rowIndex = this.#rows.length;
			this.#owners.push(owner);
			this.#rows.push(row);
		} else {
			this.#rows[owner.rowIndex] = row;
		}
		this.#isChanged = true;
	}

	/** Moves the last row into the place of the removed one. */
	remove(owner: RowOwner): void {
		const index = owner.rowIndex;
		if (index === NO_ROW) return;
		const lastOwner = this.#owners.pop();
		const lastRow = this.#rows.pop();
		if (lastOwner !== undefined && lastOwner !== owner) {
			this.#owners[index] = lastOwner;
			this.#rows[index] = lastRow as Row;
			lastOwner.rowIndex = index;
		}
		owner.rowIndex = NO_ROW;
		this.#isChanged = true;
	}

	/** The same array as before if nothing changed. */
	publish(): readonly Row[] {
		if (this.#isChanged) this.#published = this.#rows.slice();
		this.#isChanged = false;
		return this.#published;
	}
}
