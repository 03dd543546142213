/** Snapshots as blocks of a recording: a whole state, then what changes from one refresh to the next. */

import { BlockDictionary, BlockType, encodeBlock } from "../model/feed/recording-format.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { finish, type Steps } from "../model/steps.ts";
import { DeltaWriter } from "./delta.ts";
import { cut, growing, type State } from "./state.ts";

/** The payload of a block, as JSON. */
export interface Payload {
	/** The beginning of a whole state, which needs no payload before it. */
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

/** Rows of a whole state in one block: some milliseconds of work. */
const PIECE_ROWS = 1000;
/** Refreshes from one whole state to the next: after damage, reading continues at a whole state. */
const MOST_REFRESHES = 60;

const NS_PER_MS = 1_000_000;

export class StateBlocks {
	#writer = new DeltaWriter();
	readonly #dictionary = new BlockDictionary();
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
		return finish(this.writeInSteps(snapshot));
	}

	/** The same in steps. The next refresh must not come before they are done. */
	*writeInSteps(snapshot: Snapshot): Steps<Buffer[]> {
		const state = cut(snapshot);
		const timeNs = BigInt(Math.round(snapshot.system.uptimeMs * NS_PER_MS));
		const isWhole = this.#last === null || this.#refreshes >= MOST_REFRESHES;
		const blocks = isWhole
			? yield* this.#writeWhole(state, timeNs)
			: [this.#block(BlockType.DELTA, timeNs, yield* this.#payload(this.#last ?? {}, state, false, false))];
		this.#last = state;
		this.#refreshes++;
		return blocks;
	}

	*#writeWhole(state: State, timeNs: bigint): Steps<Buffer[]> {
		this.#writer = new DeltaWriter();
		[this.#lists, this.#shapes, this.#refreshes] = [0, 0, 0];
		const pieces = [...growing(state, PIECE_ROWS)];
		const blocks: Buffer[] = [];
		for (const [at, piece] of pieces.entries()) {
			const payload = yield* this.#payload(pieces[at - 1] ?? {}, piece, at === 0, at < pieces.length - 1);
			if (at === 0) this.#dictionary.clear();
			blocks.push(this.#block(at === 0 ? BlockType.STATE : BlockType.DELTA, timeNs, payload));
			yield;
		}
		return blocks;
	}

	/** A delta needs all before it since the whole state anyway, so it is compressed with them. */
	#block(type: number, timeNs: bigint, payload: Buffer): Buffer {
		const { bytes } = this.#dictionary;
		const block = encodeBlock(type, timeNs, payload, bytes);
		this.#dictionary.add(payload, bytes !== null);
		return block;
	}

	*#payload(before: State, after: State, isWhole: boolean, isPart: boolean): Steps<Buffer> {
		const { numbers, others } = yield* this.#writer.writeInSteps(before, after);
		yield;
		const { lists, shapes } = this.#writer.names;
		const names = { isWhole, isPart, lists: lists.slice(this.#lists), shapes: shapes.slice(this.#shapes) };
		[this.#lists, this.#shapes] = [lists.length, shapes.length];
		// NaN becomes null.
		const text = JSON.stringify({ ...names, numbers: Array.from(numbers) });
		return Buffer.from(`${text.slice(0, -1)},"others":${others}}`);
	}
}
