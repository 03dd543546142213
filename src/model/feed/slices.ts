/** Splits a batch between records, so that keys can be handled in between: in a flood a batch has megabytes. */

import { headSize, WIRE_SIZES } from "../wire/layout.gen.ts";

/** About a millisecond of work. */
const SLICE_BYTES = 32 * 1024;

/**
 * Together the slices are the whole batch, whatever it contains; bytes that are not a record are at the end of a slice.
 */
export function* slicesOf(batch: Uint8Array): Generator<Uint8Array> {
	const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
	let begin = 0;
	for (let at = 0; at + WIRE_SIZES.wire_head <= batch.length; ) {
		const size = headSize(view, at);
		if (size < WIRE_SIZES.wire_head) break;
		at += size;
		if (at - begin < SLICE_BYTES || at >= batch.length) continue;
		yield batch.subarray(begin, at);
		begin = at;
	}
	yield begin === 0 ? batch : batch.subarray(begin);
}
