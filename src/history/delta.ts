/**
 * What differs from one state to the next, as JSON values. A row that is the same object costs nothing, one that moved a
 * number, one that changed the fields that changed.
 */

import type { Row, Rows, State } from "./state.ts";

/** By the names of the lists in which something differs. */
export type Delta = Readonly<Record<string, ListDelta>>;

interface ListDelta {
	readonly length: number;
	/** Rows that stand elsewhere than before, in runs: to, from, how many. The others stand where they stood. */
	readonly runs: readonly number[];
	/** At which place, made from the row at which place before, with these fields. */
	readonly changed: readonly (readonly [at: number, from: number, fields: Row])[];
	/** Rows that are made from none. */
	readonly whole: readonly (readonly [at: number, row: Row])[];
}

/** What leads from `before` to `after`. */
export function deltaOf(before: State, after: State): Delta {
	const delta: Record<string, ListDelta> = {};
	for (const [name, rows] of Object.entries(after)) {
		const found = listDelta(before[name] ?? [], rows);
		if (found !== null) delta[name] = found;
	}
	return delta;
}

/** The state after `before`; rows and lists in which nothing differs are those of `before`. */
export function applyDelta(before: State, delta: Delta): State {
	const after: Record<string, Rows> = { ...before };
	for (const [name, change] of Object.entries(delta)) after[name] = applyToList(before[name] ?? [], change);
	return after;
}

/** Null where nothing differs. */
function listDelta(before: Rows, after: Rows): ListDelta | null {
	if (before === after) return null;
	const others: number[] = [];
	for (let at = 0; at < after.length; at++) if (after[at] !== before[at]) others.push(at);
	if (others.length === 0 && before.length === after.length) return null;
	return new ListWriter(before, after, others).delta();
}

function applyToList(before: Rows, { length, runs, changed, whole }: ListDelta): Rows {
	const after = before.slice(0, length);
	for (let run = 0; run < runs.length; run += 3) {
		const [to = 0, from = 0, count = 0] = runs.slice(run, run + 3);
		for (let step = 0; step < count; step++) after[to + step] = before[from + step] as Row;
	}
	for (const [at, from, fields] of changed) after[at] = { ...before[from], ...fields };
	for (const [at, row] of whole) after[at] = row;
	return after;
}

class ListWriter {
	readonly #before: Rows;
	readonly #after: Rows;
	readonly #others: readonly number[];
	readonly #runs: number[] = [];
	readonly #changed: [number, number, Row][] = [];
	readonly #whole: [number, Row][] = [];
	/** How far from its place before the last row stood that moved: its neighbours moved as far. */
	#offset = 0;

	constructor(before: Rows, after: Rows, others: readonly number[]) {
		this.#before = before;
		this.#after = after;
		this.#others = others;
	}

	delta(): ListDelta | null {
		const places = this.#placesBefore();
		for (const at of this.#others) {
			const row = this.#after[at] as Row;
			const from = places.get(row);
			if (from === undefined) this.#change(at, row);
			else this.#move(at, from);
		}
		const length = this.#after.length;
		const isSame = this.#runs.length + this.#changed.length + this.#whole.length === 0;
		if (isSame && length === this.#before.length) return null;
		return { length, runs: this.#runs, changed: this.#changed, whole: this.#whole };
	}

	/** Where the rows stood whose place another one has now. */
	#placesBefore(): Map<Row, number> {
		const places = new Map<Row, number>();
		const add = (at: number) => {
			const row = this.#before[at];
			if (row !== undefined) places.set(row, at);
		};
		this.#others.forEach(add);
		for (let at = this.#after.length; at < this.#before.length; at++) add(at);
		return places;
	}

	#move(at: number, from: number): void {
		this.#offset = from - at;
		const runs = this.#runs;
		const [to = 0, source = 0, count = 0] = runs.slice(-3);
		if (count > 0 && to + count === at && source + count === from) runs[runs.length - 1] = count + 1;
		else runs.push(at, from, 1);
	}

	#change(at: number, row: Row): void {
		const moved = at + this.#offset;
		for (const from of this.#offset === 0 ? [at] : [moved, at]) {
			const before = this.#before[from];
			const fields = before && changedFields(before, row, Object.keys(row).length / 2);
			if (!fields) continue;
			if (from !== at || Object.keys(fields).length > 0) this.#changed.push([at, from, fields]);
			return;
		}
		this.#whole.push([at, row]);
	}
}

/** Null where more than `most` fields differ, or `before` has others. */
function changedFields(before: Row, after: Row, most: number): Row | null {
	const names = Object.keys(after);
	if (Object.keys(before).length !== names.length) return null;
	const fields: Record<string, unknown> = {};
	let changed = 0;
	for (const name of names) {
		const was = before[name];
		const is = after[name];
		if (isSame(was, is)) continue;
		if (was === undefined || ++changed > most) return null;
		fields[name] = is;
	}
	return fields;
}

/** Equal as JSON values. */
function isSame(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const names = Object.keys(a);
	if (names.length !== Object.keys(b).length) return false;
	return names.every((name) => Object.hasOwn(b, name) && isSame((a as Row)[name], (b as Row)[name]));
}
