/**
 * Walks a batch of wire records and hands each to the table that registered for its type. Nothing in a batch can make
 * it throw or read outside of the batch: what is too short for its type is counted as malformed.
 */

import { headSize, headType, WIRE_RECORDS, WIRE_SIZES } from "./layout.gen.ts";

/** Gets the place of a record in the batch; it must not keep the view. */
export type Handler = (view: DataView, at: number, size: number) => void;

/** Reads one number of a record, as the generated readers do. */
export type Reader = (view: DataView, at: number) => number;

type RecordType = keyof typeof WIRE_RECORDS;

/** What is known of a type of record: its struct's size, and where the length of the text behind that stands. */
interface RecordShape {
	readonly bytes: number;
	readonly text: { readonly lengthAt: number; readonly lengthBytes: 2 | 4 } | null;
}

interface Route extends RecordShape {
	readonly handler: Handler;
}

const HEAD_BYTES = WIRE_SIZES.wire_head;
const TYPE_LIMIT = 256;

export class Decoder {
	/** Well-formed records, unknown types included. */
	received = 0;
	malformed = 0;
	readonly #routes: (Route | undefined)[] = new Array(TYPE_LIMIT).fill(undefined);

	/** Registers the one handler of `type`. */
	on(type: RecordType, handler: Handler): void {
		const { bytes, text }: RecordShape = WIRE_RECORDS[type];
		this.#routes[type] = { bytes, text, handler };
	}

	decode(batch: Uint8Array): void {
		const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
		const end = batch.byteLength;
		let at = 0;
		while (at + HEAD_BYTES <= end) {
			const size = headSize(view, at);
			// Without a usable size nobody knows where the next record begins.
			if (size < HEAD_BYTES || at + size > end) break;
			this.#dispatch(view, at, size);
			at += size;
		}
		if (at !== end) this.malformed++;
	}

	#dispatch(view: DataView, at: number, size: number): void {
		const type = headType(view, at);
		const route = type < TYPE_LIMIT ? this.#routes[type] : undefined;
		if (route !== undefined) {
			if (!fits(view, at, size, route)) {
				this.malformed++;
				return;
			}
			route.handler(view, at, size);
		}
		this.received++;
	}
}

function fits(view: DataView, at: number, size: number, { bytes, text }: RecordShape): boolean {
	if (size < bytes || text === null) return size >= bytes;
	const lengthAt = at + text.lengthAt;
	const length = text.lengthBytes === 2 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
	return bytes + length <= size;
}
