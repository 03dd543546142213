/** Forged and damaged recordings: what is whole is played, the rest is refused with a message. */

import assert from "node:assert/strict";
import { ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { StateBlocks } from "../../../src/history/state-blocks.ts";
import { StateReader } from "../../../src/history/state-reader.ts";
import {
	BlockDictionary,
	BlockType,
	encodeBlock,
	encodePreamble,
	RecordingError,
} from "../../../src/model/feed/recording-format.ts";
import { RecordingReader } from "../../../src/model/feed/recording-reader.ts";
import { Model } from "../../../src/model/model.ts";
import { WIRE_FIELDS, WIRE_SIZES, WIRE_VERSION } from "../../../src/model/wire/layout.gen.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { payloadsOf } from "../../helpers/recorded-payloads.ts";
import { schemaErrors } from "../../helpers/snapshot-schema.ts";
import { anyBatches } from "../records.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";
import { INFO } from "./model.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-fuzz-"));
const path = join(folder, "eb.ebtop");
/** Overwritten each time: a new file for each case takes a hundred times as long on some file systems. */
const fd = openSync(path, "w");
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const whole = {
	...{ version: "1", host: "h", kernel: "k", machine: "x86_64", source: "bpf", options: {} },
	...{ wireVersion: WIRE_VERSION, wireSizes: WIRE_SIZES, wireFields: WIRE_FIELDS },
};

/** The head of the recording in its first block, with a few fields changed. */
const strangeInfo = fc
	.array(fc.tuple(fc.constantFrom(...Object.keys(whole)), fc.oneof(hostileString, fc.jsonValue())), { maxLength: 2 })
	.map((changes) => ({ ...whole, ...Object.fromEntries(changes) }));

const states = new StateBlocks();
/** Payloads of a recording of snapshots. */
const sound = payloadsOf([0, 1, 2].flatMap((tick) => states.write(changingSnapshot(tick, 2)))).map(String);

/** One of them with another value somewhere, or another text. */
const statePayload = fc
	.tuple(
		fc.constantFrom(...sound),
		fc.nat(),
		fc.oneof(fc.double(), fc.integer({ min: -9, max: 9 }), fc.jsonValue(), hostileString, fc.constant("__proto__")),
		fc.constantFrom("lists", "shapes", "numbers", "others"),
		fc.boolean(),
	)
	.map(([text, at, value, part, isChanged]) => {
		const payload = JSON.parse(text);
		if (isChanged && payload[part].length > 0) payload[part][at % payload[part].length] = value;
		return Buffer.from(JSON.stringify(payload));
	});

const structName = fc.constantFrom(...(Object.keys(WIRE_FIELDS) as (keyof typeof WIRE_FIELDS)[]));
const place = fc.record({ at: fc.nat(90), count: fc.nat(4) });

/** From a version whose structs had other fields at other offsets. */
const otherLayout = fc
	.array(
		fc.tuple(structName, fc.integer({ min: 2, max: 40 }), fc.array(fc.tuple(fc.nat(30), place), { maxLength: 6 })),
		{ maxLength: 4 },
	)
	.map((structs) => {
		const sizes: Record<string, number> = { ...WIRE_SIZES };
		const fields: Record<string, object> = { ...WIRE_FIELDS };
		for (const [name, words, places] of structs) {
			const known = Object.entries(WIRE_FIELDS[name]);
			sizes[name] = words * 8;
			fields[name] = Object.fromEntries(
				places.map(([at, moved]) => {
					const [field, { bytes }] = known[at % known.length] as (typeof known)[number];
					return [field, { bytes, ...moved }];
				}),
			);
		}
		return { ...whole, wireSizes: sizes, wireFields: fields };
	});

const info = fc
	.oneof(
		{ weight: 2, arbitrary: fc.constant<object>(whole) },
		{ weight: 2, arbitrary: fc.constant<object>({ ...whole, content: "snapshots" }) },
		strangeInfo,
		otherLayout,
	)
	.map((about) => Buffer.from(JSON.stringify(about)));

function withLengths(batches: readonly Uint8Array[]): Buffer {
	return Buffer.concat(
		batches.flatMap((batch) => {
			const length = Buffer.alloc(4);
			length.writeUInt32LE(batch.length);
			return [length, batch];
		}),
	);
}

const payload = fc.oneof(
	{ weight: 5, arbitrary: anyBatches(2).map(withLengths) },
	{ weight: 3, arbitrary: statePayload },
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
	{ weight: 1, arbitrary: fc.nat(100_000).map((length) => Buffer.alloc(length)) },
);

/** A field of a block's head with a wrong value; checksums are corrected, or not. */
const forgery = fc.option(fc.tuple(fc.nat(31), fc.nat(255), fc.boolean()), { freq: 4 });
const block = fc.record({
	type: fc.oneof(
		{ weight: 6, arbitrary: fc.constantFrom<number[]>(BlockType.BATCHES, BlockType.STATE, BlockType.DELTA) },
		fc.nat(6),
	),
	timeNs: fc.bigInt(0n, 2n ** 64n - 1n),
	content: payload,
	forged: forgery,
	isAfter: fc.boolean(),
});

/** The blocks of a file, compressed one with the other. */
function encode(blocks: readonly (typeof block extends fc.Arbitrary<infer Block> ? Block : never)[]): Buffer[] {
	const dictionary = new BlockDictionary();
	return blocks.map(({ type, timeNs, content, forged, isAfter }) => {
		if (!isAfter) dictionary.clear();
		const before = dictionary.bytes;
		const bytes = encodeBlock(type, timeNs, content, before);
		dictionary.add(content, before !== null);
		if (forged === null) return bytes;
		const [at, value, isSigned] = forged;
		bytes[at] = value;
		if (isSigned) bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
		return bytes;
	});
}

const file = fc
	.tuple(
		info,
		fc.array(block, { maxLength: 4 }),
		fc.boolean(),
		fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { maxLength: 1 }),
		fc.option(fc.nat(20_000), { freq: 5 }),
	)
	.map(([about, blocks, hasEnd, changes, length]) => {
		const begin = [encodePreamble(), encodeBlock(BlockType.INFO, 0n, about)];
		const end = hasEnd ? [encodeBlock(BlockType.END, 0n, Buffer.alloc(0))] : [];
		const bytes = Buffer.concat([...begin, ...encode(blocks), ...end]);
		for (const [at, value] of changes) bytes[at % bytes.length] = value;
		return length === null ? bytes : bytes.subarray(0, length % (bytes.length + 1));
	});

/** Reads to the end or to the damage; gives the batches and what was wrong. */
function play(bytes: Uint8Array): { batches: Uint8Array[]; problem: string | null; isOfSnapshots: boolean } {
	writeSync(fd, bytes, 0, bytes.length, 0);
	ftruncateSync(fd, bytes.length);
	const batches: Uint8Array[] = [];
	let reader: RecordingReader | null = null;
	try {
		reader = new RecordingReader(path);
		for (let block = reader.next(); block !== null && block !== "later"; block = reader.next())
			batches.push(...block.batches);
		return { batches, problem: null, isOfSnapshots: reader.info.content === "snapshots" };
	} catch (error) {
		assert.ok(error instanceof RecordingError, `not an error of the recording: ${String(error)}`);
		return { batches, problem: error.message, isOfSnapshots: reader?.info.content === "snapshots" };
	} finally {
		reader?.close();
	}
}

/** What is read is a snapshot by the schema; the first damage ends it. */
function readSnapshots(payloads: readonly Uint8Array[]): void {
	const reader = new StateReader();
	try {
		for (const payload of payloads) {
			const snapshot = reader.apply(payload);
			if (snapshot !== null) assert.deepEqual(schemaErrors(snapshot), []);
		}
	} catch (error) {
		assert.ok(error instanceof RecordingError, `not an error of the recording: ${String(error)}`);
	}
}

export const recording: FuzzTarget<Buffer> = {
	name: "recording",
	about: "recordings: damaged, forged, cut short",
	cases: file,
	casesInTests: 200,
	check(bytes) {
		const { batches, problem, isOfSnapshots } = play(bytes);
		assert.notEqual(problem, "", "refused without a reason");
		if (isOfSnapshots) readSnapshots(batches);
		else {
			const model = new Model(INFO);
			for (const batch of batches) model.apply(batch);
		}
		const shorter = play(bytes.subarray(0, bytes.length - 1));
		assert.ok(shorter.batches.length <= batches.length, "a shorter file has more in it");
		for (const [at, batch] of shorter.batches.entries()) assert.deepEqual(batch, batches[at], "another batch");
	},
};
