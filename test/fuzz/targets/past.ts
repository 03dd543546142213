/** What a service says that it remembers: forged or damaged bytes are refused, dropped, or read as safe snapshots. */

import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import * as fc from "fast-check";
import { History } from "../../../src/history/history.ts";
import { encodePast, readPast } from "../../../src/history/past.ts";
import { DotGraph } from "../../../src/output/dot.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";
import { checkSnapshot } from "./model.ts";

const REFRESHES = 4;
const LENGTH_BYTES = 4;
const NUMBER_BYTES = 8;

/** The parts of a past: its head as text, its packs decompressed. */
interface Parts {
	readonly head: string;
	readonly packs: readonly Buffer[];
}

async function soundParts(): Promise<Parts> {
	const history = new History();
	for (let tick = 0; tick < REFRESHES; tick++) history.add(changingSnapshot(tick, 2));
	for await (const { stretch, moments } of history.packed(REFRESHES - 1, Number.POSITIVE_INFINITY)) {
		const last = moments.at(-1) ?? { no: 0, atMs: 0 };
		const relative = moments.map((each) => ({ ...each, no: each.no - last.no, atMs: each.atMs - last.atMs }));
		const bytes = encodePast(stretch, relative);
		const head = bytes.toString("utf8", LENGTH_BYTES, LENGTH_BYTES + bytes.readUInt32LE(0));
		return { head, packs: [...stretch.begin, ...stretch.deltas].map((pack) => zstdDecompressSync(pack)) };
	}
	throw new Error("the history is empty");
}

const SOUND = await soundParts();

const value = fc.oneof(
	{ weight: 3, arbitrary: fc.integer({ min: -REFRESHES, max: 300 }) },
	{ weight: 1, arbitrary: fc.double() },
	{ weight: 2, arbitrary: hostileString },
	{ weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Another value somewhere in the head. */
const headChange = fc.tuple(fc.array(fc.nat(60), { maxLength: 4 }), value).map(([way, fresh]) => (head: unknown) => {
	let inner = head as Record<string, unknown>;
	for (const step of way) {
		const names = Object.keys(inner);
		const name = names[step % names.length] as string;
		const next = inner[name];
		if (typeof next !== "object" || next === null || Object.keys(next).length === 0) {
			inner[name] = fresh;
			return;
		}
		inner = next as Record<string, unknown>;
	}
});

/** Another number, or another byte, in one of the packs. */
const packChange = fc.tuple(
	fc.nat(SOUND.packs.length - 1),
	fc.nat(100_000),
	fc.oneof(fc.nat(255), fc.double(), fc.integer({ min: -3, max: 300 }).map(Number)),
	fc.boolean(),
);

/** Another byte of the whole. */
const byteChange = fc.tuple(fc.nat(100_000), fc.nat(255));

function forge(
	headChanges: readonly ((head: unknown) => void)[],
	packChanges: readonly (readonly [number, number, number, boolean])[],
	byteChanges: readonly (readonly [number, number])[],
): Buffer {
	const packs = SOUND.packs.map((pack) => Buffer.from(pack));
	for (const [no, place, fresh, isByte] of packChanges) {
		const pack = packs[no] as Buffer;
		if (isByte || pack.length < 2 * NUMBER_BYTES) pack[place % pack.length] = fresh;
		else pack.writeDoubleLE(fresh, NUMBER_BYTES * (place % (Math.floor(pack.length / NUMBER_BYTES) - 1)));
	}
	const stored = packs.map((pack) => zstdCompressSync(pack));
	const head = { ...JSON.parse(SOUND.head), packs: stored.map(({ length }) => length) };
	for (const change of headChanges) change(head);
	const text = Buffer.from(JSON.stringify(head));
	const length = Buffer.alloc(LENGTH_BYTES);
	length.writeUInt32LE(text.length);
	const bytes = Buffer.concat([length, text, ...stored]);
	for (const [place, fresh] of byteChanges) bytes[place % bytes.length] = fresh;
	return bytes;
}

const seldom = { maxLength: 2 };

export const past: FuzzTarget<Buffer> = {
	name: "past",
	about: "what a service remembers, forged or damaged",
	cases: fc
		.tuple(fc.array(headChange, seldom), fc.array(packChange, { maxLength: 4 }), fc.array(byteChange, seldom))
		.map((changes) => forge(...changes)),
	casesInTests: 200,
	check(bytes) {
		const received = readPast(bytes);
		if (received === null) return;
		const history = new History();
		history.add(changingSnapshot(REFRESHES - 1, 2));
		history.receive(received);
		const graph = new DotGraph(null);
		for (const { no } of [...history.moments]) {
			const snapshot = history.at(no);
			if (snapshot !== null) checkSnapshot(snapshot, graph);
		}
	},
};
