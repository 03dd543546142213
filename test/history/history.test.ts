import { queryObjects } from "node:v8";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta, DeltaWriter } from "../../src/history/delta.ts";
import { History } from "../../src/history/history.ts";
import type { Rows } from "../../src/history/state.ts";
import { type Snapshot, TABLES, type TableName } from "../../src/model/snapshot.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { changingSnapshot } from "../helpers/changing-snapshots.ts";
import { collect } from "../helpers/collect.ts";
import { recordedSnapshots } from "../helpers/recorded-snapshots.ts";
import { Scenario } from "../helpers/scenario.ts";
import {
	aFile,
	aFollow,
	aHealth,
	aLink,
	anEvent,
	aProcess,
	aSnapshot,
	aSocket,
	aSyscall,
	aSystem,
} from "../helpers/snapshots.ts";

const MINUTE_MS = 60_000;

/** What must come out again, refresh by refresh. */
function keep(history: History, snapshots: readonly Snapshot[]): Snapshot[] {
	return snapshots.map((snapshot) => {
		history.add(snapshot);
		return history.latest as Snapshot;
	});
}

function expectAll(history: History, shown: readonly Snapshot[]): void {
	expect(history.moments.length).toBeGreaterThan(0);
	for (const { no } of history.moments) expect(history.at(no)).toEqual(shown[no]);
}

test("every snapshot comes out as it went in, while it is being written, and when all is compressed", async () => {
	const history = new History();
	const shown = keep(
		history,
		Array.from({ length: 300 }, (_, tick) => changingSnapshot(tick, 60)),
	);
	expect(history.moments).toHaveLength(300);
	expectAll(history, shown);
	await history.settled();
	expectAll(history, shown);
	for (const no of [299, 0, 150, 149, 148, 257, 255, 256]) expect(history.at(no)).toEqual(shown[no]);
});

test("what a followed command caused comes out as it was at that refresh", async () => {
	const history = new History();
	const shown: Snapshot[] = [];
	for (let seq = 0; seq < 23; seq++) shown.push(...keep(history, [aSnapshot({ seq, follow: [aFollow(100, seq)] })]));
	expectAll(history, shown);
	await history.settled();
	expectAll(history, shown);
});

test("a refresh with many changes is written in steps, and is read meanwhile", async () => {
	const before = Array.from({ length: 5003 }, (_, pid) => aProcess({ pid }));
	const after = [
		...before.slice(0, 1009).map((row) => ({ ...row, comm: "eb-other" })),
		...before.slice(2503).reverse(),
	];
	const writer = new DeltaWriter();
	const steps = writer.writeInSteps({ list: before as object[] as Rows }, { list: after as object[] as Rows });
	let count = 0;
	let step = steps.next();
	for (; !step.done; step = steps.next()) count++;
	expect(count).toBeGreaterThanOrEqual(3);
	expect(applyDelta({ list: before as object[] as Rows }, step.value, writer.names).list).toEqual(after);

	const history = new History();
	const shown = keep(
		history,
		[before, after, before, after].map((processes, seq) => aSnapshot({ seq, processes })),
	);
	expectAll(history, shown);
	history.add(aSnapshot({ seq: 4, processes: before }));
	await history.settled();
	expectAll(history, [...shown, history.latest as Snapshot]);
});

test("what was before the machine slept is kept, however long that was, and the gap is known", () => {
	const history = new History({ spanMs: 5 * MINUTE_MS });
	const at = (seq: number, intervalMs: number, uptimeMs: number) =>
		aSnapshot({ seq, intervalMs, system: aSystem({ uptimeMs }) });
	const shown = keep(history, [
		...[0, 1, 2].map((seq) => at(seq, seq === 0 ? 0 : MINUTE_MS, seq * MINUTE_MS)),
		at(3, 9 * 60 * MINUTE_MS, 9 * 60 * MINUTE_MS),
		at(4, MINUTE_MS, 10 * 60 * MINUTE_MS),
	]);
	expectAll(history, shown);
	expect(history.moments.map(({ gaps }) => gaps)).toEqual([0, 0, 0, 1, 0]);
	expect(history.reachMs).toBeGreaterThan(9 * 60 * MINUTE_MS);
});

test("a suspend is no time of the history, however short it was, and the gap is known", () => {
	const history = new History({ spanMs: 30_000 });
	const scenario = new Scenario();
	scenario.asleepMs = 7_000_000; // before ebtop began
	for (let refresh = 0; refresh < 23; refresh++) {
		if (refresh % 5 === 3) {
			scenario.asleepMs += 60_000;
			scenario.wait(60);
		}
		if (refresh === 7) scenario.asleepMs += 5; // the two clocks are not read at the same moment
		history.add(scenario.tick());
	}
	const suspended = history.moments.map(({ no }) => history.at(no)?.system.suspendedMs);
	expect(suspended).toEqual(Array.from({ length: 23 }, (_, no) => (no % 5 === 3 ? 60_000 : 0)));
	expect(history.moments.map(({ gaps }) => gaps)).toEqual(suspended.map((ms) => (ms === 0 ? 0 : 1)));
	expect(history.reachMs).toBe((22 + 4 * 60) * 1000);
});

test("every snapshot of a real machine", async () => {
	const history = new History();
	const shown = keep(history, await recordedSnapshots(demoPath()));
	expect(shown.length).toBeGreaterThan(20);
	await history.settled();
	expectAll(history, shown);
});

const text = fc.string({ unit: "binary", maxLength: 8 });
const count = fc.nat(3);
const row = fc.record({
	pid: count,
	comm: text,
	rate: fc.oneof(fc.constant(null), count),
	args: fc.array(text, { maxLength: 3 }),
});

/** One row of each table, with the fields that matter here. */
const MAKE: { readonly [Table in TableName]: (over: object) => unknown } = {
	processes: aProcess,
	syscalls: aSyscall,
	ipc: (over) => ({ ...aLink(over), owner: { uid: 0, gid: 0, creatorUid: 0, creatorGid: 0 } }),
	files: aFile,
	tcp: aSocket,
	disks: (over) => ({ device: "254:0", served: { buckets: [0, 1] }, ...over }),
	threads: (over) => ({ wokenBy: { pid: 1, tid: 2, comm: "eb" }, ...over }),
	containers: (over) => ({ runtime: "podman", pids: [1, 2], ...over }),
	events: (over) => anEvent(over),
};

type Step =
	| { readonly kind: "birth"; readonly at: number; readonly row: object }
	| { readonly kind: "death" | "removal" | "same" | "front" | "back"; readonly at: number }
	| { readonly kind: "change"; readonly at: number; readonly row: object }
	| { readonly kind: "fewer fields"; readonly at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ kind: fc.constant("birth" as const), at: fc.nat(20), row }),
	fc.record({ kind: fc.constant("change" as const), at: fc.nat(20), row }),
	fc.record({
		kind: fc.constantFrom("death", "removal", "same", "front", "back", "fewer fields" as const),
		at: fc.nat(20),
	}),
);

/** A table after one of the possible changes. */
function after(table: TableName, rows: readonly object[], step: Step): readonly object[] {
	const at = rows.length === 0 ? 0 : step.at % rows.length;
	const found = rows[at];
	const others = rows.filter((_, index) => index !== at);
	if (step.kind === "birth") return [...rows.slice(0, at), MAKE[table](step.row) as object, ...rows.slice(at)];
	if (found === undefined) return rows;
	switch (step.kind) {
		case "change":
			return rows.with(at, { ...found, ...step.row });
		case "fewer fields":
			return rows.with(at, Object.fromEntries(Object.entries(found).slice(0, -1)));
		case "death": // the last row moves into its place
			return at === rows.length - 1 ? others : others.slice(0, -1).toSpliced(at, 0, rows.at(-1) as object);
		case "removal":
			return others;
		case "front":
			return [found, ...others];
		case "back":
			return [...others, found];
		default:
			return rows;
	}
}

test("whatever happens to the rows of every table", async () => {
	const steps = fc.array(fc.array(fc.tuple(fc.constantFrom(...TABLES), step), { maxLength: 12 }), { maxLength: 30 });
	await fc.assert(
		fc.asyncProperty(steps, async (refreshes) => {
			const history = new History();
			let snapshot = aSnapshot();
			const shown = keep(
				history,
				refreshes.map((changes, seq) => {
					for (const [table, change] of changes)
						snapshot = { ...snapshot, [table]: after(table, snapshot[table], change) };
					return { ...snapshot, seq, health: aHealth({ records: { received: seq, lost: 0, malformed: 0 } }) };
				}),
			);
			if (shown.length > 0) expectAll(history, shown);
			await history.settled();
			if (shown.length > 0) expectAll(history, shown);
		}),
		{ numRuns: 200 },
	);
});

test("a row that did not change is one object in all snapshots that are read together", () => {
	const history = new History();
	const [still, busy] = [aProcess({ pid: 1 }), aProcess({ pid: 2 })];
	for (let seq = 0; seq < 4; seq++) {
		history.add(aSnapshot({ seq, processes: [still, { ...busy, cpuPercent: seq }], files: [] }));
	}
	const [first, second] = [history.at(1), history.at(2)];
	expect(first?.processes[0]).toBe(second?.processes[0]);
	expect(first?.processes[1]).not.toBe(second?.processes[1]);
	expect(first?.files).toBe(second?.files);
});

test("it reaches back as far as requested, in measured time, whatever the clock shows", async () => {
	const history = new History({ spanMs: 10 * MINUTE_MS });
	for (let seq = 0; seq < 3000; seq++) {
		history.add(aSnapshot({ seq, time: new Date(1e12 - seq * 1000).toISOString(), intervalMs: seq === 0 ? 0 : 1000 }));
	}
	await history.settled();
	expect(history.reachMs).toBeGreaterThanOrEqual(10 * MINUTE_MS);
	expect(history.reachMs).toBeLessThan(15 * MINUTE_MS);
	expect(history.isCutByBytes).toBe(false);
	const oldest = history.moments[0]?.no ?? 0;
	expect(history.at(oldest)?.seq).toBe(oldest);
	expect(history.at(oldest - 1)).toBeNull();
});

test("a bound in bytes is kept: the oldest are dropped, the newest can always be read", async () => {
	const mostBytes = 200_000;
	const history = new History({ mostBytes });
	const shown: Snapshot[] = [];
	for (let tick = 0; tick < 200; tick++) {
		history.add(changingSnapshot(tick, 100));
		shown.push(history.latest as Snapshot);
		expect(history.bytes).toBeLessThanOrEqual(mostBytes);
		await history.settled();
	}
	expect(history.isCutByBytes).toBe(true);
	expect(history.moments.length).toBeGreaterThan(1);
	expect(history.moments.length).toBeLessThan(200);
	expectAll(history, shown);
});

test("a bound smaller than one state keeps only the newest", async () => {
	const history = new History({ mostBytes: 100 });
	for (let tick = 0; tick < 5; tick++) {
		history.add(changingSnapshot(tick, 30));
		await history.settled();
	}
	history.add(changingSnapshot(5, 30));
	expect(history.at(5)).toBe(history.latest);
	expect(history.moments.length).toBeLessThan(3);
});

test("with a span of 0 it keeps only the newest", () => {
	const history = new History({ spanMs: 0 });
	for (let tick = 0; tick < 5; tick++) history.add(changingSnapshot(tick, 5));
	expect(history.moments.map(({ no }) => no)).toEqual([4]);
	expect(history.at(3)).toBeNull();
	expect(history.bytes).toBe(0);
});

test("the list of events goes on from refresh to refresh, and is that of the moment when it is gone back to", () => {
	const history = new History();
	for (let seq = 0; seq < 50; seq++) history.add(aSnapshot({ seq, events: [anEvent({ id: seq })] }));
	expect(history.at(20)?.events.map(({ id }) => id)).toEqual(Array.from({ length: 21 }, (_, id) => id));
});

test("what is remembered is kept as bytes, not as rows; rows that were read are kept only while they are in use", async () => {
	const history = new History();
	const read: WeakRef<object>[] = [];
	const rows: WeakRef<object>[] = [];
	for (let tick = 0; tick < 600; tick++) {
		const snapshot = changingSnapshot(tick, 20);
		rows.push(new WeakRef(snapshot.processes[0] as object));
		history.add(snapshot);
		if (tick === 500) read.push(new WeakRef(history.at(100)?.processes[0] as object));
	}
	await history.settled();
	collect();
	expect(read.map((row) => row.deref())).toEqual([undefined]);
	const held = rows.flatMap((row, tick) => (row.deref() === undefined ? [] : [tick]));
	expect(held).toEqual([599]);
});

test("while a state is being written no other one waits for that", () => {
	class Row {}
	const history = new History({ mostBytes: 1 << 30 });
	for (let seq = 0; seq < 7; seq++) {
		const args = ["x".repeat(1 << 20) + seq];
		history.add(aSnapshot({ seq, processes: [Object.assign(new Row(), aProcess({ args }))] }));
	}
	expect(queryObjects(Row, { format: "count" })).toBe(3); // that one, and the newest two, whose difference is written later
});
