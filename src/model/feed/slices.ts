/** Cuts a batch between its records, so that whoever takes it can look at keys in between: a flood makes it megabytes. */

import { headSize, WIRE_SIZES } from "../wire/layout.gen.ts";

/** A millisecond's work, more or less. */
const SLICE_BYTES = 32 * 1024;

/** One after the other they are the batch, whatever is in it; what holds no record any more is the end of one. */
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
