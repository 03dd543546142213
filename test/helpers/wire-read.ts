/** Decodes wire records for tests by the generated layout, field by field; strings stay as the kernel sent them. */

import * as wire from "../../src/model/wire/layout.gen.ts";

const HEAD = wire.WIRE_FIELDS.wire_head;

export type StructName = Exclude<keyof typeof wire.WIRE_FIELDS, "wire_head">;
type FieldsOf<Name extends StructName> = keyof (typeof wire.WIRE_FIELDS)[Name];

/** A record: its fields as numbers, 64-bit ones as bigint, arrays as bytes; `tail` are the bytes after the struct. */
export type Decoded<Name extends StructName> = {
	readonly [Field in FieldsOf<Name>]: number;
} & {
	readonly pid: number;
	readonly start: bigint;
	readonly tail: Buffer;
	list(field: FieldsOf<Name>): number[];
	big(field: FieldsOf<Name>): bigint;
};

const types: Partial<Record<StructName, readonly number[]>> = {
	wire_syscall: [wire.WireType.SYSCALL],
	wire_latency: [wire.WireType.LATENCY],
	wire_spill: [wire.WireType.SPILL],
	wire_object: [wire.WireType.OBJECT],
	wire_io: [wire.WireType.IO],
	wire_exec: [wire.WireType.EXEC, wire.WireType.EXEC_FAILED],
	wire_exit: [wire.WireType.EXIT],
	wire_call_event: [wire.WireType.CALL_EVENT],
	wire_map: [wire.WireType.MAP],
	wire_probe: [wire.WireType.PROBE],
	wire_pass: [wire.WireType.PASS],
	wire_disk: [wire.WireType.DISK],
	wire_step: [wire.WireType.STEP],
};

interface Field {
	readonly at: number;
	readonly bytes: number;
	readonly count: number;
	readonly isSigned: boolean;
}

function bigAt(bytes: Buffer, field: Field): bigint {
	if (field.bytes === 8) return bytes.readBigUInt64LE(field.at);
	return BigInt(field.isSigned ? bytes.readIntLE(field.at, field.bytes) : bytes.readUIntLE(field.at, field.bytes));
}

function listAt(bytes: Buffer, field: Field): number[] {
	return Array.from({ length: field.count }, (_, index) =>
		bytes.readUIntLE(field.at + index * field.bytes, field.bytes),
	);
}

/** The text of a char array, up to its NUL. */
export function textOf(bytes: Buffer): string {
	const end = bytes.indexOf(0);
	return bytes.toString("latin1", 0, end < 0 ? bytes.length : end);
}

function decodeRecord<Name extends StructName>(name: Name, record: Buffer): Decoded<Name> {
	const fields = wire.WIRE_FIELDS[name] as Record<string, Field>;
	const decoded: Record<string, unknown> = {
		pid: record.readUInt32LE(HEAD.pid.at),
		start: record.readBigUInt64LE(HEAD.start.at),
		tail: record.subarray(wire.WIRE_SIZES[name]),
		big: (field: string) => bigAt(record, fields[field] as Field),
		list: (field: string) => listAt(record, fields[field] as Field),
	};
	for (const [key, field] of Object.entries(fields)) if (field.count === 1) decoded[key] = Number(bigAt(record, field));
	return decoded as Decoded<Name>;
}

/** Type and process of each record of `batch`. */
export function heads(batch: Uint8Array): { type: number; pid: number }[] {
	const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
	const found: { type: number; pid: number }[] = [];
	for (let at = 0; at < bytes.length; at += bytes.readUInt16LE(at + HEAD.size.at))
		found.push({ type: bytes.readUInt16LE(at + HEAD.type.at), pid: bytes.readUInt32LE(at + HEAD.pid.at) });
	return found;
}

/** All records of one struct in `batch`, as whole byte ranges. */
export function rawRecords(batch: Uint8Array, name: StructName): Buffer[] {
	const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
	const found: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += bytes.readUInt16LE(at + HEAD.size.at)) {
		const record = bytes.subarray(at, at + bytes.readUInt16LE(at + HEAD.size.at));
		if (types[name]?.includes(record.readUInt16LE(HEAD.type.at))) found.push(record);
	}
	return found;
}

export function records<Name extends StructName>(batch: Uint8Array, name: Name): Decoded<Name>[] {
	return rawRecords(batch, name).map((record) => decodeRecord(name, record));
}

/** Records of one struct with the text of one of their fields. */
export function named<Name extends "wire_map" | "wire_probe">(
	batch: Uint8Array,
	struct: Name,
	field: string,
): [string, Decoded<Name>][] {
	const { at, count } = (wire.WIRE_FIELDS[struct] as Record<string, { at: number; count: number }>)[field] as {
		at: number;
		count: number;
	};
	const names = rawRecords(batch, struct).map((raw) => textOf(raw.subarray(at, at + count)));
	return records(batch, struct).map((record, index) => [names[index] ?? "", record]);
}
