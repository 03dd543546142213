/** Encodes wire records for tests, from the generated layout, as the kernel side would send them. */

import * as wire from "../../src/model/wire/layout.gen.ts";

const HEAD = wire.WIRE_FIELDS.wire_head;

type StructName = Exclude<keyof typeof wire.WIRE_FIELDS, "wire_head">;
type FieldsOf<Name extends StructName> = keyof (typeof wire.WIRE_FIELDS)[Name];
type Value = number | bigint | string | readonly number[] | Uint8Array;

export interface Head {
	pid?: number;
	start?: number | bigint;
	time?: number | bigint;
}

interface Field {
	readonly at: number;
	readonly bytes: number;
	readonly count: number;
}

function putNumber(view: DataView, at: number, bytes: number, value: number | bigint): void {
	const masked = BigInt.asUintN(8 * bytes, BigInt(value));
	for (let index = 0; index < bytes; index++) {
		view.setUint8(at + index, Number((masked >> BigInt(8 * index)) & 0xffn));
	}
}

function putField(view: DataView, field: Field, value: Value): void {
	if (typeof value === "number" || typeof value === "bigint") putNumber(view, field.at, field.bytes, value);
	else {
		const items = typeof value === "string" ? new TextEncoder().encode(value) : value;
		items.slice(0, field.count).forEach((item, index) => {
			putNumber(view, field.at + index * field.bytes, field.bytes, item);
		});
	}
}

/** One record. `tail` follows the struct; the field with its length must be given like any other. */
export function record<Name extends StructName>(
	type: number,
	struct: Name,
	head: Head,
	fields: Partial<Record<FieldsOf<Name>, Value>> = {},
	tail: string | Uint8Array = "",
): Uint8Array {
	const tailBytes = typeof tail === "string" ? new TextEncoder().encode(tail) : tail;
	const size = (wire.WIRE_SIZES[struct] + tailBytes.length + 7) & ~7;
	const bytes = new Uint8Array(size);
	const view = new DataView(bytes.buffer);
	view.setUint16(HEAD.type.at, type, true);
	view.setUint16(HEAD.size.at, size, true);
	view.setUint32(HEAD.pid.at, head.pid ?? 0, true);
	view.setBigUint64(HEAD.start.at, BigInt(head.start ?? 0), true);
	view.setBigUint64(HEAD.time.at, BigInt(head.time ?? 0), true);
	const layout = wire.WIRE_FIELDS[struct] as Record<string, Field>;
	for (const [name, value] of Object.entries(fields) as [string, Value][]) {
		const field = layout[name];
		if (field === undefined) throw new Error(`${struct} has no field ${name}`);
		putField(view, field, value);
	}
	bytes.set(tailBytes, wire.WIRE_SIZES[struct]);
	return bytes;
}

/** A record of an unknown type. */
export function unknownRecord(type: number, payload: number): Uint8Array {
	const bytes = new Uint8Array(wire.WIRE_SIZES.wire_head + payload);
	const view = new DataView(bytes.buffer);
	view.setUint16(HEAD.type.at, type, true);
	view.setUint16(HEAD.size.at, bytes.length, true);
	return bytes;
}

export function batchOf(...records: Uint8Array[]): Uint8Array {
	const batch = new Uint8Array(records.reduce((sum, one) => sum + one.length, 0));
	let at = 0;
	for (const one of records) {
		batch.set(one, at);
		at += one.length;
	}
	return batch;
}
