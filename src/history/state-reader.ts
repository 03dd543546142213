/** Reads the snapshots of a recording (`state-blocks.ts`), which anybody may have made. */

import { RecordingError } from "../model/feed/recording-format.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { finish, type Steps } from "../model/steps.ts";
import { type Conform, conformHead, conformRows } from "./conform.ts";
import { applyDelta, DamagedDelta, type ParsedDelta } from "./delta.ts";
import { ALL_LISTS, join, type Row, type Rows, type State } from "./state.ts";
import type { Payload } from "./state-blocks.ts";

/** Reads what StateBlocks wrote, as the model reads batches. */
export class StateReader {
	#names: { lists: string[]; shapes: (readonly string[])[] } = { lists: [], shapes: [] };
	#state: State | null = null;
	/** The checked copy of each row, so that a row that did not change stays the same object. */
	readonly #rows = new WeakMap<Row, object>();
	#lists = new WeakMap<Rows, readonly object[]>();

	/** The snapshot, null if more of it is to come. Throws RecordingError where the payload is damaged. */
	apply(payload: Uint8Array): Snapshot | null {
		return finish(this.applyInSteps(payload));
	}

	/** The same in steps. The next payload must not come before they are done. */
	*applyInSteps(bytes: Uint8Array): Steps<Snapshot | null> {
		try {
			const payload = parsePayload(bytes);
			yield;
			this.#take(payload);
			if (payload.isPart) return null;
			return yield* this.#snapshot(this.#state ?? {});
		} catch (error) {
			const isDamage = error instanceof DamagedDelta || error instanceof SyntaxError;
			throw isDamage ? new RecordingError("it is damaged") : error;
		}
	}

	#take({ isWhole, lists, shapes, numbers, others }: Payload): void {
		if (isWhole) this.#names = { lists: [], shapes: [] };
		const before = isWhole ? {} : this.#state;
		if (before === null) throw new DamagedDelta();
		this.#names.lists.push(...lists);
		this.#names.shapes.push(...shapes);
		const delta: ParsedDelta = { numbers: Float64Array.from(numbers, (number) => number ?? Number.NaN), others };
		this.#state = applyDelta(before, delta, this.#names);
	}

	*#snapshot(state: State): Steps<Snapshot> {
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
		const made = rows.map((row) => this.#rows.get(row) ?? this.#make(conform, row));
		this.#lists.set(rows, made);
		return made;
	}

	#make(conform: Conform, row: Row): object {
		const made = conforming(conform, row);
		this.#rows.set(row, made);
		return made;
	}
}

const HEAD = conformHead(ALL_LISTS);
const ROWS = new Map(ALL_LISTS.map((list) => [list, conformRows(list)]));

function conforming(conform: Conform, row: Row): Row {
	const made = conform(row);
	if (made === undefined) throw new DamagedDelta();
	return made as Row;
}

/** Checks the form; what the numbers mean is checked where they are read. */
function parsePayload(bytes: Uint8Array): Payload {
	const payload = Object(JSON.parse(Buffer.from(bytes).toString())) as Partial<Payload>;
	const { isWhole, isPart, lists, shapes, numbers, others } = payload;
	const isValid =
		typeof isWhole === "boolean" &&
		typeof isPart === "boolean" &&
		areTexts(lists) &&
		// As a key of a state these would be found in any object.
		!lists.some((list) => list in Object.prototype) &&
		Array.isArray(shapes) &&
		shapes.every(areTexts) &&
		Array.isArray(numbers) &&
		numbers.every((number) => number === null || typeof number === "number") &&
		Array.isArray(others);
	if (!isValid) throw new DamagedDelta();
	return payload as Payload;
}

function areTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((text) => typeof text === "string");
}
