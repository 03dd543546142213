/** Makes snapshots of untrusted states: each row is checked once, and a row that did not change stays the same object. */

import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../model/steps.ts";
import { type Conform, conformHead, conformRows } from "./conform.ts";
import { DamagedDelta } from "./delta.ts";
import { ALL_LISTS, join, type Row, type Rows, type State } from "./state.ts";

export class SafeSnapshots {
	/** The checked copy of each row; a copy stays as it is. */
	readonly #rows = new WeakMap<Row, object>();
	readonly #lists = new WeakMap<Rows, readonly object[]>();
	readonly #leavesOut: boolean;
	/** Rows that were left out. */
	readonly #odd = new WeakSet<Row>();
	#leftOut = 0;

	/** `leavesOut`: rows that do not conform are left out, as of kinds that another version has; else they are damage. */
	constructor(leavesOut = false) {
		this.#leavesOut = leavesOut;
	}

	/** How many rows were left out so far. */
	get leftOut(): number {
		return this.#leftOut;
	}

	/** In steps, for callers with other work. Throws DamagedDelta. */
	*of(state: State): Steps<Snapshot> {
		const head = state.head?.[0];
		if (head === undefined) throw new DamagedDelta();
		const lists: [string, Rows][] = [];
		for (const list of ALL_LISTS) {
			lists.push([list, this.#rowsOf(list, state[list] ?? []) as Rows]);
			yield;
		}
		return join({ ...Object.fromEntries(lists), head: [conforming(HEAD, head)] });
	}

	#rowsOf(list: string, rows: Rows): readonly object[] {
		const known = this.#lists.get(rows);
		if (known !== undefined) return known;
		const conform = ROWS.get(list) as Conform;
		const made = rows.flatMap((row) => this.#rows.get(row) ?? this.#make(conform, row) ?? []);
		this.#lists.set(rows, made).set(made as Rows, made);
		return made;
	}

	/** Null where the row is left out. */
	#make(conform: Conform, row: Row): object | null {
		if (this.#odd.has(row)) return null;
		const made = conform(row) as Row | undefined;
		if (made !== undefined) {
			this.#rows.set(row, made).set(made, made);
			return made;
		}
		if (!this.#leavesOut) throw new DamagedDelta();
		this.#odd.add(row);
		this.#leftOut++;
		return null;
	}
}

const HEAD = conformHead(ALL_LISTS);
const ROWS = new Map(ALL_LISTS.map((list) => [list, conformRows(list)]));

function conforming(conform: Conform, row: Row): Row {
	const made = conform(row);
	if (made === undefined) throw new DamagedDelta();
	return made as Row;
}

/** Names of lists that may be keys of a state: others would be found in any object. */
export function areListNames(value: unknown): value is string[] {
	return areTexts(value) && !value.some((list) => list in Object.prototype);
}

export function areTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((text) => typeof text === "string");
}
