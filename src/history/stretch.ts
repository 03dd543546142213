/**
 * A stretch of refreshes that can be read without any other: the whole state at its begin, then what differs from each
 * to the next. It is written in small pieces, so that no refresh and no key waits for it.
 */

import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompressSync } from "node:zlib";
import type { Snapshot } from "../model/snapshot.ts";
import { applyDelta, applyToList, type Delta, deltaOf, type ListDelta, listDelta } from "./delta.ts";
import { cut, join, type Row, type State } from "./state.ts";

/** Of the state at the begin, as it is written: some rows of some lists, each as what leads to them from none. */
type Piece = readonly (readonly [list: string, rows: ListDelta | null])[];

/** What is written in one turn. */
const PIECE_ROWS = 500;
/** What is packed at once, in characters: more together becomes smaller. */
const PACK_SIZE = 4 << 20;
/** What is read between two whole states costs at most about as much as these. */
const MOST_DELTA_SIZE = 1 << 20;
/** At most. */
const CHARACTER_BYTES = 2;
const MOST_REFRESHES = 256;
/** Refreshes that are read at once, so that a held key seldom has to read. */
const READ_AHEAD = 16;

/** A higher one takes longer and saves nothing. */
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 1 };
const compress = promisify(zstdCompress);

/** In another thread. The result is a copy, since zlib's own is a part of something larger. */
async function pack(text: string): Promise<Uint8Array> {
	const bytes = Buffer.from(text);
	// zstd makes its tables as large as that, and megabytes where it does not know.
	return new Uint8Array(await compress(bytes, { params: PARAMS, pledgedSrcSize: bytes.length }));
}

/** JSON.stringify leaves no line feed in a text. */
function linesOf(packed: Uint8Array): string[] {
	return zstdDecompressSync(packed).toString().split("\n");
}

export class Stretch {
	/** Number of its first refresh. */
	readonly from: number;
	#count = 1;
	/** The state at the begin, as long as not all of it is written. */
	#first: State | null;
	readonly #begin: Uint8Array[] = [];
	#beginBytes = 0;
	/** The state at the end, as long as something is added. */
	#last: State | null;
	#deltas: string[] = [];
	/** Characters. */
	#deltaSize = 0;
	#sealed: Uint8Array | null = null;
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
		return this.#beginBytes + (this.#sealed?.length ?? this.#deltaSize * CHARACTER_BYTES);
	}

	/** So much has changed that reading a new whole state is cheaper; but its own is written before another one is. */
	get isFull(): boolean {
		return (this.#deltaSize >= MOST_DELTA_SIZE && this.#first === null) || this.#count >= MOST_REFRESHES;
	}

	add(snapshot: Snapshot): void {
		const state = cut(snapshot);
		const delta = JSON.stringify(deltaOf(this.#last ?? {}, state));
		this.#last = state;
		this.#deltas.push(delta);
		this.#deltaSize += delta.length;
		this.#count++;
	}

	/** Nothing is added any more. */
	seal(): void {
		this.#last = null;
		this.#sealing ??= this.#packDeltas();
	}

	/** Nobody reads it any more. */
	drop(): void {
		this.#isDropped = true;
	}

	/** Its refreshes up to the one numbered `no`, and some more; `before` are those that were read before. */
	read(no: number, before: readonly Snapshot[]): readonly Snapshot[] {
		const wanted = no - this.from + 1;
		if (wanted <= before.length) return before;
		const known = before.at(-1);
		let state = known === undefined ? this.#readBegin() : cut(known);
		const snapshots = known === undefined ? [join(state)] : [...before];
		const end = Math.max(wanted, snapshots.length + READ_AHEAD);
		for (const delta of this.#readDeltas(snapshots.length - 1, end - 1)) {
			state = applyDelta(state, delta);
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
		let texts: string[] = [];
		let size = 0;
		for (const piece of pieces(state)) {
			await new Promise(setImmediate);
			if (this.#isDropped) return;
			const text = JSON.stringify(piece);
			texts.push(text);
			size += text.length;
			if (size < PACK_SIZE) continue;
			await this.#packBegin(texts);
			texts = [];
			size = 0;
		}
		if (texts.length > 0) await this.#packBegin(texts);
		this.#first = null;
	}

	async #packBegin(texts: readonly string[]): Promise<void> {
		const packed = await pack(texts.join("\n"));
		this.#begin.push(packed);
		this.#beginBytes += packed.length;
	}

	async #packDeltas(): Promise<void> {
		if (this.#deltas.length === 0) return;
		this.#sealed = await pack(this.#deltas.join("\n"));
		this.#deltas = [];
	}

	#readDeltas(from: number, to: number): Delta[] {
		const texts = this.#sealed === null ? this.#deltas : linesOf(this.#sealed);
		return texts.slice(from, to).map((text) => JSON.parse(text));
	}

	#readBegin(): State {
		if (this.#first !== null) return this.#first;
		const state: Record<string, Row[]> = {};
		for (const text of this.#begin.flatMap(linesOf)) {
			const piece: Piece = JSON.parse(text);
			for (const [list, rows] of piece) {
				const into = state[list] ?? [];
				state[list] = into;
				if (rows) for (const row of applyToList([], rows)) into.push(row);
			}
		}
		return state;
	}
}

function* pieces(state: State): Generator<Piece> {
	let piece: [string, ListDelta | null][] = [];
	let room = PIECE_ROWS;
	for (const [list, rows] of Object.entries(state)) {
		let at = 0;
		do {
			const some = rows.slice(at, at + room);
			piece.push([list, listDelta([], some)]);
			at += some.length;
			room -= some.length;
			if (room > 0) continue;
			yield piece;
			piece = [];
			room = PIECE_ROWS;
		} while (at < rows.length);
	}
	yield piece;
}
