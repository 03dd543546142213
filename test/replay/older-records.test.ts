// A recording with another layout of structs reads as if it had been written with ours.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { converterFrom, OUR_LAYOUT, parseLayout, type RecordLayout } from "../../src/model/feed/record-converter.ts";
import { BlockType, encodeBlock, encodePreamble } from "../../src/model/feed/recording-format.ts";
import { WIRE_VERSION, WireType } from "../../src/model/wire/layout.gen.ts";
import { batchOf, record, unknownRecord } from "../helpers/wire-encode.ts";
import { records } from "../helpers/wire-read.ts";
import { INFO, linesOf, play, syntheticBatches, temporaryFolder } from "./recordings.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

type Place = { at: number; bytes: number; count: number };
const head = { pid: 42, start: 7n, time: 99n };
const { wire_syscall: ours } = OUR_LAYOUT.fields as { wire_syscall: Record<string, Place> };

/** The layout of a writer whose struct of a system call had `fields` and `size` bytes. */
const layoutOf = (size: number, fields: Record<string, Place>): RecordLayout => ({
	sizes: { ...OUR_LAYOUT.sizes, wire_syscall: size },
	fields: { ...OUR_LAYOUT.fields, wire_syscall: fields },
});

const ourRecord = record(WireType.SYSCALL, "wire_syscall", head);

/** A record in that layout: the head of `from`, then `values` as 32- and 64-bit words. */
function older(
	size: number,
	values: [at: number, bits: 32 | 64, value: bigint][],
	tail = "",
	from = ourRecord,
): Buffer {
	const bytes = Buffer.concat([Buffer.alloc(size), Buffer.from(tail)]);
	bytes.set(from.subarray(0, 24));
	bytes.writeUInt16LE(bytes.length, 2);
	for (const [at, bits, value] of values) {
		if (bits === 64) bytes.writeBigUInt64LE(value, at);
		else bytes.writeUInt32LE(Number(value), at);
	}
	return bytes;
}

const nr = { at: 32, bytes: 4, count: 1 };
const count = { at: 24, bytes: 8, count: 1 };
const convert = (layout: RecordLayout, batch: Uint8Array) =>
	(converterFrom(layout) as (batch: Uint8Array) => Uint8Array)(batch);

describe("records of another layout", () => {
	it("have their fields where this program expects them, and 0 for fields that the writer lacked", () => {
		const layout = layoutOf(40, { count, nr, gone: { at: 36, bytes: 4, count: 1 } });
		const values: Parameters<typeof older>[1] = [
			[24, 64, 97n],
			[32, 32, 39n],
			[36, 32, 5n],
		];
		const converted = convert(layout, older(40, values));
		expect(Buffer.from(converted)).toEqual(
			Buffer.from(record(WireType.SYSCALL, "wire_syscall", head, { nr: 39, count: 97n })),
		);
	});
	it("keep the text after them, and leave all other records unchanged", () => {
		const layout = layoutOf(40, { count, nr });
		const text = "behind it, whole";
		const tick = record(WireType.TICK, "wire_tick", { time: 3n });
		const future = unknownRecord(200, 16);
		const converted = Buffer.from(convert(layout, batchOf(tick, older(40, [[24, 64, 97n]], text), future)));
		const expected = Buffer.from(record(WireType.SYSCALL, "wire_syscall", head, { count: 97n }, text));
		expect(converted).toEqual(Buffer.from(batchOf(tick, expected, future)));
	});
	it("do not take over a field of another width", () => {
		const layout = layoutOf(40, { nr, count: { at: 24, bytes: 4, count: 1 } });
		const values: Parameters<typeof older>[1] = [
			[24, 32, 97n],
			[32, 32, 39n],
		];
		const [converted] = records(convert(layout, older(40, values)), "wire_syscall");
		expect(converted).toMatchObject({ nr: 39, count: 0 });
	});
	it("stay damaged if they were damaged", () => {
		const layout = layoutOf(40, { count, nr });
		const short = older(32, []);
		expect(convert(layout, short).length).toBe(24);
		const cut = older(40, []).subarray(0, 30);
		expect(Buffer.from(convert(layout, cut))).toEqual(Buffer.from(cut));
		const tooLong = older(40, [], "x".repeat(0xffff - 40));
		expect(convert(layout, tooLong).length).toBe(24);
	});
	it("need no conversion if the layout is ours", () => {
		expect(converterFrom(OUR_LAYOUT)).toBeNull();
		expect(converterFrom(layoutOf(48, { ...ours, more: { at: 24, bytes: 4, count: 1 } }))).toBeNull();
	});
});

describe("an invalid layout", () => {
	const { sizes } = OUR_LAYOUT;
	const cases: [name: string, sizes: unknown, fields: unknown][] = [
		["none", undefined, undefined],
		["a list", [], []],
		["a size that is odd", { ...sizes, wire_tick: 33 }, {}],
		["a size below the head's", { ...sizes, wire_tick: 16 }, {}],
		["a size that no record can have", { ...sizes, wire_tick: 65_544 }, {}],
		["a field behind its struct", sizes, { wire_tick: { wall_ns: { at: 44, bytes: 8, count: 1 } } }],
		["a field of an unknown struct", sizes, { wire_future: { x: { at: 0, bytes: 8, count: 1 } } }],
		["a field of three bytes", sizes, { wire_tick: { wall_ns: { at: 24, bytes: 3, count: 1 } } }],
		["a negative place", sizes, { wire_tick: { wall_ns: { at: -8, bytes: 8, count: 1 } } }],
		["a count without end", sizes, { wire_tick: { wall_ns: { at: 24, bytes: 8, count: 1e300 } } }],
		["a field that is null", sizes, { wire_tick: { wall_ns: null } }],
	];
	it.each(cases)("%s is refused", (_, given, fields) => {
		expect(parseLayout(given, fields)).toBeNull();
	});
});

it("a file says its layout, and plays to the same lines when that differs from ours", async () => {
	const path = join(folder, "older.ebtop");
	const layout = layoutOf(40, { count, nr });
	const blocks = syntheticBatches(2).map((batch) => {
		const bytes = batchOf(...splitRecords(batch).map(asOlder));
		return encodeBlock(BlockType.BATCHES, 0n, Buffer.concat([new Uint32Array([bytes.length]), bytes].map(bytesOf)));
	});
	const info = { ...INFO, version: "0.0.1", wireVersion: WIRE_VERSION };
	const text = JSON.stringify({ ...info, wireSizes: layout.sizes, wireFields: layout.fields, options: {} });
	const first = encodeBlock(BlockType.INFO, 0n, Buffer.from(text));
	const end = encodeBlock(BlockType.END, 9n, Buffer.alloc(0));
	writeFileSync(path, Buffer.concat([encodePreamble(), first, ...blocks, end]));
	const { batches, error } = await play(path);
	expect(error).toBeNull();
	expect(linesOf(INFO, batches)).toEqual(linesOf(INFO, syntheticBatches(2)));
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array | Uint32Array) =>
	new Uint8Array(buffer, byteOffset, byteLength);

function asOlder(each: Buffer): Buffer {
	if (each.readUInt16LE(0) !== WireType.SYSCALL) return each;
	const at = ours.count?.at ?? 0;
	return older(
		40,
		[
			[24, 64, each.readBigUInt64LE(at)],
			[32, 32, 39n],
		],
		"",
		each,
	);
}

function splitRecords(batch: Uint8Array): Buffer[] {
	const bytes = Buffer.from(batch);
	const records: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += bytes.readUInt16LE(at + 2)) {
		records.push(bytes.subarray(at, at + bytes.readUInt16LE(at + 2)));
	}
	return records;
}
