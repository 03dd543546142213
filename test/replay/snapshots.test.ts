import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { StateBlocks } from "../../src/history/state-blocks.ts";
import { StateReader } from "../../src/history/state-reader.ts";
import { BlockType, encodeBlock, encodePreamble } from "../../src/model/feed/recording-format.ts";
import { RecordingReader } from "../../src/model/feed/recording-reader.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { aProcess, aSnapshot } from "../helpers/snapshots.ts";
import { temporaryFolder } from "./recordings.ts";

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const INFO = { version: "0.0.0", host: "h", kernel: "k", machine: "x86_64", source: "bpf", content: "snapshots" };

const END = encodeBlock(BlockType.END, 0n, Buffer.alloc(0));

function recordingOf(snapshots: readonly Snapshot[]): Buffer {
	const blocks = new StateBlocks();
	return Buffer.concat([
		encodePreamble(),
		encodeBlock(BlockType.INFO, 0n, Buffer.from(JSON.stringify(INFO))),
		...snapshots.flatMap((snapshot) => blocks.write(snapshot)),
		END,
	]);
}

/** The snapshots of a file, and the error if there was one. */
function read(bytes: Uint8Array): { snapshots: Snapshot[]; problem: string | null } {
	const path = join(folder, "eb.ebtop");
	writeFileSync(path, bytes);
	const snapshots: Snapshot[] = [];
	const state = new StateReader();
	let reader: RecordingReader | null = null;
	try {
		reader = new RecordingReader(path);
		for (let block = reader.next(); block !== null && block !== "later"; block = reader.next()) {
			for (const batch of block.batches) {
				const snapshot = state.apply(batch);
				if (snapshot !== null) snapshots.push(snapshot);
			}
		}
		return { snapshots, problem: null };
	} catch (error) {
		return { snapshots, problem: (error as Error).message };
	} finally {
		reader?.close();
	}
}

/** Numbers of the refreshes that differ. */
function differing(some: readonly Snapshot[], others: readonly Snapshot[]): number[] {
	const all = Array.from({ length: Math.max(some.length, others.length) }, (_, at) => at);
	return all.filter((at) => !isDeepStrictEqual(some[at], others[at]));
}

it("snapshots of a real machine come out as they went in", async () => {
	const snapshots = await recordedSnapshots(demoPath());
	const bytes = recordingOf(snapshots);
	const played = read(bytes);
	expect(played.problem).toBeNull();
	expect(differing(played.snapshots, snapshots)).toEqual([]);
});

it("as do the refreshes around a repeated full state", () => {
	const snapshots = Array.from({ length: 130 }, (_, tick) => changingSnapshot(tick, 10));
	expect(differing(read(recordingOf(snapshots)).snapshots, snapshots)).toEqual([]);
});

it("as do those of a large machine, whose full states are several blocks", () => {
	const snapshots = Array.from({ length: 3 }, (_, tick) => changingSnapshot(tick, 2500));
	const played = read(recordingOf(snapshots));
	expect(played.problem).toBeNull();
	expect(differing(played.snapshots, snapshots)).toEqual([]);
});

const original = Array.from({ length: 70 }, (_, tick) => changingSnapshot(tick, 3));
const whole = recordingOf(original);

/** Checks that every snapshot is one that was recorded, in order. */
function expectRecorded({ snapshots }: { snapshots: readonly Snapshot[] }, hint: string): void {
	const seqs = snapshots.map(({ seq }) => seq);
	expect(seqs, hint).toEqual([...new Set(seqs)].sort((a, b) => a - b));
	for (const snapshot of snapshots) expect(isDeepStrictEqual(snapshot, original[snapshot.seq]), hint).toBe(true);
}

it("a file truncated anywhere is played as far as it goes, and the missing end is reported", () => {
	let most = 0;
	for (let length = 16; length < whole.length; length += 599) {
		const played = read(whole.subarray(0, length));
		expect(played.problem, `cut at ${length}`).toMatch(/^(its end is missing|it is damaged)$/);
		expect(played.snapshots.length).toBeGreaterThanOrEqual(most);
		expectRecorded(played, `cut at ${length}`);
		most = played.snapshots.length;
	}
	expect(most).toBeGreaterThan(50);
});

it("a changed byte anywhere loses what follows until the next full state, and is reported at the end", () => {
	const lengths = new Set<number>();
	const end = whole.length - END.length;
	const places = Array.from({ length: Math.floor((end - 600) / 701) }, (_, step) => 600 + step * 701);
	for (const at of [...places, end - 1]) {
		const changed = Buffer.from(whole);
		changed[at] = (changed[at] ?? 0) ^ 0x41;
		const played = read(changed);
		expect(played.problem, `byte ${at}`).toBe("it is damaged");
		expectRecorded(played, `byte ${at}`);
		lengths.add(played.snapshots.length);
	}
	// The 61st of 70 refreshes is a full state, so losses before it end there.
	expect(Math.min(...lengths)).toBe(10);
	expect(Math.max(...lengths)).toBe(69);
	expect(lengths.size).toBeGreaterThan(10);
});

describe("forged payloads", () => {
	const payload = (change: object) =>
		Buffer.from(
			JSON.stringify({ isWhole: true, isPart: false, lists: [], shapes: [], numbers: [], others: [], ...change }),
		);
	/** The payload of the first block, as it is in a recording. */
	const sound = () => {
		const [block] = new StateBlocks().write(changingSnapshot(0, 3));
		const stored = (block as Buffer).subarray(32);
		return JSON.parse(zstdDecompressSync(stored).toString()) as Record<string, unknown[]>;
	};
	const { numbers = [], others = [], lists = [], shapes = [] } = sound();
	const at = (place: number, number: unknown) => ({ ...sound(), numbers: numbers.with(place, number) });
	const cases: [string, object | string][] = [
		["no JSON", "{"],
		["null", "null"],
		["no head", {}],
		["numbers that are texts", { numbers: ["1"] }],
		["a list that has no name", { numbers: [3, 0, 0, 0] }],
		["a list of four billion rows", { lists: ["events"], numbers: [0, 2 ** 32, 0, 0] }],
		["a list with a hole", { lists: ["events"], numbers: [0, 1000, 0, 0] }],
		["a list that says twice what is in it", { lists: ["events"], numbers: [0, 0, 0, 0, 0, 0, 0, 0] }],
		["a row at a negative place", { lists: ["events"], shapes: [[]], numbers: [0, 1, 1, -1, -1, 0, 0] }],
		["a run of rows that were not there", { lists: ["events"], numbers: [0, 5, 0, 1, 0, 0, 5] }],
		["a run of less than nothing", { lists: ["events"], numbers: [0, 0, 0, 1, 0, 0, -5] }],
		["more runs than numbers", { lists: ["events"], numbers: [0, 0, 0, 2 ** 50] }],
		["half of the numbers", { ...sound(), numbers: numbers.slice(0, numbers.length / 2) }],
		["none of the texts", { ...sound(), others: [] }],
		["texts that are objects", { ...sound(), others: others.map(() => ({})) }],
		[
			"texts that steer a terminal",
			{ ...sound(), others: others.map((one) => (typeof one === "string" ? "\x1b[2J" : one)) },
		],
		["fields by other names", { ...sound(), shapes: shapes.map(() => ["__proto__", "constructor"]) }],
		["tables by other names", { ...sound(), lists: lists.map(() => "__proto__") }],
		["a length that is a fraction", at(1, 0.5)],
		["a length that is none", at(1, null)],
	];
	it.each(cases)("%s", (_, change) => {
		const bytes = typeof change === "string" ? Buffer.from(change) : payload(change);
		expect(() => new StateReader().apply(bytes)).toThrow("it is damaged");
	});
	it("a change without a state before it", () => {
		expect(() => new StateReader().apply(payload({ isWhole: false }))).toThrow("it is damaged");
	});
	it("fields that this version does not know are left out, those that an earlier one did not have are empty", () => {
		const { threads, args, exit, ...earlier } = aProcess({ pid: 1 });
		const other = { ...aSnapshot({ processes: [{ ...earlier, mood: "blue" } as never] }), colour: "blue" };
		const [block] = new StateBlocks().write(other);
		const read = new StateReader().apply(zstdDecompressSync((block as Buffer).subarray(32))) as Snapshot;
		expect(read).not.toHaveProperty("colour");
		expect(read.processes[0]).toEqual({ ...aProcess({ pid: 1 }), threads: 0, args: [], exit: null });
	});
});
