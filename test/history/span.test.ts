import { expect, test } from "vitest";
import { History } from "../../src/history/history.ts";
import { readSpan, type SpanTotals } from "../../src/history/span.ts";
import type { Exit, LatencyHistogram, Snapshot } from "../../src/model/snapshot.ts";
import { aFile, anEvent, aProcess, aSnapshot, aSyscall } from "../helpers/snapshots.ts";

const EXIT: Exit = { code: 0, signal: null, oom: false, durationMs: 2 };

function historyOf(snapshots: readonly Partial<Snapshot>[], intervalMs = 1000): History {
	const history = new History();
	for (const [seq, snapshot] of snapshots.entries()) {
		history.add(aSnapshot({ seq, intervalMs: seq === 0 ? 0 : intervalMs, processes: [], files: [], ...snapshot }));
	}
	return history;
}

function totalsOf(history: History, from: number, to: number, most?: number): SpanTotals {
	const { moments } = history;
	const [a, b] = [moments[from], moments[to]];
	if (a === undefined || b === undefined) throw new Error("no such moments");
	const steps = readSpan(history, { from: a, to: b }, most);
	for (;;) {
		const { done, value } = steps.next();
		if (!done) continue;
		if (value === null) throw new Error("the span is not remembered");
		return value;
	}
}

test("counters are those of the span, whether the row existed before, came later, or went", () => {
	const old = (writes: number) => aFile({ pid: 1, path: "/old", writes, writeBytes: writes * 101 });
	const late = (writes: number) => aFile({ pid: 2, path: "/late", writes, writeBytes: writes * 103 });
	const history = historyOf([
		{ files: [old(7)] },
		{ files: [old(13)] },
		{ files: [old(13), late(17)] },
		{ files: [late(40), old(36)] },
		{ files: [old(36)] },
	]);
	const { files } = totalsOf(history, 1, 4).snapshot;
	expect(files.map(({ path, writes, writeBytes }) => [path, writes, writeBytes])).toEqual([
		["/old", 23, 23 * 101],
		["/late", 40, 40 * 103],
	]);
});

test("a restarted counter, and a row that went and came back, count from their restart", () => {
	const file = (reads: number) => aFile({ path: "/f", reads });
	const history = historyOf([
		{ files: [file(100)] },
		{ files: [file(103)] },
		{ files: [file(5)] },
		{},
		{ files: [file(11)] },
	]);
	expect(totalsOf(history, 0, 4).snapshot.files[0]?.reads).toBe(3 + 5 + 11);
});

test("rates are means over the span, by the measured intervals", () => {
	const busy = (cpuPercent: number) => aProcess({ pid: 1, start: "1", cpuPercent });
	const same = busy(30);
	const history = new History();
	const add = (intervalMs: number, process: ReturnType<typeof busy>) =>
		history.add(
			aSnapshot({
				intervalMs,
				processes: [process],
				files: [],
				system: { ...aSnapshot().system, cpuPercent: process.cpuPercent },
			}),
		);
	add(0, busy(99));
	add(1000, busy(10));
	add(1000, same);
	add(4000, same);
	const { snapshot } = totalsOf(history, 0, 3);
	expect(snapshot.intervalMs).toBe(6000);
	expect(snapshot.processes[0]?.cpuPercent).toBeCloseTo((10 + 30 + 4 * 30) / 6, 3);
	expect(snapshot.system.cpuPercent).toBeCloseTo((10 + 30 + 4 * 30) / 6, 3);
});

test("all that existed in it is there, even for 2 ms; what had ended before is not", () => {
	const before = aProcess({ pid: 1, start: "1", state: "X", exit: EXIT });
	const still = aProcess({ pid: 2, start: "2" });
	const brief = aProcess({ pid: 3, start: "3", state: "X", exit: EXIT });
	const again = aProcess({ pid: 3, start: "33" });
	const history = historyOf([
		{ processes: [before, still] },
		{ processes: [before, still, brief] },
		{ processes: [still] },
		{ processes: [still, again] },
	]);
	expect(totalsOf(history, 0, 3).snapshot.processes.map(({ pid, start }) => [pid, start])).toEqual([
		[2, "2"],
		[3, "3"],
		[3, "33"],
	]);
	expect(totalsOf(history, 1, 2).snapshot.processes.map(({ pid }) => pid)).toEqual([2]);
});

test("of events it has those of the span", () => {
	const history = historyOf(Array.from({ length: 6 }, (_, seq) => ({ events: [anEvent({ id: seq })] })));
	expect(totalsOf(history, 1, 4).snapshot.events.map(({ id }) => id)).toEqual([2, 3, 4]);
});

test("percentiles are those of what was measured in the span", () => {
	const latency = (buckets: number[], totalNs: number, maxNs: number): LatencyHistogram => ({
		totalNs,
		avgNs: 0,
		p50Ns: 0,
		p99Ns: 0,
		maxNs,
		buckets,
	});
	const history = historyOf([
		{ syscalls: [aSyscall({ count: 3, latency: latency([0, 0, 0, 3], 30, 12) })] },
		{ syscalls: [aSyscall({ count: 5, latency: latency([0, 2, 0, 3], 35, 12) })] },
	]);
	const [row] = totalsOf(history, 0, 1).snapshot.syscalls;
	expect(row?.count).toBe(2);
	expect(row?.latency?.buckets).toEqual([0, 2]);
	expect(row?.latency?.totalNs).toBe(5);
	expect(row?.latency?.maxNs).toBe(3); // not the 12 of before
});

test("more rows than fit are counted", () => {
	const processes = Array.from({ length: 7 }, (_, pid) => aProcess({ pid: pid + 1, start: String(pid) }));
	const events = Array.from({ length: 9 }, (_, id) => anEvent({ id }));
	const { snapshot, left } = totalsOf(historyOf([{}, { processes, events }]), 0, 1, 5);
	expect(snapshot.processes).toHaveLength(5);
	expect(snapshot.events).toHaveLength(5);
	expect(left).toBe(2 + 4);
});

test("a span whose beginning is forgotten yields nothing", () => {
	const history = historyOf([{}, {}, {}]);
	const [from, , to] = history.moments;
	if (from === undefined || to === undefined) throw new Error("no moments");
	const cut = { moments: history.moments, at: (no: number) => (no < 2 ? null : history.at(no)) };
	expect(readSpan(cut, { from, to }).next()).toEqual({ done: true, value: null });
});
