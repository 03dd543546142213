/** Writes the head of a record that was copied into another layout. */

import { WIRE_FIELDS } from "./layout.gen.ts";

/** The size that its head says: that of `record`, padding included. */
export function writeRecordSize(record: Uint8Array): void {
	new DataView(record.buffer, record.byteOffset).setUint16(WIRE_FIELDS.wire_head.size.at, record.length, true);
}
