/** The rows of a list over many refreshes, each once for as long as nothing in it changed. */

import type { Row, Rows } from "../history/state.ts";

export interface HeldRow {
	readonly row: Row;
	/** The first and the last refresh that has it. */
	readonly first: number;
	readonly last: number;
	/** Of the first one. */
	readonly time: string;
	/** The same thing one refresh earlier; null: it is new, and so are its counters. */
	readonly before: Row | null;
}

/** What a refresh follows upon: nothing was counted before it; it is not known what was; the refresh before it. */
export type Follows = "nothing" | "unknown" | "refresh";

type Open = Omit<HeldRow, "last">;

export class HeldRows {
	readonly #key: ((row: Row) => string) | null;
	#open = new Map<Row, Open>();
	/** The rows of the last refresh. */
	readonly #rows = new Map<string, Row>();

	/** `key` identifies a thing; null if nothing of the list is counted. */
	constructor(key: ((row: Row) => string) | null) {
		this.#key = key;
	}

	/** Returns the rows that end with the refresh before number `no`. */
	add(no: number, time: string, rows: Rows, follows: Follows): HeldRow[] {
		const known = this.#open;
		const same = follows === "refresh" ? known : NONE;
		if (follows !== "refresh") this.#rows.clear();
		this.#open = new Map(
			rows.map((row) => [row, same.get(row) ?? { row, first: no, time, before: this.#before(row, follows) }]),
		);
		const ended = [...known].flatMap(([row, held]) => (this.#isHeld(row, held) ? [] : [{ ...held, last: no - 1 }]));
		if (this.#key !== null) this.#keep(this.#key, ended, no);
		return ended;
	}

	/** Returns those that number `no`, the last refresh, has. */
	end(no: number): HeldRow[] {
		return [...this.#open.values()].map((held) => ({ ...held, last: no }));
	}

	#before(row: Row, follows: Follows): Row | null {
		if (this.#key === null || follows === "nothing") return null;
		return follows === "unknown" ? row : (this.#rows.get(this.#key(row)) ?? null);
	}

	#isHeld(row: Row, held: Open): boolean {
		return this.#open.get(row) === held;
	}

	#keep(key: (row: Row) => string, ended: readonly HeldRow[], no: number): void {
		for (const { row } of ended) this.#rows.delete(key(row));
		for (const { row, first } of this.#open.values()) if (first === no) this.#rows.set(key(row), row);
	}
}

const NONE: ReadonlyMap<Row, Open> = new Map();
