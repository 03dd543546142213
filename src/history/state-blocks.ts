/**
 * Snapshots as blocks of a recording: a full state, then what changes from one refresh to the next. A file is read as
 * untrusted input.
 */

import { BlockType, encodeBlock, RecordingError } from "../model/feed/recording-format.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { finish, type Steps } from "../model/steps.ts";
import { conform, NotConforming, type Shape, shapeOfHead, shapeOfRows } from "./conform.ts";
import { applyDelta, DamagedDelta, DeltaWriter, type ParsedDelta } from "./delta.ts";
import { ALL_LISTS, cut, growing, join, type Row, type Rows, type State } from "./state.ts";

/** The payload of a block, as JSON. */
interface Payload {
	/** It starts from an empty state: no payload before it matters. */
	readonly isWhole: boolean;
	/** More payloads of the same refresh follow. */
	readonly isPart: boolean;
	/** Names in addition to those of the payloads before. */
	readonly lists: readonly string[];
	readonly shapes: readonly (readonly string[])[];
	/** As in a Delta, with null for NaN. */
	readonly numbers: readonly (number | null)[];
	readonly others: readonly unknown[];
}

/** Rows in one block, so that no block of a large machine is too large. */
const PIECE_ROWS = 5000;
/** Refreshes from one full state to the next: after damage, reading continues at the next one. */
const MOST_REFRESHES = 60;

const NS_PER_MS = 1_000_000;

export class StateBlocks {
	#writer = new DeltaWriter();
	/** Null: the next refresh is written as a full state. */
	#last: State | null = null;
	/** Number of names written so far. */
	#lists = 0;
	#shapes = 0;
	#refreshes = 0;

	/** Makes the next refresh readable without any before it. */
	beginAnew(): void {
		this.#last = null;
	}

	/** Returns the blocks of the next refresh. `snapshot` has only the events of its own interval. */
	write(snapshot: Snapshot): Buffer[] {
		const state = cut(snapshot);
		const timeNs = BigInt(Math.round(snapshot.system.uptimeMs * NS_PER_MS));
		const isWhole = this.#last === null || this.#refreshes >= MOST_REFRESHES;
		const blocks = isWhole
			? this.#writeWhole(state, timeNs)
			: [encodeBlock(BlockType.DELTA, timeNs, this.#payload(this.#last ?? {}, state, false, false))];
		this.#last = state;
		this.#refreshes++;
		return blocks;
	}

	#writeWhole(state: State, timeNs: bigint): Buffer[] {
		this.#writer = new DeltaWriter();
		[this.#lists, this.#shapes, this.#refreshes] = [0, 0, 0];
		const pieces = [...growing(state, PIECE_ROWS)];
		return pieces.map((piece, at) => {
			const payload = this.#payload(pieces[at - 1] ?? {}, piece, at === 0, at < pieces.length - 1);
			return encodeBlock(at === 0 ? BlockType.STATE : BlockType.DELTA, timeNs, payload);
		});
	}

	#payload(before: State, after: State, isWhole: boolean, isPart: boolean): Buffer {
		const { numbers, others } = this.#writer.write(before, after);
		const { lists, shapes } = this.#writer.names;
		const names = { isWhole, isPart, lists: lists.slice(this.#lists), shapes: shapes.slice(this.#shapes) };
		[this.#lists, this.#shapes] = [lists.length, shapes.length];
		// NaN becomes null.
		const text = JSON.stringify({ ...names, numbers: Array.from(numbers) });
		return Buffer.from(`${text.slice(0, -1)},"others":${others}}`);
	}
}

/** Reads what StateBlocks wrote, in the same way as the model reads batches. */
export class StateReader {
	#names: { lists: string[]; shapes: (readonly string[])[] } = { lists: [], shapes: [] };
	#state: State | null = null;
	/** The resulting object of each row that still exists, so that an unchanged row stays the same object. */
	readonly #rows = new WeakMap<Row, object>();
	#lists = new WeakMap<Rows, readonly object[]>();

	/** The snapshot; null if more of it is to come. Throws RecordingError if the payload is damaged. */
	apply(payload: Uint8Array): Snapshot | null {
		return finish(this.applyInSteps(payload));
	}

	/** The same in steps, for callers with other work: pass the next payload when this one is done. */
	*applyInSteps(bytes: Uint8Array): Steps<Snapshot | null> {
		try {
			const payload = parsePayload(bytes);
			yield;
			this.#take(payload);
			if (payload.isPart) return null;
			return yield* this.#snapshot(this.#state ?? {});
		} catch (error) {
			const isDamage = error instanceof DamagedDelta || error instanceof NotConforming || error instanceof SyntaxError;
			throw isDamage ? new RecordingError("it is damaged") : error;
		}
	}

	#take({ isWhole, lists, shapes, numbers, others }: Payload): void {
		if (isWhole) this.#names = { lists: [], shapes: [] };
		const before = isWhole ? {} : this.#state;
		if (before === null) throw new NotConforming();
		this.#names.lists.push(...lists);
		this.#names.shapes.push(...shapes);
		const delta: ParsedDelta = { numbers: Float64Array.from(numbers, (number) => number ?? Number.NaN), others };
		this.#state = applyDelta(before, delta, this.#names);
	}

	*#snapshot(state: State): Steps<Snapshot> {
		const head = state.head?.[0];
		if (head === undefined) throw new NotConforming();
		const lists: [string, Rows][] = [];
		for (const list of ALL_LISTS) {
			lists.push([list, this.#rowsOf(list, state[list] ?? []) as Rows]);
			yield;
		}
		return join({ ...Object.fromEntries(lists), head: [conform(HEAD, head) as Row] });
	}

	#rowsOf(list: string, rows: Rows): readonly object[] {
		const known = this.#lists.get(rows);
		if (known !== undefined) return known;
		const shape = shapeOfRows(list) as Shape;
		const made = rows.map((row) => this.#rows.get(row) ?? this.#make(shape, row));
		this.#lists.set(rows, made);
		return made;
	}

	#make(shape: Shape, row: Row): object {
		const made = conform(shape, row) as object;
		this.#rows.set(row, made);
		return made;
	}
}

const HEAD = shapeOfHead(ALL_LISTS);

/** Checks the form; the meaning of the numbers is checked where they are read. */
function parsePayload(bytes: Uint8Array): Payload {
	const payload = Object(JSON.parse(Buffer.from(bytes).toString())) as Partial<Payload>;
	const { isWhole, isPart, lists, shapes, numbers, others } = payload;
	const isValid =
		typeof isWhole === "boolean" &&
		typeof isPart === "boolean" &&
		areTexts(lists) &&
		// Every object inherits these names, so as keys of a state they would always be found.
		!lists.some((list) => list in Object.prototype) &&
		Array.isArray(shapes) &&
		shapes.every(areTexts) &&
		Array.isArray(numbers) &&
		numbers.every((number) => number === null || typeof number === "number") &&
		Array.isArray(others);
	if (!isValid) throw new NotConforming();
	return payload as Payload;
}

function areTexts(value: unknown): value is string[] {
	return Array.isArray(value) && value.every((text) => typeof text === "string");
}
