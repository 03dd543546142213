/**
 * A stretch of refreshes that can be read without any other: the whole state at its begin, then what differs from each
 * to the next. It is written in small pieces, so that no refresh and no key waits for it.
 */

import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import type { Snapshot } from "../model/snapshot.ts";
import { applyDelta, type Delta, deltaOf } from "./delta.ts";
import { cut, join, type Row, type Rows, type State } from "./state.ts";

/** Of the state at the begin, as it is written: some rows of a list. */
type Piece = readonly [list: string, rows: Rows];

const PIECE_ROWS = 250;
/** What is read between two whole states costs at most about as much as these. */
const LEAST_DELTA_BYTES = 2 << 20;
const MOST_REFRESHES = 256;

const LEVEL = 3;
const compress = promisify(zstdCompress);

/** In another thread. */
function pack(text: Buffer): Promise<Buffer> {
	return compress(text, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}

/** JSON.stringify leaves no line feed in a text. */
function lines(packed: Buffer): unknown[] {
	const texts = zstdDecompressSync(packed).toString().split("\n");
	return texts.map((text) => JSON.parse(text));
}

export class Stretch {
	/** Number of its first refresh. */
	readonly from: number;
	#count = 1;
	/** The state at the begin, as long as not all of it is written. */
	#first: State | null;
	readonly #begin: Buffer[] = [];
	#beginBytes = 0;
	#last: State;
	#deltas: Buffer[] = [];
	#deltaBytes = 0;
	#sealed: Buffer | null = null;
	#isDropped = false;
	readonly #begun: Promise<void>;
	#sealing: Promise<void> | null = null;

	constructor(from: number, snapshot: Snapshot) {
		this.from = from;
		this.#first = cut(snapshot);
		this.#last = this.#first;
		this.#begun = this.#writeBegin(this.#first);
	}

	get end(): number {
		return this.from + this.#count;
	}

	/** What it holds in memory, without the state at its begin while that is not written. */
	get bytes(): number {
		return this.#beginBytes + (this.#sealed?.length ?? this.#deltaBytes);
	}

	/** So much has changed that reading a new whole state is cheaper. */
	get isFull(): boolean {
		return this.#deltaBytes >= LEAST_DELTA_BYTES || this.#count >= MOST_REFRESHES;
	}

	add(snapshot: Snapshot): void {
		const state = cut(snapshot);
		const delta = Buffer.from(JSON.stringify(deltaOf(this.#last, state)));
		this.#last = state;
		this.#deltas.push(delta);
		this.#deltaBytes += delta.length;
		this.#count++;
	}

	/** Nothing is added any more. */
	seal(): void {
		this.#sealing ??= this.#packDeltas();
	}

	/** Nobody reads it any more. */
	drop(): void {
		this.#isDropped = true;
	}

	/** Its refreshes behind those that were read before. */
	read(before: readonly Snapshot[] = []): Snapshot[] {
		const deltas = this.#sealed === null ? this.#deltas.map(asJson) : lines(this.#sealed);
		const known = before.at(-1);
		let state = known === undefined ? this.#readBegin() : cut(known);
		const snapshots = known === undefined ? [join(state)] : [...before];
		for (const delta of deltas.slice(snapshots.length - 1)) {
			state = applyDelta(state, delta as Delta);
			snapshots.push(join(state));
		}
		return snapshots;
	}

	/** Resolves when nothing of it is being written. */
	async settled(): Promise<void> {
		await this.#begun;
		await this.#sealing;
	}

	async #writeBegin(state: State): Promise<void> {
		for (const piece of pieces(state)) {
			await new Promise(setImmediate);
			if (this.#isDropped) break;
			const packed = await pack(Buffer.from(JSON.stringify(piece)));
			this.#begin.push(packed);
			this.#beginBytes += packed.length;
		}
		if (!this.#isDropped) this.#first = null;
	}

	async #packDeltas(): Promise<void> {
		if (this.#deltas.length === 0) return;
		this.#sealed = await pack(Buffer.concat(this.#deltas.flatMap((delta, at) => (at === 0 ? [delta] : [FEED, delta]))));
		this.#deltas = [];
	}

	#readBegin(): State {
		if (this.#first !== null) return this.#first;
		const state: Record<string, Row[]> = {};
		for (const [list, rows] of this.#begin.flatMap(lines) as Piece[]) {
			state[list] ??= [];
			state[list].push(...rows);
		}
		return state;
	}
}

const FEED = Buffer.from("\n");

function asJson(text: Buffer): unknown {
	return JSON.parse(text.toString());
}

function* pieces(state: State): Generator<Piece> {
	for (const [list, rows] of Object.entries(state)) {
		for (let at = 0; at === 0 || at < rows.length; at += PIECE_ROWS) yield [list, rows.slice(at, at + PIECE_ROWS)];
	}
}
