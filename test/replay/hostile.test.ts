import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, zstdCompressSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { BlockType, encodeBlock, encodePreamble } from "../../src/model/feed/recording-format.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { unknownRecord } from "../helpers/wire-encode.ts";
import { play, syntheticBatches, temporaryFolder, writeRecording } from "./recordings.ts";

const folder = temporaryFolder();
const path = join(folder, "eb.ebtop");
afterAll(() => rmSync(folder, { recursive: true }));

writeRecording(path, syntheticBatches(3));
const whole = readFileSync(path);

/** Plays the bytes as a file: returns the number of batches, and the error about the rest. */
async function outcome(...parts: Uint8Array[]): Promise<{ batches: number; problem: string | null }> {
	const damaged = join(folder, "damaged.ebtop");
	writeFileSync(damaged, Buffer.concat(parts));
	try {
		const { batches, error } = await play(damaged);
		return { batches: batches.length, problem: error?.message ?? null };
	} catch (error) {
		return { batches: 0, problem: (error as Error).message };
	}
}

const info = (change: object = {}) => {
	const machine = { version: "9.9.9", host: "h", kernel: "k", machine: "x86_64" };
	const text = JSON.stringify({
		...machine,
		wireVersion: wire.WIRE_VERSION,
		wireSizes: wire.WIRE_SIZES,
		wireFields: wire.WIRE_FIELDS,
		...change,
	});
	return encodeBlock(BlockType.INFO, 0n, Buffer.from(text));
};
const end = encodeBlock(BlockType.END, 0n, Buffer.alloc(0));

/** The block with a field of its head changed and the head's checksum corrected. */
function forge(block: Buffer, change: (head: Buffer) => void): Buffer {
	const forged = Buffer.from(block);
	change(forged);
	forged.writeUInt32LE(crc32(forged.subarray(0, 28)), 28);
	return forged;
}

it("plays the original file", async () => {
	expect(await outcome(whole)).toEqual({ batches: 6, problem: null });
	expect(await outcome(encodePreamble(), info(), end)).toEqual({ batches: 0, problem: null });
});

it("a file truncated anywhere is played as far as it goes, and the missing end is reported", async () => {
	let most = 0;
	for (let length = 16; length < whole.length; length += 7) {
		const { batches, problem } = await outcome(whole.subarray(0, length));
		expect(problem, `cut at ${length}`).toMatch(/^(its end is missing|it is damaged)$/);
		expect(batches).toBeGreaterThanOrEqual(most);
		most = batches;
	}
	expect(most).toBe(6);
});

it("a changed byte anywhere is noticed, and what came before is shown", async () => {
	for (let at = 0; at < whole.length; at += 5) {
		const changed = Buffer.from(whole);
		changed[at] = (changed[at] ?? 0) ^ 0x41;
		const { problem } = await outcome(changed);
		// Bytes 12 to 15 are reserved: this version must accept what a later one writes there.
		expect(problem === null, `byte ${at}`).toBe(at >= 12 && at < 16);
	}
});

describe("other files", () => {
	const batch = Buffer.from([0, 0, 0, 0]);
	const bareHeads = Buffer.alloc(wire.WIRE_SIZES.wire_head * 2_000_000, unknownRecord(wire.WireType.LATENCY, 0));
	const oneBatch = Buffer.concat([Buffer.from(Uint32Array.of(bareHeads.length).buffer), bareHeads]);
	const emptyBatches = encodeBlock(BlockType.BATCHES, 0n, Buffer.alloc(240 * 1024 * 1024));
	const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
	const cases: [name: string, parts: Uint8Array[], problem: RegExp][] = [
		["an empty one", [], /not a recording/],
		["text", [Buffer.from("PK something else entirely, long enough")], /not a recording/],
		["a preamble alone", [encodePreamble()], /damaged/],
		["a newer format", [Buffer.from(encodePreamble()).fill(2, 8, 9), info(), end], /newer ebtop.*format 2/],
		["records of a newer wire", [encodePreamble(), info({ wireVersion: 99 }), end], /newer ebtop \(9.9.9\)/],
		[
			"records of a layout that is not told",
			[encodePreamble(), info({ wireFields: undefined }), end],
			/another ebtop \(9.9.9\)/,
		],
		["no machine", [encodePreamble(), info({ host: 7 }), end], /damaged/],
		["info that is null", [encodePreamble(), encodeBlock(BlockType.INFO, 0n, Buffer.from("null")), end], /damaged/],
		["batches first", [encodePreamble(), encodeBlock(BlockType.BATCHES, 0n, batch), end], /damaged/],
		[
			"a batch longer than its block",
			[encodePreamble(), info(), encodeBlock(BlockType.BATCHES, 0n, Buffer.from([9, 0, 0, 0, 1])), end],
			/damaged/,
		],
		[
			"records that grow ninefold",
			[
				encodePreamble(),
				info({
					wireSizes: { ...wire.WIRE_SIZES, wire_latency: wire.WIRE_SIZES.wire_head },
					wireFields: { ...wire.WIRE_FIELDS, wire_latency: {} },
				}),
				encodeBlock(BlockType.BATCHES, 0n, oneBatch),
				end,
			],
			/damaged/,
		],
		["sixty million empty batches", [encodePreamble(), info(), emptyBatches, end], /damaged/],
		[
			"half a length",
			[encodePreamble(), info(), encodeBlock(BlockType.BATCHES, 0n, Buffer.from([9, 0])), end],
			/damaged/,
		],
		["a block of 4 GB", [encodePreamble(), info(), forge(end, (head) => head.writeUInt32LE(0xffffffff, 8))], /damaged/],
		[
			"a block that unfolds to more than it says",
			[
				encodePreamble(),
				info(),
				forge(Buffer.concat([end.subarray(0, 32), bomb]), (head) => {
					head.writeUInt16LE(BlockType.BATCHES, 4);
					head.writeUInt32LE(bomb.length, 8);
					head.writeUInt32LE(100, 12);
					head.writeUInt32LE(crc32(bomb), 24);
				}),
			],
			/damaged/,
		],
	];
	it.each(cases)("%s", async (_, parts, problem) => {
		const played = await outcome(...parts);
		expect(played.problem).toMatch(problem);
		expect(played.batches).toBe(0);
	});
	it("a directory", async () => {
		await expect(play.bind(null, folder)).toThrow("it is a directory");
	});
});

it("structs that only one side knows do no harm", async () => {
	const sizes = { wire_tick: wire.WIRE_SIZES.wire_tick, wire_from_the_future: 32 };
	expect(await outcome(encodePreamble(), info({ wireSizes: sizes, wireFields: {} }), end)).toEqual({
		batches: 0,
		problem: null,
	});
});

it("blocks of unknown types are skipped", async () => {
	const unknown = encodeBlock(77, 0n, Buffer.from("from the future"));
	const one = Buffer.concat([Buffer.from([wire.WIRE_SIZES.wire_head, 0, 0, 0]), unknownRecord(99, 0)]);
	const batches = encodeBlock(BlockType.BATCHES, 0n, Buffer.concat([one, one]));
	expect(await outcome(encodePreamble(), info(), unknown, batches, unknown, end)).toEqual({
		batches: 2,
		problem: null,
	});
});
