/** The decoder: golden bytes, and everything a broken or hostile batch can hold. */

import { expect, test } from "vitest";
import { finish } from "../../src/model/steps.ts";
import { Decoder } from "../../src/model/wire/decode.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { batchOf, record, unknownRecord } from "../helpers/wire-encode.ts";

const golden = [
	...("1000 3000 2c030000 8877665544332211 00ca9a3b00000000".replace(/ /g, "").match(/../g) ?? []),
	...("e8000000 00000000 b004000000000000 0700000000000000".replace(/ /g, "").match(/../g) ?? []),
].map((hex) => Number.parseInt(hex, 16));

function syscallDecoder() {
	const seen: { nr: number; count: number }[] = [];
	const decoder = new Decoder();
	decoder.on(wire.WireType.SYSCALL, (view, at) => {
		seen.push({ nr: wire.syscallNr(view, at), count: wire.syscallCount(view, at) });
	});
	decoder.on(wire.WireType.EXEC, () => seen.push({ nr: -1, count: 0 }));
	return { decoder, seen };
}

const call = (nr: number) =>
	record(wire.WireType.SYSCALL, "wire_syscall", { pid: 812 }, { nr, count: 1200, errors: 7 });

test("golden bytes: the encoder writes them and the decoder reads them", () => {
	const encoded = record(
		wire.WireType.SYSCALL,
		"wire_syscall",
		{ pid: 812, start: 0x1122334455667788n, time: 1_000_000_000 },
		{ nr: 232, abi: 0, count: 1200, errors: 7 },
	);
	expect([...encoded]).toEqual(golden);
	const { decoder, seen } = syscallDecoder();
	finish(decoder.decode(Uint8Array.from(golden)));
	expect(seen).toEqual([{ nr: 232, count: 1200 }]);
	expect([decoder.received, decoder.malformed]).toEqual([1, 0]);
});

test("a batch may begin anywhere in its buffer", () => {
	const { decoder, seen } = syscallDecoder();
	const buffer = new Uint8Array(100);
	buffer.set(golden, 3);
	finish(decoder.decode(buffer.subarray(3, 3 + golden.length)));
	expect(seen).toHaveLength(1);
});

test("unknown types are skipped by their size", () => {
	const { decoder, seen } = syscallDecoder();
	finish(decoder.decode(batchOf(unknownRecord(200, 16), call(1), unknownRecord(60_000, 0), call(2))));
	expect(seen.map((one) => one.nr)).toEqual([1, 2]);
	expect([decoder.received, decoder.malformed]).toEqual([4, 0]);
});

test("a record shorter than its struct is malformed, the next one counts", () => {
	const { decoder, seen } = syscallDecoder();
	finish(decoder.decode(batchOf(unknownRecord(wire.WireType.SYSCALL, 8), call(2))));
	expect(seen.map((one) => one.nr)).toEqual([2]);
	expect([decoder.received, decoder.malformed]).toEqual([1, 1]);
});

test("text that claims to be longer than its record is malformed", () => {
	const { decoder, seen } = syscallDecoder();
	finish(
		decoder.decode(batchOf(record(wire.WireType.EXEC, "wire_exec", { pid: 1 }, { name_len: 9 }, "12345678"), call(3))),
	);
	expect(seen.map((one) => one.nr)).toEqual([3]);
	expect(decoder.malformed).toBe(1);
});

test.each([0, 1, 23, 49, 65_535])("a record of size %i ends the batch", (size) => {
	const { decoder, seen } = syscallDecoder();
	const broken = call(2);
	new DataView(broken.buffer).setUint16(2, size, true);
	finish(decoder.decode(batchOf(call(1), broken)));
	expect(seen.map((one) => one.nr)).toEqual([1]);
	expect(decoder.malformed).toBe(1);
});

test("every truncation of a batch is read up to its last whole record", () => {
	const whole = batchOf(call(1), call(2), call(3));
	for (let length = 0; length <= whole.length; length++) {
		const { decoder, seen } = syscallDecoder();
		finish(decoder.decode(whole.subarray(0, length)));
		expect(seen).toHaveLength(Math.floor(length / wire.WIRE_SIZES.wire_syscall));
		expect(decoder.malformed).toBe(length % wire.WIRE_SIZES.wire_syscall === 0 ? 0 : 1);
	}
});

test("every struct is a multiple of 8 bytes, so that records stay aligned", () => {
	for (const [name, size] of Object.entries(wire.WIRE_SIZES)) expect(size % 8, name).toBe(0);
});
