/**
 * Walks a batch of wire records and hands each to the table that registered for its type. Nothing in a batch can make
 * it throw or read outside of the batch: what is too short for its type is counted as malformed.
 */

import { HEAD_BYTES, HEAD_SIZE, HEAD_TYPE } from "./layout.gen.ts";

/** Gets the place of a record in the batch; it must not keep the view. */
export type Handler = (view: DataView, at: number, size: number) => void;

/** Text that follows a fixed struct: where its length stands, and how many bytes that field has. */
export interface Tail {
	readonly lengthAt: number;
	readonly lengthBytes: 2 | 4;
}

interface Route {
	readonly bytes: number;
	readonly handler: Handler;
	readonly tail: Tail | null;
}

const TYPE_LIMIT = 256;

export class Decoder {
	/** Well-formed records, unknown types included. */
	received = 0;
	malformed = 0;
	readonly #routes: (Route | undefined)[] = new Array(TYPE_LIMIT).fill(undefined);

	/** Registers the one handler of `type`, whose fixed part is `bytes` long. */
	on(type: number, bytes: number, handler: Handler, tail: Tail | null = null): void {
		this.#routes[type] = { bytes, handler, tail };
	}

	decode(batch: Uint8Array): void {
		const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
		const end = batch.byteLength;
		let at = 0;
		while (at + HEAD_BYTES <= end) {
			const size = view.getUint16(at + HEAD_SIZE, true);
			// Without a usable size nobody knows where the next record begins.
			if (size < HEAD_BYTES || at + size > end) break;
			this.#dispatch(view, at, size);
			at += size;
		}
		if (at !== end) this.malformed++;
	}

	#dispatch(view: DataView, at: number, size: number): void {
		const type = view.getUint16(at + HEAD_TYPE, true);
		const route = type < TYPE_LIMIT ? this.#routes[type] : undefined;
		if (route !== undefined) {
			if (size < route.bytes || (route.tail !== null && !fits(view, at, size, route.bytes, route.tail))) {
				this.malformed++;
				return;
			}
			route.handler(view, at, size);
		}
		this.received++;
	}
}

function fits(view: DataView, at: number, size: number, bytes: number, tail: Tail): boolean {
	const lengthAt = at + tail.lengthAt;
	const length = tail.lengthBytes === 2 ? view.getUint16(lengthAt, true) : view.getUint32(lengthAt, true);
	return bytes + length <= size;
}
