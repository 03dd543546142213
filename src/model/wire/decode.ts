/**
 * Walks a batch of wire records and passes each to the handler registered for its type. No batch can make it throw or
 * read out of bounds: a record too short for its type is counted as malformed.
 */

import type { Steps } from "../steps.ts";
import { headSize, headType, WIRE_RECORDS, WIRE_SIZES } from "./layout.gen.ts";

/** Gets the offset of a record in the batch; it must not keep the view. */
export type Handler = (view: DataView, at: number, size: number) => void;

/** The same for work that may take long: the next record waits until it is done. */
export type SteppedHandler = (view: DataView, at: number) => Steps;

/** Reads one number of a record, as the generated readers do. */
export type Reader = (view: DataView, at: number) => number;

type RecordType = keyof typeof WIRE_RECORDS;

/** The layout of a type of record: the size of its struct, and the offset of the length of the text after it. */
interface RecordShape {
	readonly bytes: number;
	readonly text: { readonly lengthAt: number; readonly lengthBytes: 2 | 4 } | null;
}

interface Route extends RecordShape {
	readonly handler: Handler | null;
	readonly stepped: SteppedHandler | null;
}

const HEAD_BYTES = WIRE_SIZES.wire_head;
const TYPE_LIMIT = 256;

export class Decoder {
	/** Well-formed records, unknown types included. */
	received = 0;
	malformed = 0;
	readonly #routes: (Route | undefined)[] = new Array(TYPE_LIMIT).fill(undefined);
	/** The remaining steps of the last record. */
	#rest: Steps | null = null;

	/** Registers the one handler of `type`. */
	on(type: RecordType, handler: Handler): void {
		this.#routes[type] = { ...shapeOf(type), handler, stepped: null };
	}

	/** The same for a handler that works in steps. */
	onInSteps(type: RecordType, stepped: SteppedHandler): void {
		this.#routes[type] = { ...shapeOf(type), handler: null, stepped };
	}

	*decode(batch: Uint8Array): Steps {
		const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
		const end = batch.byteLength;
		let at = 0;
		while (at < end) {
			at = this.#decodeFrom(view, at, end);
			if (this.#rest === null) break;
			yield* this.#rest;
			this.#rest = null;
			this.received++;
		}
		if (at !== end) this.malformed++;
	}

	/** Decodes up to the end, or up to the end of a record with remaining steps; returns that offset. */
	#decodeFrom(view: DataView, begin: number, end: number): number {
		let at = begin;
		while (at + HEAD_BYTES <= end && this.#rest === null) {
			const size = headSize(view, at);
			// Without a usable size the next record cannot be found.
			if (size < HEAD_BYTES || at + size > end) break;
			this.#dispatch(view, at, size);
			at += size;
		}
		return at;
	}

	#dispatch(view: DataView, at: number, size: number): void {
		const type = headType(view, at);
		const route = type < TYPE_LIMIT ? this.#routes[type] : undefined;
		if (route !== undefined) {
			if (!fits(view, at, size, route)) {
				this.malformed++;
				return;
			}
			if (route.stepped !== null) {
				this.#rest = route.stepped(view, at);
				return;
			}
			route.handler?.(view, at, size);
		}
		this.received++;
	}
}

const shapeOf = (type: RecordType): RecordShape => WIRE_RECORDS[type];

function fits(view: DataView, at: number, size: number, { bytes, text }: RecordShape): boolean {
	if (size < bytes || text === null) return size >= bytes;
	const lengthAt = at + text.lengthAt;
	const length = text.lengthBytes === 2 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
	return bytes + length <= size;
}
