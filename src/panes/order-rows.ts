/**
 * Rows sorted by one column. Each key is computed once, only indexes move, and only the requested part is sorted: of
 * 30,000 rows a screen shows 50.
 */

import { HOST_COLUMN } from "./hosts.ts";
import type { Column, Sort } from "./pane.ts";

/** Less than 0 if the row at index `a` comes before the one at `b`; never 0 for two rows. */
type Compare = (a: number, b: number) => number;

/** Sorted rows. Methods are those of an array, with the same meaning. */
export interface Ordered<Row> {
	readonly length: number;
	at(index: number): Row | undefined;
	slice(from?: number, to?: number): Row[];
	findIndex(isWanted: (row: Row) => boolean): number;
}

/** `rows` sorted by `sort`, a column or the machine; equal ones by `tie`, from the largest, then in their order. */
export function orderRows<Row>(
	rows: readonly Row[],
	columns: readonly Column<Row>[],
	sort: Sort,
	tie: (row: Row) => number = () => 0,
): Ordered<Row> {
	const machine = HOST_COLUMN as Column<unknown> as Column<Row>;
	const column = [...columns, machine].find((candidate) => candidate.key === sort.key) ?? columns[0];
	if (!column) return rows;
	const compare = compareKeys(rows, (row) => column.sortBy(row));
	const ties = numbersOf(rows, tie);
	const direction = column.isDescending === sort.isReversed ? 1 : -1;
	return new LazyOrder(rows, (a, b) => direction * compare(a, b) || (ties[b] as number) - (ties[a] as number) || a - b);
}

/** Compares two rows by their keys, ascending. */
function compareKeys<Row>(rows: readonly Row[], keyOf: (row: Row) => number | string): Compare {
	if (rows[0] !== undefined && typeof keyOf(rows[0]) === "number") {
		const numbers = numbersOf(rows, keyOf as (row: Row) => number);
		return (a, b) => (numbers[a] as number) - (numbers[b] as number);
	}
	const keys = rows.map(keyOf);
	return (a, b) => {
		const [first, second] = [keys[a] as string, keys[b] as string];
		if (first === second) return 0;
		return first < second ? -1 : 1;
	};
}

/** Like Float64Array.from(), which makes several objects for each key. */
function numbersOf<Row>(rows: readonly Row[], numberOf: (row: Row) => number): Float64Array {
	const numbers = new Float64Array(rows.length);
	for (let at = 0; at < rows.length; at++) numbers[at] = numberOf(rows[at] as Row);
	return numbers;
}

/** The sorted range begins and ends at multiples of this, so that the next row is mostly sorted already. */
const BLOCK_ROWS = 128;

class LazyOrder<Row> implements Ordered<Row> {
	readonly length: number;
	readonly #rows: readonly Row[];
	readonly #compare: Compare;
	/** Indexes of rows, sorted from `#from` to `#to`. */
	readonly #order: Uint32Array;
	#from = 0;
	#to = 0;

	constructor(rows: readonly Row[], compare: Compare) {
		this.length = rows.length;
		this.#rows = rows;
		this.#compare = compare;
		this.#order = new Uint32Array(rows.length);
		for (let at = 0; at < rows.length; at++) this.#order[at] = at;
	}

	at(index: number): Row | undefined {
		if (index < 0 || index >= this.length) return undefined;
		this.#sort(index, index + 1);
		return this.#rows[this.#order[index] as number];
	}

	slice(from = 0, to = this.length): Row[] {
		this.#sort(from, Math.min(to, this.length));
		return Array.from(this.#order.subarray(from, to), (at) => this.#rows[at] as Row);
	}

	/** Counts the rows before it, so that nothing has to be sorted to find its place. */
	findIndex(isWanted: (row: Row) => boolean): number {
		let first = -1;
		for (let at = 0; at < this.length; at++) {
			if (isWanted(this.#rows[at] as Row) && (first < 0 || this.#compare(at, first) < 0)) first = at;
		}
		if (first < 0) return -1;
		let before = 0;
		for (let at = 0; at < this.length; at++) if (this.#compare(at, first) < 0) before++;
		return before;
	}

	#sort(from: number, to: number): void {
		if (from >= this.#from && to <= this.#to) return;
		this.#from = Math.floor(from / BLOCK_ROWS) * BLOCK_ROWS;
		this.#to = Math.min(this.length, Math.ceil(to / BLOCK_ROWS) * BLOCK_ROWS);
		sortPart(this.#order, this.#compare, this.#from, this.#to);
	}
}

const INSERTION_SORT_ROWS = 12;

/** Quicksort that skips what lies outside of `from` to `to`: O(rows + part · log part). */
function sortPart(order: Uint32Array, compare: Compare, from: number, to: number): void {
	const rest: [low: number, high: number][] = [[0, order.length - 1]];
	for (let range = rest.pop(); range; range = rest.pop()) {
		const [low, high] = range;
		if (high < from || low >= to) continue;
		if (high - low < INSERTION_SORT_ROWS) {
			sortFew(order, compare, low, high);
			continue;
		}
		const middle = partition(order, compare, low, high);
		rest.push([low, middle], [middle + 1, high]);
	}
}

function sortFew(order: Uint32Array, compare: Compare, low: number, high: number): void {
	for (let next = low + 1; next <= high; next++) {
		const row = order[next] as number;
		let hole = next;
		for (; hole > low && compare(order[hole - 1] as number, row) > 0; hole--) order[hole] = order[hole - 1] as number;
		order[hole] = row;
	}
}

/** Moves rows that come before the pivot to the left of the others; returns the last index of the left part. */
function partition(order: Uint32Array, compare: Compare, low: number, high: number): number {
	const pivot = order[(low + high) >>> 1] as number;
	let left = low - 1;
	let right = high + 1;
	for (;;) {
		do left++;
		while (compare(order[left] as number, pivot) < 0);
		do right--;
		while (compare(order[right] as number, pivot) > 0);
		if (left >= right) return right;
		const row = order[left] as number;
		order[left] = order[right] as number;
		order[right] = row;
	}
}
