/** The only record made outside of native/: the name of a container. */

import { WIRE_FIELDS, WIRE_SIZES, WireNameKind, WireType } from "./layout.gen.ts";

const HEAD = WIRE_FIELDS.wire_head;
const NAME = WIRE_FIELDS.wire_name;
const SIZE = WIRE_SIZES.wire_name;

/** A WIRE_NAME of the container of a cgroup; `text` is runtime NUL id NUL name NUL image. */
export function containerRecord(cgroup: string, text: string): Uint8Array {
	const tail = new TextEncoder().encode(text);
	const bytes = new Uint8Array((SIZE + tail.length + 7) & ~7);
	const view = new DataView(bytes.buffer);
	view.setUint16(HEAD.type.at, WireType.NAME, true);
	view.setUint16(HEAD.size.at, bytes.length, true);
	view.setBigUint64(NAME.id.at, BigInt(cgroup), true);
	view.setUint32(NAME.kind.at, WireNameKind.CONTAINER, true);
	view.setUint32(NAME.len.at, tail.length, true);
	bytes.set(tail, SIZE);
	return bytes;
}
