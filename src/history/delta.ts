/**
 * What differs from one state to the next, as JSON values. A row that is the same object costs nothing, one that moved a
 * number, one that changed the fields that changed.
 */

import type { Row, Rows, State } from "./state.ts";

/** By the names of the lists in which something differs. */
export type Delta = Readonly<Record<string, ListDelta>>;

/** What leads from one list to the next. */
export interface ListDelta {
	readonly length: number;
	/** Rows that stand elsewhere than before, in runs: to, from, how many. The others stand where they stood. */
	readonly runs: readonly number[];
	readonly groups: readonly Group[];
}

/** Rows that get the same fields: names stand once, which is half of the text. */
interface Group {
	readonly names: readonly string[];
	/** Of each row: where it stands, and where the row stood before that it is made from; -1 where it is made from none. */
	readonly places: number[];
	/** Of each row, in the order of `names`. */
	readonly values: unknown[];
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

/** Null where nothing differs; from no row it is all of `after`, with names once. */
export function listDelta(before: Rows, after: Rows): ListDelta | null {
	if (before === after) return null;
	const others: number[] = [];
	for (let at = 0; at < after.length; at++) if (after[at] !== before[at]) others.push(at);
	if (others.length === 0 && before.length === after.length) return null;
	return new ListWriter(before, after, others).delta();
}

export function applyToList(before: Rows, { length, runs, groups }: ListDelta): Rows {
	const after = before.slice(0, length);
	for (let run = 0; run < runs.length; run += 3) {
		const [to = 0, from = 0, count = 0] = runs.slice(run, run + 3);
		for (let step = 0; step < count; step++) after[to + step] = before[from + step] as Row;
	}
	for (const { names, places, values } of groups) {
		let next = 0;
		for (let place = 0; place < places.length; place += 2) {
			const row: Record<string, unknown> = { ...before[places[place + 1] as number] };
			for (const name of names) row[name] = values[next++];
			after[places[place] as number] = row;
		}
	}
	return after;
}

class ListWriter {
	readonly #before: Rows;
	readonly #after: Rows;
	readonly #others: readonly number[];
	readonly #runs: number[] = [];
	/** By their names. */
	readonly #groups = new Map<string, Group>();
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
		const isSame = this.#runs.length === 0 && this.#groups.size === 0 && length === this.#before.length;
		return isSame ? null : { length, runs: this.#runs, groups: [...this.#groups.values()] };
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
		const names = Object.keys(row);
		const moved = at + this.#offset;
		for (const from of this.#offset === 0 ? [at] : [moved, at]) {
			const before = this.#before[from];
			const changed = before && changedNames(before, row, names);
			if (!changed) continue;
			if (from !== at || changed.length > 0) this.#put(changed, at, from, row);
			return;
		}
		this.#put(names, at, -1, row);
	}

	#put(names: readonly string[], at: number, from: number, row: Row): void {
		const key = names.join();
		let group = this.#groups.get(key);
		if (group === undefined) {
			group = { names, places: [], values: [] };
			this.#groups.set(key, group);
		}
		group.places.push(at, from);
		for (const name of names) group.values.push(row[name]);
	}
}

/** Which of `names`, all that `after` has, differ; null where that is more than half, or `before` has others. */
function changedNames(before: Row, after: Row, names: readonly string[]): string[] | null {
	if (Object.keys(before).length !== names.length) return null;
	const changed: string[] = [];
	for (const name of names) {
		const was = before[name];
		if (isSame(was, after[name])) continue;
		if (was === undefined || changed.length * 2 >= names.length) return null;
		changed.push(name);
	}
	return changed;
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
