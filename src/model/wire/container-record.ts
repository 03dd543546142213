/** The only record made outside of native/: the name of a container. */

import type { LiveContainer } from "../tables/process/names.ts";
import { WIRE_FIELDS, WIRE_SIZES, WireNameKind, WireType } from "./layout.gen.ts";

const HEAD = WIRE_FIELDS.wire_head;
const NAME = WIRE_FIELDS.wire_name;
const SIZE = WIRE_SIZES.wire_name;

/** A WIRE_NAME of a container; `text` is runtime NUL id NUL name NUL image. */
export function containerRecord({ key, monitor }: Pick<LiveContainer, "key" | "monitor">, text: string): Uint8Array {
	const tail = new TextEncoder().encode(text);
	const bytes = new Uint8Array((SIZE + tail.length + 7) & ~7);
	const view = new DataView(bytes.buffer);
	view.setUint16(HEAD.type.at, WireType.NAME, true);
	view.setUint16(HEAD.size.at, bytes.length, true);
	if (monitor === null) view.setBigUint64(NAME.id.at, BigInt(key), true);
	else {
		view.setUint32(HEAD.pid.at, monitor.pid, true);
		view.setUint32(HEAD.start.at, monitor.startLow, true);
		view.setUint32(HEAD.start.at + 4, monitor.startHigh, true);
	}
	view.setUint32(NAME.kind.at, WireNameKind.CONTAINER, true);
	view.setUint32(NAME.len.at, tail.length, true);
	bytes.set(tail, SIZE);
	return bytes;
}
