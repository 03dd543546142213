/**
 * What differs from one state to the next. A row that is the same object costs nothing, a moved row a few numbers, a
 * changed row its changed fields.
 */

import { finish, type Steps } from "../model/steps.ts";
import { type Compare, compareOf } from "./compare.ts";
import type { Row, Rows, State } from "./state.ts";

/**
 * For each list that differs: its index in `lists`; its length; the rows with new fields, as a count and then for each
 * its index, as the distance from that of the row before, which compresses best; the former index of the row that it is based
 * on, as the distance from its own (NOWHERE: none); the index of its names in `shapes`; and a value for each name; the runs of moved rows, as a count and then for each the target index, the source index and the
 * length. All other rows stay in place. All of these are numbers, since they are written and read fastest; NaN stands
 * for a value that is not a number, which is the next of `others`.
 */
export interface Delta {
	readonly numbers: Float64Array;
	/** An array, as JSON. */
	readonly others: string;
}

export interface ParsedDelta extends Pick<Delta, "numbers"> {
	readonly others: readonly unknown[];
}

/** Shared by deltas that are read in sequence, so that each name is stored once. */
export interface Names {
	readonly lists: string[];
	readonly shapes: (readonly string[])[];
}

/** The state after `before`; rows and lists in which nothing differs are those of `before`. Throws DamagedDelta. */
export function applyDelta(before: State, delta: Delta | ParsedDelta, names: Names): State {
	const read = new DeltaReader(delta, names);
	const after: Record<string, Rows> = { ...before };
	for (let list = read.list(); list !== undefined; list = read.list()) {
		if (after[list] !== before[list]) throw new DamagedDelta();
		const rows = before[list] ?? [];
		after[list] = read.rows(rows, (length) => rows.slice(0, length));
	}
	return after;
}

/** The same for the pieces of a state, in which lists only grow: into `state` itself, since copies of long lists take long. */
export function growByDelta(state: Record<string, Row[]>, delta: Delta, names: Names): void {
	const read = new DeltaReader(delta, names);
	for (let list = read.list(); list !== undefined; list = read.list()) {
		const rows = state[list] ?? [];
		state[list] = rows;
		read.rows(rows, () => rows);
	}
}

/** Thrown for a delta that no DeltaWriter wrote, as in a damaged or forged file. */
export class DamagedDelta extends Error {}

/** No distance between two rows. */
const NOWHERE = 0.5;

/** More rows of one list are not read: more processes than a kernel can have. */
const MOST_ROWS = 1 << 22;

class DeltaReader {
	readonly #numbers: Float64Array;
	readonly #others: readonly unknown[];
	readonly #names: Names;
	#number = 0;
	#other = 0;
	/** By number of the shape. */
	readonly #makes: (Makes | undefined)[] = [];

	constructor({ numbers, others }: Delta | ParsedDelta, names: Names) {
		this.#numbers = numbers;
		this.#others = typeof others === "string" ? JSON.parse(others) : others;
		this.#names = names;
	}

	list(): string | undefined {
		return this.#number < this.#numbers.length ? nameAt(this.#names.lists, this.#next()) : undefined;
	}

	/** Reading takes no longer than the delta and the rows before are long, whatever it says. */
	rows(before: Rows, copy: (length: number) => Row[]): Rows {
		const length = this.#next();
		if (!(length >= 0 && length <= MOST_ROWS)) throw new DamagedDelta();
		const known = before.length;
		const after = copy(length);
		let placed = this.#placeMade(before, after, length);
		for (let runs = this.#next(); runs > 0; runs--) {
			const [to, from, count] = [this.#next(), this.#next(), this.#next()];
			placed += count;
			const isInside = to >= 0 && from >= 0 && count >= 0 && from + count <= before.length && placed <= length;
			if (!isInside) throw new DamagedDelta();
			for (let step = 0; step < count; step++) after[to + step] = before[from + step] as Row;
		}
		if (after.length !== length || length > known + placed) throw new DamagedDelta();
		for (let at = known; at < length; at++) if (after[at] === undefined) throw new DamagedDelta();
		return after;
	}

	/** Puts the rows with new fields into `after`; returns how many there are. */
	#placeMade(before: Rows, after: Row[], length: number): number {
		const count = this.#next();
		let at = 0;
		for (let rows = count; rows > 0; rows--) {
			at += this.#next();
			if (!(at >= 0 && at < length)) throw new DamagedDelta();
			const base = before[at + this.#next()];
			const shape = this.#next();
			const names = nameAt(this.#names.shapes, shape);
			if (!(shape in this.#makes)) this.#makes[shape] = makes.get(names);
			const make = this.#makes[shape]?.of(base);
			after[at] = make === undefined ? this.#make(base, names) : make(base, this);
		}
		return count;
	}

	#next(): number {
		if (this.#number >= this.#numbers.length) throw new DamagedDelta();
		return this.#numbers[this.#number++] as number;
	}

	#make(base: Row | undefined, names: readonly string[]): Row {
		const row: Record<string, unknown> = { ...base };
		for (let each = 0; each < names.length; each++) row[names[each] as string] = this.value();
		return row;
	}

	value(): unknown {
		const value = this.#next();
		return Number.isNaN(value) ? this.#others[this.#other++] : value;
	}
}

/** Makes a row: the fields of `base`, some of them with the next values. */
type Make = (base: Row | undefined, values: { value(): unknown }) => Row;

/** So many rows are made without compiled code. */
const ROWS_BEFORE_CODE = 64;

/** The code for rows with these names, as in compare.ts: setting a field whose name is in a variable costs ten times as much. */
class Makes {
	readonly #names: readonly string[];
	#count = 0;
	#whole: Make | undefined;
	#changed: Make | undefined;

	constructor(names: readonly string[]) {
		this.#names = names;
	}

	of(base: Row | undefined): Make | undefined {
		if (++this.#count <= ROWS_BEFORE_CODE) return undefined;
		const made = base === undefined ? this.#whole : this.#changed;
		return made ?? this.#compile(base === undefined);
	}

	#compile(isWhole: boolean): Make {
		const fields = this.#names.map((name) => JSON.stringify(name));
		const code = isWhole
			? `return {${fields.map((field) => `${field}: values.value()`).join()}};`
			: `const row = {...base}; ${fields.map((field) => `row[${field}] = values.value();`).join("")} return row;`;
		const make = new Function("base", "values", code) as Make;
		if (isWhole) this.#whole = make;
		else this.#changed = make;
		return make;
	}
}

/** Only of names that a writer of this program has written, never of those in a file. */
const makes = new WeakMap<readonly string[], Makes>();

function nameAt<Name>(names: readonly Name[], at: number): Name {
	const name = names[at];
	if (name === undefined) throw new DamagedDelta();
	return name;
}

/**
 * How far around its expected index a row is searched for, since a few rows before it may have been added or removed.
 */
const NEAR = 8;
const FIRST_ROOM = 1024;
/** Rows that are compared or written in one step: at most about a millisecond. */
const ROWS_IN_STEP = 1000;
/**
 * Combinations of changed fields, for rows with the same fields; beyond it whole rows are written, so that names do not
 * take much room.
 */
const MOST_PARTS = 1000;
/** So many are known at a time, for all writers. */
const MOST_KNOWN_PARTS = 4000;

/**
 * Writes deltas. At one refresh a second, V8 does not optimize much of this code, and each iterator step and callback
 * makes garbage: hence the loops over indexes.
 */
export class DeltaWriter {
	readonly #shapes: RowShapes;
	readonly #changed: number[] = [];
	/** For the current list: its runs, and for each row with new fields its index and the row that it is based on. */
	readonly #runs: number[] = [];
	readonly #places: number[] = [];
	#numbers = new Float64Array(FIRST_ROOM);
	#length = 0;
	#others: unknown[] = [];
	/** The others of the steps before, as JSON. */
	#othersText = "";

	/** Writers whose deltas are read one after the other have the same shapes. */
	constructor(shapes = new RowShapes()) {
		this.#shapes = shapes;
	}

	get names(): Names {
		return this.#shapes.names;
	}

	/** The delta from `before` to `after`; its numbers are overwritten by the next. */
	write(before: State, after: State): Delta {
		return finish(this.writeInSteps(before, after));
	}

	/** The same in steps; the writer writes nothing else until they are done. */
	*writeInSteps(before: State, after: State): Steps<Delta> {
		this.#length = 0;
		this.#others = [];
		this.#othersText = "";
		for (const list in after) {
			if (before[list] !== after[list]) yield* this.#writeList(list, before[list], after[list] as Rows);
		}
		this.#endStep();
		return { numbers: this.#numbers.subarray(0, this.#length), others: `[${this.#othersText}]` };
	}

	#endStep(): void {
		if (this.#others.length === 0) return;
		const text = JSON.stringify(this.#others).slice(1, -1);
		this.#othersText += this.#othersText === "" ? text : `,${text}`;
		this.#others = [];
	}

	*#writeList(list: string, known: Rows | undefined, after: Rows): Steps {
		const before = known ?? [];
		const begin = this.#length;
		this.#put(numberOf(this.names.lists, list));
		this.#put(after.length);
		const countAt = this.#length;
		this.#put(0);
		this.#places.length = 0;
		this.#runs.length = 0;
		const rest = yield* this.#writeMost(list, before, after);
		if (rest.length > 0) yield* this.#writeRest(list, before, after, rest);
		this.#numbers[countAt] = this.#places.length / 2;
		this.#put(this.#runs.length / 3);
		for (let run = 0; run < this.#runs.length; run++) this.#put(this.#runs[run] as number);
		const isSame = this.#places.length === 0 && this.#runs.length === 0 && known?.length === after.length;
		if (isSame) this.#length = begin;
	}

	/**
	 * Most rows keep their index, changed or not, or move together, as those of the events do. Returns the indexes of
	 * rows whose former index is not known yet.
	 */
	*#writeMost(list: string, before: Rows, after: Rows): Steps<number[]> {
		const rest: number[] = [];
		let offset = 0;
		for (let from = 0; from < after.length; from += ROWS_IN_STEP) {
			if (from > 0) yield this.#endStep();
			offset = this.#writeSome(list, before, after, from, offset, rest);
		}
		return rest;
	}

	/**
	 * Writes the rows of one step, from `begin` on. `offset` is by how much the last row moved, since its neighbours mostly moved
	 * by as much; returns that of the last row of this step.
	 */
	#writeSome(list: string, before: Rows, after: Rows, begin: number, offset: number, rest: number[]): number {
		const end = Math.min(begin + ROWS_IN_STEP, after.length);
		for (let at = begin; at < end; at++) {
			const row = after[at] as Row;
			if (before[at + offset] !== row) {
				const from = before[at] === row ? at : nearPlace(before, at, at + offset, row);
				if (from < 0) {
					const isWritten = this.#writeFrom(list, before, row, at, at + offset);
					if (!isWritten && !(offset !== 0 && this.#writeFrom(list, before, row, at, at))) rest.push(at);
					continue;
				}
				offset = from - at;
			}
			let next = at + 1; // mostly many rows moved together, or none of many
			while (next < end && before[next + offset] === after[next]) next++;
			if (offset !== 0) this.#move(at, at + offset, next - at);
			at = next - 1;
		}
		return offset;
	}

	/** Writes new rows, and rows that moved. */
	*#writeRest(list: string, before: Rows, after: Rows, rest: readonly number[]): Steps {
		const stood = before.length === 0 ? null : this.#placesBefore(before, after, rest);
		for (let each = 0; each < rest.length; each++) {
			if (each > 0 && each % ROWS_IN_STEP === 0) yield this.#endStep();
			const at = rest[each] as number;
			const row = after[at] as Row;
			const from = stood?.get(row);
			if (from !== undefined) this.#move(at, from, 1);
			else this.#writeWhole(list, row, at);
		}
	}

	/**
	 * True if few fields differ from the row at the former index `from`, which mostly is the former version of `row`.
	 */
	#writeFrom(list: string, before: Rows, row: Row, at: number, from: number): boolean {
		const was = before[from];
		if (was === undefined) return false;
		const shape = this.#shapes.of(list, row);
		const count = shape.compare(was, row, this.#changed);
		if (count < 0) return false;
		if (count === 0 && from === at) return true;
		const number = shape.changedShape(this.#changed, count, this.#shapes);
		if (number < 0) return false;
		this.#beginRow(at, from, number);
		for (let each = 0; each < count; each++) this.#value(row[shape.names[this.#changed[each] as number] as string]);
		return true;
	}

	#writeWhole(list: string, row: Row, at: number): void {
		const shape = this.#shapes.of(list, row);
		this.#beginRow(at, -1, shape.wholeShape(this.#shapes));
		for (let each = 0; each < shape.names.length; each++) this.#value(row[shape.names[each] as string]);
	}

	/**
	 * The former indexes of those rows of `rest` that stood elsewhere, where no other row is based on them. V8 gives each object that
	 * becomes a key a hash, so only the few of `rest` do.
	 */
	#placesBefore(before: Rows, after: Rows, rest: readonly number[]): Map<Row, number> {
		const wanted = new Set<Row>();
		for (let each = 0; each < rest.length; each++) wanted.add(after[rest[each] as number] as Row);
		const taken = new Uint8Array(before.length);
		for (let place = 1; place < this.#places.length; place += 2) taken[this.#places[place] as number] = 1;
		for (let run = 0; run < this.#runs.length; run += 3) {
			const from = this.#runs[run + 1] as number;
			taken.fill(1, from, from + (this.#runs[run + 2] as number));
		}
		const places = new Map<Row, number>();
		for (let at = 0; at < before.length; at++) {
			const row = before[at] as Row;
			if (row !== after[at] && taken[at] !== 1 && wanted.has(row)) places.set(row, at);
		}
		return places;
	}

	#move(at: number, from: number, rows: number): void {
		const runs = this.#runs;
		const last = runs.length - 3;
		const count = last < 0 ? 0 : (runs[last + 2] as number);
		if (count > 0 && (runs[last] as number) + count === at && (runs[last + 1] as number) + count === from) {
			runs[last + 2] = count + rows;
		} else runs.push(at, from, rows);
	}

	#beginRow(at: number, from: number, shape: number): void {
		const before = this.#places.length === 0 ? 0 : (this.#places[this.#places.length - 2] as number);
		this.#places.push(at, from);
		this.#put(at - before);
		this.#put(from < 0 ? NOWHERE : from - at);
		this.#put(shape);
	}

	#value(value: unknown): void {
		if (typeof value === "number") this.#put(value);
		else {
			this.#put(Number.NaN);
			this.#others.push(value);
		}
	}

	#put(number: number): void {
		if (this.#length === this.#numbers.length) {
			const more = new Float64Array(this.#numbers.length * 2);
			more.set(this.#numbers);
			this.#numbers = more;
		}
		this.#numbers[this.#length++] = number;
	}
}

/** Names as deltas have them, in the order in which they were first written. */
export class RowShapes {
	readonly names: Names = { lists: [], shapes: [] };
	/** Tells what is numbered here. */
	readonly id = ++created;

	of(list: string, row: Row): RowShape {
		let shapes = known.get(list);
		if (shapes === undefined) {
			shapes = [];
			known.set(list, shapes);
		}
		for (let at = 0; at < shapes.length; at++) {
			const shape = shapes[at] as RowShape;
			if (shape.has(row)) return shape;
		}
		const shape = new RowShape(Object.keys(row));
		shapes.push(shape);
		return shape;
	}
}

let created = 0;
/** For each list, a few each; for the whole run, since a stretch mostly needs those of the one before. */
const known = new Map<string, RowShape[]>();

/** A combination of changed fields, and those that begin with it. */
interface Part {
	/** Null if it is only the begin of others. */
	names: readonly string[] | null;
	/** Its number in the RowShapes with the id `owner`. */
	number: number;
	owner: number;
	readonly next: (Part | undefined)[];
}

const newPart = (): Part => ({ names: null, number: -1, owner: -1, next: [] });

/** Rows with the same fields, and the combinations of fields that have changed together before. */
class RowShape {
	readonly names: readonly string[];
	readonly compare: Compare;
	readonly #whole = newPart();
	/** By the indexes of the changed fields, one after the other. */
	#parts = newPart();
	#partCount = 0;
	/** The RowShapes that numbered one last, and how many. */
	#owner = -1;
	#numbered = 0;

	constructor(names: readonly string[]) {
		this.names = names;
		this.#whole.names = names;
		makes.set(names, new Makes(names));
		this.compare = compareOf(names);
	}

	/** Whether the row has exactly these fields, in this order. */
	has(row: Row): boolean {
		const own = this.names;
		let at = 0;
		for (const name in row) if (name !== own[at++]) return false;
		return at === own.length;
	}

	wholeShape(shapes: RowShapes): number {
		return numberIn(shapes, this.#whole);
	}

	/** -1 if there are too many combinations already. */
	changedShape(changed: readonly number[], count: number, shapes: RowShapes): number {
		let part = this.#parts;
		for (let at = 0; at < count; at++) {
			const place = changed[at] as number;
			let next = part.next[place];
			if (next === undefined) {
				next = newPart();
				part.next[place] = next;
			}
			part = next;
		}
		if (part.owner === shapes.id) return part.number;
		if (this.#owner !== shapes.id) [this.#owner, this.#numbered] = [shapes.id, 0];
		if (this.#numbered >= MOST_PARTS) return -1;
		this.#numbered++;
		if (part.names === null) {
			part.names = changed.slice(0, count).map((place) => this.names[place] as string);
			makes.set(part.names, new Makes(part.names));
			if (++this.#partCount > MOST_KNOWN_PARTS) [this.#parts, this.#partCount] = [newPart(), 0];
		}
		return numberIn(shapes, part);
	}
}

function numberIn({ id, names: { shapes } }: RowShapes, part: Part): number {
	if (part.owner !== id) [part.owner, part.number] = [id, shapes.push(part.names ?? []) - 1];
	return part.number;
}

function numberOf(lists: string[], list: string): number {
	const at = lists.indexOf(list);
	return at < 0 ? lists.push(list) - 1 : at;
}

/**
 * The former index of `row` near `near`; -1 if it is not there. The first row is searched for everywhere, since many at
 * the beginning may be gone.
 */
function nearPlace(before: Rows, at: number, near: number, row: Row): number {
	if (at === 0) return before.indexOf(row);
	const end = Math.min(before.length, near + NEAR);
	for (let from = Math.max(0, near - NEAR); from < end; from++) if (before[from] === row) return from;
	return -1;
}
