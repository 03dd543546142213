/**
 * A run of refreshes that can be decoded without any other: the full state at its beginning, then the difference
 * between each refresh and the next. It is written in small pieces, so that refreshes and keys do not wait for it.
 */

import type { Snapshot } from "../model/snapshot.ts";
import { type RunningSteps, runInTurns, type Steps } from "../model/steps.ts";
import { applyDelta, type Delta, DeltaWriter, growByDelta, type Names, RowShapes } from "./delta.ts";
import { DeltaBytes, unpack } from "./delta-bytes.ts";
import { cut, growing, join, type Row, type State } from "./state.ts";

/** How many rows of the first state are written in one step. */
const PIECE_ROWS = 500;
/** How long is written in one turn of the event loop. */
const TURN_MS = 4;
/** Bytes that are compressed together: more compress better. */
const PACK_SIZE = 4 << 20;
/** All deltas of a stretch may be as large as this, or as its full state: so reading them takes about as long. */
const LEAST_FULL_SIZE = 2 << 20;
const MOST_REFRESHES = 256;
/** Refreshes that are decoded at once, so that a held key seldom waits; fewer if that takes too many numbers. */
const READ_AHEAD = 16;
const MOST_READ_AHEAD = 1 << 16;

/** What a stretch can be read from elsewhere. */
export interface PackedStretch {
	readonly from: number;
	readonly count: number;
	readonly names: Names;
	/** The state at its beginning from nothing, and the deltas of all other refreshes. */
	readonly begin: readonly Uint8Array[];
	readonly deltas: readonly Uint8Array[];
}

/** What refreshes are decoded from. */
export interface Decodable {
	readonly names: Names;
	begin(): Steps<State>;
	/** From refresh `from` of the stretch to the one before `to`. */
	deltas(from: number, to: number): Iterable<Delta>;
	snapshotOf(state: State): Steps<Snapshot>;
}

/** The first `wanted` refreshes, and some more; `before` are those decoded before. */
export function* decode(wanted: number, before: readonly Snapshot[], from: Decodable): Steps<readonly Snapshot[]> {
	if (wanted <= before.length) return before;
	const known = before.at(-1);
	let state = known === undefined ? yield* from.begin() : cut(known);
	const snapshots = known === undefined ? [yield* from.snapshotOf(state)] : [...before];
	const end = Math.max(wanted, snapshots.length + READ_AHEAD);
	let ahead = 0;
	for (const delta of from.deltas(snapshots.length - 1, end - 1)) {
		if (snapshots.length >= wanted && ahead > MOST_READ_AHEAD) break;
		state = applyDelta(state, delta, from.names);
		snapshots.push(yield* from.snapshotOf(state));
		ahead += delta.numbers.length;
	}
	return snapshots;
}

/** The state that `packs` make from nothing. */
export function* stateOf(packs: readonly Uint8Array[], names: Names): Steps<State> {
	const state: Record<string, Row[]> = {};
	for (const packed of packs) {
		for (const delta of unpack(packed)) {
			growByDelta(state, delta, names);
			yield;
		}
	}
	return state;
}

export class Stretch {
	/** Number of its first refresh. */
	readonly from: number;
	readonly #names: Names;
	#count = 1;
	/** The first state, until all of it is written. */
	#first: State | null;
	readonly #begin: Uint8Array[] = [];
	#beginBytes = 0;
	/** The same uncompressed. */
	#beginSize = 0;
	/** The last state and the writer of the next delta, until it is sealed. */
	#open: { readonly writer: DeltaWriter; last: State } | null;
	readonly #deltas = new DeltaBytes();
	/** Writes the last of them. */
	#writing: RunningSteps | null = null;
	#sealed: Uint8Array | null = null;
	#isDropped = false;
	readonly #begun: Promise<void>;
	#sealing: Promise<void> | null = null;

	constructor(from: number, snapshot: Snapshot) {
		this.from = from;
		const shapes = new RowShapes();
		this.#names = shapes.names;
		this.#first = cut(snapshot);
		this.#open = { writer: new DeltaWriter(shapes), last: this.#first };
		this.#begun = this.#writeBegin(this.#first, new DeltaWriter(shapes));
	}

	get end(): number {
		return this.from + this.#count;
	}

	/** Its memory, without the first state while that is not written. */
	get bytes(): number {
		return this.#beginBytes + (this.#sealed?.length ?? this.#deltas.length);
	}

	/** Whether so much has changed that a new full state is cheaper to decode. Its own is always written first. */
	get isFull(): boolean {
		const isLarge = this.#deltas.length >= Math.max(LEAST_FULL_SIZE, this.#beginSize);
		return (isLarge && this.#first === null) || this.#count >= MOST_REFRESHES;
	}

	add(snapshot: Snapshot): void {
		if (this.#open === null) throw new Error("nothing is added behind the end");
		this.#writing?.finish();
		const state = cut(snapshot);
		const steps = this.#open.writer.writeInSteps(this.#open.last, state);
		this.#open.last = state;
		this.#count++;
		this.#writing = runInTurns(steps, TURN_MS, (delta) => this.#deltas.add(delta));
	}

	/** No more refreshes are added. */
	seal(): void {
		this.#writing?.finish();
		this.#open = null;
		this.#sealing ??= this.#packDeltas();
	}

	/** It will not be read any more. */
	drop(): void {
		this.#isDropped = true;
		this.#writing?.drop();
	}

	/** Its refreshes up to number `no`, and some more, in steps; `before` are those decoded before. */
	read(no: number, before: readonly Snapshot[]): Steps<readonly Snapshot[]> {
		const [first, begin, names] = [this.#first, this.#begin, this.#names];
		return decode(no - this.from + 1, before, {
			names,
			*begin() {
				return first ?? (yield* stateOf(begin, names));
			},
			deltas: (from, to) => this.#readDeltas(from, to),
			*snapshotOf(state) {
				yield;
				return join(state);
			},
		});
	}

	/** All that it has by now; null if it is dropped meanwhile. */
	async packed(): Promise<PackedStretch | null> {
		await this.settled();
		if (this.#isDropped) return null;
		const { lists, shapes } = this.#names;
		const names = { lists: [...lists], shapes: [...shapes] };
		const [sealed, count] = [this.#sealed, this.#sealed === null ? this.#deltas.count + 1 : this.#count];
		const deltas = sealed ?? (count === 1 ? null : await this.#deltas.pack(true));
		return { from: this.from, count, names, begin: this.#begin, deltas: deltas === null ? [] : [deltas] };
	}

	/** Resolves when nothing of it is being written. */
	async settled(): Promise<void> {
		this.#writing?.finish();
		await this.#begun;
		await this.#sealing;
	}

	/** Writes the first state from nothing, some rows in each turn. */
	async #writeBegin(state: State, writer: DeltaWriter): Promise<void> {
		const deltas = new DeltaBytes();
		let written: State = {};
		let endMs = 0;
		for (const more of growing(state, PIECE_ROWS)) {
			if (performance.now() >= endMs) {
				await new Promise(setImmediate);
				endMs = performance.now() + TURN_MS;
			}
			if (this.#isDropped) return;
			const before = deltas.length;
			deltas.add(writer.write(written, more));
			written = more;
			this.#beginSize += deltas.length - before;
			if (deltas.length >= PACK_SIZE) await this.#packBegin(deltas);
		}
		if (deltas.count > 0) await this.#packBegin(deltas);
		deltas.free();
		this.#first = null;
	}

	async #packBegin(deltas: DeltaBytes): Promise<void> {
		const packed = await deltas.pack();
		deltas.clear();
		this.#begin.push(packed);
		this.#beginBytes += packed.length;
	}

	async #packDeltas(): Promise<void> {
		if (this.#deltas.count === 0) return;
		this.#sealed = await this.#deltas.pack();
		this.#deltas.free();
	}

	#readDeltas(from: number, to: number): Iterable<Delta> {
		this.#writing?.finish();
		return this.#sealed === null
			? this.#deltas.read(from, to)
			: unpack(this.#sealed)
					.drop(from)
					.take(to - from);
	}
}
