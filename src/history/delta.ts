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
	return before === after ? null : new ListWriter(before, after).delta();
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

/** How far from where a row is expected it is looked for, since a few rows before it may have come or gone. */
const NEAR = 8;
/** Groups that are looked through for the one of a row; where there are more one with the same names may be made again. */
const MOST_LOOKS = 64;

/**
 * At one refresh a second most of this is code that V8 has not optimized, where each step of an iterator and each callback
 * makes garbage: hence loops over places. But no for-in: V8 optimizes it for one shape of rows, and again for the next.
 */
class ListWriter {
	readonly #before: Rows;
	readonly #after: Rows;
	readonly #runs: number[] = [];
	readonly #groups: Group[] = [];
	/** How far from its place before the last row stood that moved: its neighbours moved as far. */
	#offset = 0;
	/** Where rows stand of which it is not known where they stood. */
	readonly #rest: number[] = [];
	/** Names of the fields that differ between the two rows that were compared last, and others behind them. */
	readonly #changed: string[] = [];

	constructor(before: Rows, after: Rows) {
		this.#before = before;
		this.#after = after;
	}

	delta(): ListDelta | null {
		this.#writeMost();
		if (this.#rest.length > 0) this.#writeRest();
		const length = this.#after.length;
		const isSame = this.#runs.length === 0 && this.#groups.length === 0 && length === this.#before.length;
		if (isSame) return null;
		return { length, runs: this.#runs, groups: this.#groups };
	}

	/** Most rows are where they were, changed or not, or went on together as those of the events do. */
	#writeMost(): void {
		const [before, after] = [this.#before, this.#after];
		for (let at = 0; at < after.length; at++) {
			const row = after[at] as Row;
			if (before[at + this.#offset] !== row) {
				const from = before[at] === row ? at : this.#near(at + this.#offset, row);
				if (from < 0) {
					if (!this.#writeChange(at)) this.#rest.push(at);
					continue;
				}
				this.#offset = from - at;
			}
			if (this.#offset !== 0) this.#move(at, at + this.#offset);
		}
	}

	/** Where `row` stood near `at`; -1 where it did not. Of the first row, anywhere: many at the begin may have gone. */
	#near(at: number, row: Row): number {
		const before = this.#before;
		if (at === 0) return before.indexOf(row);
		const end = Math.min(before.length, at + NEAR);
		for (let from = Math.max(0, at - NEAR); from < end; from++) if (before[from] === row) return from;
		return -1;
	}

	#move(at: number, from: number): void {
		const runs = this.#runs;
		const last = runs.length - 3;
		const count = last < 0 ? 0 : (runs[last + 2] as number);
		if (count > 0 && (runs[last] as number) + count === at && (runs[last + 1] as number) + count === from) {
			runs[last + 2] = count + 1;
		} else runs.push(at, from, 1);
	}

	#writeChange(at: number): boolean {
		const stood = at + this.#offset;
		if (this.#writeFrom(at, stood)) return true;
		return stood !== at && stood < this.#before.length && this.#writeFrom(at, at);
	}

	/** New rows, and such as stood elsewhere. */
	#writeRest(): void {
		const places = this.#placesBefore();
		for (let rest = 0; rest < this.#rest.length; rest++) {
			const at = this.#rest[rest] as number;
			const row = this.#after[at] as Row;
			const from = places.get(row);
			if (from !== undefined) this.#move(at, from);
			else this.#putAll(row, at);
		}
	}

	/** True where few fields differ from the row that stood at `from`, which mostly is what the one at `at` was before. */
	#writeFrom(at: number, from: number): boolean {
		const before = this.#before[from];
		const row = this.#after[at] as Row;
		const count = before === undefined ? -1 : compare(before, row, this.#changed);
		if (count < 0) return false;
		if (from !== at || count > 0) this.#put(this.#changed, count, at, from);
		return true;
	}

	/** Where the rows stood whose place another one has now, and of which nothing was made. */
	#placesBefore(): Map<Row, number> {
		const [before, after, runs] = [this.#before, this.#after, this.#runs];
		const taken = new Uint8Array(before.length);
		for (const { places } of this.#groups) {
			for (let place = 1; place < places.length; place += 2) taken[places[place] as number] = 1;
		}
		for (let run = 0; run < runs.length; run += 3) {
			const from = runs[run + 1] as number;
			taken.fill(1, from, from + (runs[run + 2] as number));
		}
		const places = new Map<Row, number>();
		for (let at = 0; at < before.length; at++) {
			const row = before[at] as Row;
			if (row !== after[at] && taken[at] !== 1) places.set(row, at);
		}
		return places;
	}

	#putAll(row: Row, at: number): void {
		const names = Object.keys(row);
		this.#put(names, names.length, at, -1);
	}

	/** The row at `at` gets the first `count` of `names`. */
	#put(names: readonly string[], count: number, at: number, from: number): void {
		const { places, values } = this.#groupOf(names, count);
		const row = this.#after[at] as Row;
		places.push(at, from);
		for (let name = 0; name < count; name++) values.push(row[names[name] as string]);
	}

	#groupOf(names: readonly string[], count: number): Group {
		const groups = this.#groups;
		for (let look = groups.length - 1; look >= 0 && look >= groups.length - MOST_LOOKS; look--) {
			const group = groups[look] as Group;
			if (group.names.length === count && beginsWith(names, group.names)) return group;
		}
		const group: Group = { names: names.slice(0, count), places: [], values: [] };
		groups.push(group);
		return group;
	}
}

function beginsWith(names: readonly string[], begin: readonly string[]): boolean {
	for (let at = 0; at < begin.length; at++) if (names[at] !== begin[at]) return false;
	return true;
}

/** How many fields of `after` differ, their names in `changed`; -1 where that is more than half, or `before` has others. */
function compare(before: Row, after: Row, changed: string[]): number {
	const names = Object.keys(after);
	if (Object.keys(before).length !== names.length) return -1;
	let count = 0;
	for (let at = 0; at < names.length; at++) {
		const name = names[at] as string;
		const was = before[name];
		if (isSame(was, after[name])) continue;
		if (was === undefined || count * 2 >= names.length) return -1;
		changed[count++] = name;
	}
	return count;
}

/** Equal as JSON values. */
function isSame(a: unknown, b: unknown): boolean {
	return a === b || (typeof a === "object" && typeof b === "object" && a !== null && b !== null && areAlike(a, b));
}

function areAlike(a: object, b: object): boolean {
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const names = Object.keys(a);
	if (names.length !== Object.keys(b).length) return false;
	for (let at = 0; at < names.length; at++) {
		const name = names[at] as string;
		if (!Object.hasOwn(b, name) || !isSame((a as Row)[name], (b as Row)[name])) return false;
	}
	return true;
}
