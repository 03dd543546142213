import { expect, test } from "vitest";
import { differencesOf } from "../../src/compare/compare.ts";
import { COMPARISON_SCHEMA, type ComparedSpan } from "../../src/compare/comparison.ts";
import { comparisonText } from "../../src/compare/text.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { latencyHistogram } from "../../src/model/stats/histogram.ts";
import { aFile, aLink, anEvent, aProcess, aSnapshot, aSocket, aSyscall, aSystem } from "../helpers/snapshots.ts";

/** The totals of a span of ten seconds. */
const span = (over: Partial<Snapshot>): Snapshot => aSnapshot({ intervalMs: 10_000, ...over });
const latency = (ns: number, count: number) =>
	latencyHistogram(
		{ totalNs: ns * count, maxNs: ns, buckets: Uint32Array.of(...Array(Math.floor(Math.log2(ns))).fill(0), count) },
		count,
	);

test("nothing differs in the same span, nor in one of another length with the same rates", () => {
	const files = (seconds: number) => [aFile({ writeBytes: 7919 * seconds, writes: 13 * seconds, opens: 0 })];
	const one = span({ files: files(10), processes: [aProcess()] });
	expect(differencesOf(one, one)).toEqual([]);
	expect(differencesOf(one, span({ intervalMs: 30_000, files: files(30), processes: [aProcess({ pid: 7 })] }))).toEqual(
		[],
	);
});

test("what came, what went and what changed, by names and with its figures", () => {
	const a = span({
		files: [aFile({ path: "/gone", writeBytes: 1009 }), aFile({ path: "/more", writeBytes: 2003, opens: 0 })],
		processes: [aProcess({ comm: "old", cpuPercent: 7 }), aProcess({ comm: "both", rssBytes: 0 })],
	});
	const b = span({
		files: [aFile({ path: "/new", readBytes: 4001 }), aFile({ path: "/more", writeBytes: 9001, opens: 0 })],
		processes: [aProcess({ comm: "both", cpuPercent: 90 }), aProcess({ comm: "both", pid: 9, cpuPercent: 5 })],
	});
	const found = differencesOf(a, b).map(({ kind, change, name, a, b }) => [
		kind,
		change,
		Object.values(name),
		a?.writeRate,
		b?.writeRate,
	]);
	expect(found).toEqual([
		["program", "changed", ["both"], 0, 0],
		["program", "went", ["old"], 0, undefined],
		["file", "came", ["dd", "/new"], undefined, 1234.5],
		["file", "went", ["dd", "/gone"], 100.9, undefined],
		["file", "changed", ["dd", "/more"], 200.3, 900.1],
	]);
	const [program] = differencesOf(a, b);
	expect([program?.a?.cpuPercent, program?.b?.cpuPercent, program?.b?.processes]).toEqual([0.3, 95, 2]);
});

test("names that differ only in what is random are the same thing", () => {
	const at = (pid: number) =>
		span({ processes: [aProcess({ comm: `worker-${pid}` })], files: [aFile({ path: `/run/${pid}.lock` })] });
	expect(differencesOf(at(17), at(4231))).toEqual([]);
});

test("latencies, links, connections and events are compared too", () => {
	const at = (ns: number, bytes: number, port: number, exits: number) =>
		span({
			syscalls: [aSyscall({ count: 1000, latency: latency(ns, 1000) })],
			ipc: [aLink({ bytes, messages: 0 })],
			tcp: [
				aSocket({ role: "client", remotePort: port, rxBytes: bytes }),
				aSocket({ role: "server", remotePort: 50_000 + port }),
			],
			events: Array.from({ length: exits }, () =>
				anEvent({
					type: "exit",
					data: { ppid: 1, code: 1, signal: null, oom: false, durationMs: 1, coreDumped: false, cpuMs: 1 },
				} as never),
			),
		});
	const text = comparisonText({
		...heads,
		differences: differencesOf(at(5000, 10_240, 443, 10), at(90_000, 102_400, 5432, 20)),
	});
	expect(text.split("\n").slice(3)).toEqual([
		"System calls",
		"~ nginx epoll_wait: average 5.0us to 90us, P99 5.0us to 90us",
		"",
		"Links",
		"~ dd to cat over pipe: moved 1.0K/s to 10.0K/s",
		"",
		"Connections",
		"+ nginx to 127.0.0.1:5432: connections 1, received 10.0K/s",
		"- nginx to 127.0.0.1:443: connections 1, received 1.0K/s",
		"",
		"Events",
		"~ ls exit 1: events 1.0/s to 2.0/s",
		"",
	]);
});

test("of many differences the largest are printed, and how many more there are", () => {
	const many = span({
		files: Array.from({ length: 33 }, (_, at) => aFile({ path: `/${"x".repeat(at + 1)}`, writeBytes: at * 1000 })),
	});
	const lines = comparisonText({ ...heads, differences: differencesOf(span({}), many) }).split("\n");
	expect(lines.filter((line) => line.startsWith("+"))).toHaveLength(20);
	expect(lines[4]).toContain("x".repeat(33));
	expect(lines.at(-2)).toBe("  and 13 more, which --json lists");
});

test("the machine is compared, all CPUs together", () => {
	const at = (cpuPercent: number) => span({ system: aSystem({ cpuPercent }) });
	expect(differencesOf(at(10), at(40))).toMatchObject([
		{ kind: "machine", change: "changed", name: { host: "web1" }, a: { cpuPercent: 20 }, b: { cpuPercent: 80 } },
	]);
});

const HEAD: ComparedSpan = {
	path: "one.ebtop",
	host: "web1",
	from: "2026-11-20T17:00:01.004Z",
	to: "2026-11-20T17:00:11.004Z",
	seconds: 10,
	refreshes: 11,
	gaps: 0,
	lost: 0,
	left: 0,
};
const heads = { schema: COMPARISON_SCHEMA, a: HEAD, b: HEAD } as const;
