/** Batches of wire records with any content: valid ones that refer to each other, inconsistent ones, damaged ones. */

import * as fc from "fast-check";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { batchOf, record, unknownRecord } from "../helpers/wire-encode.ts";
import { hostileText } from "./text.ts";

type StructName = Exclude<keyof typeof wire.WIRE_FIELDS, "wire_head">;

/** Record types whose struct has a different name. */
const STRUCTS: Readonly<Record<string, StructName>> = {
	FORK: "wire_process",
	EXEC_FAILED: "wire_exec",
	EXE: "wire_text",
	ARGS: "wire_text",
};

interface Kind {
	readonly type: number;
	readonly struct: StructName;
	readonly fields: readonly string[];
	/** The field with the length of the text after the struct. */
	readonly length: string | undefined;
}

const KINDS: readonly Kind[] = Object.entries(wire.WireType)
	.filter(([name]) => name !== "NONE" && name !== "TICK")
	.map(([name, type]) => {
		const struct = STRUCTS[name] ?? (`wire_${name.toLowerCase()}` as StructName);
		const fields = Object.keys(wire.WIRE_FIELDS[struct]);
		return { type, struct, fields, length: fields.find((field) => /^(name_|reason_)?len$/.test(field)) };
	});

/** Few small numbers, so that records refer to the same things, and the limits of each field. */
const number = fc.oneof(
	{ weight: 6, arbitrary: fc.nat(5) },
	{ weight: 3, arbitrary: fc.nat(70) },
	{ weight: 1, arbitrary: fc.nat() },
	{
		weight: 1,
		arbitrary: fc.constantFrom(0xff, 0xffff, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2n ** 63n, 2n ** 64n - 1n),
	},
);

/** One more or less than the length of the text, or any other number. */
const lie = fc.oneof({ weight: 20, arbitrary: fc.constant(null) }, fc.nat(70_000), fc.constant(2 ** 32 - 1));

const anyRecord = fc
	.tuple(
		fc.nat(KINDS.length - 1),
		fc.nat(4),
		fc.nat(1),
		fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, number),
		fc.array(fc.tuple(fc.nat(63), number), { maxLength: 9 }),
		fc.array(hostileText, { maxLength: 2 }),
		lie,
	)
	.map(([at, pid, start, time, numbers, texts, length]) => (nowNs: bigint) => {
		const kind = KINDS[at] as Kind;
		const fields: Record<string, number | bigint | Uint8Array> = {};
		for (const [field, value] of numbers) fields[kind.fields[field % kind.fields.length] as string] = value;
		const tail = kind.length === undefined ? new Uint8Array() : (texts[0] ?? new Uint8Array());
		if (kind.length !== undefined) fields[kind.length] = length ?? tail.length;
		if (kind.fields.includes("comm")) fields.comm = texts.at(-1) ?? new Uint8Array();
		return record(
			kind.type,
			kind.struct,
			{ pid, start, time: time ?? nowNs },
			fields as object,
			tail.subarray(0, 60_000),
		);
	});

const strangeRecord = fc
	.tuple(fc.oneof(fc.nat(70), fc.nat(65_535)), fc.uint8Array({ maxLength: 80 }))
	.map(([type, content]) => () => {
		const bytes = unknownRecord(type, content.length);
		bytes.set(content, wire.WIRE_SIZES.wire_head);
		return bytes;
	});

/** How the bytes of a batch are damaged. */
const damage = fc.oneof(
	{ weight: 12, arbitrary: fc.constant((bytes: Uint8Array) => bytes) },
	fc.nat(4000).map((length) => (bytes: Uint8Array) => bytes.subarray(0, length % (bytes.length + 1))),
	fc
		.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 6 })
		.map((changes) => (bytes: Uint8Array) => {
			for (const [at, value] of changes) bytes[at % bytes.length] = value;
			return bytes;
		}),
);

/**
 * Nanoseconds from one refresh to the next: zero, a short one, a second, longer than dead processes are kept, negative.
 */
const pause = fc.constantFrom(
	0n,
	200_000_000n,
	1_000_000_000n,
	1_000_000_000n,
	6_000_000_000n,
	-3_000_000_000n,
	2n ** 62n,
);

const refresh = fc.tuple(
	pause,
	fc.array(fc.oneof({ weight: 9, arbitrary: anyRecord }, strangeRecord), { maxLength: 14 }),
	damage,
);

/** The batches of one run, one per refresh; all but damaged ones end with a tick. */
export function anyBatches(mostRefreshes: number): fc.Arbitrary<Uint8Array[]> {
	return fc.array(refresh, { minLength: 1, maxLength: mostRefreshes }).map((refreshes) => {
		let nowNs = 1_000_000_000_000n;
		return refreshes.map(([pauseNs, records, damaged]) => {
			nowNs = BigInt.asUintN(64, nowNs + pauseNs);
			const wall_ns = BigInt.asUintN(64, 1_790_000_000_000_000_000n + nowNs);
			const tick = record(wire.WireType.TICK, "wire_tick", { time: nowNs }, { wall_ns });
			return damaged(batchOf(...records.map((make) => make(nowNs)), tick));
		});
	});
}

/** Number of records in a batch, and whether bytes that are not a record are left at its end. */
export function walk(batch: Uint8Array): { records: number; hasRest: boolean } {
	const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
	let records = 0;
	let at = 0;
	for (; at + wire.WIRE_SIZES.wire_head <= batch.length; records++) {
		const size = view.getUint16(at + 2, true);
		if (size < wire.WIRE_SIZES.wire_head || at + size > batch.length) break;
		at += size;
	}
	return { records, hasRest: at !== batch.length };
}
