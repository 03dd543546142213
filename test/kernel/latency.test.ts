import { expect, test } from "vitest";
import { callNumber } from "../helpers/calls.ts";
import { describeLive } from "../helpers/live-session.ts";
import { observe } from "../helpers/record-session.ts";

const NANOSLEEP = callNumber("nanosleep");
const GETPPID = callNumber("getppid");
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describeLive("latency", () => {
	test("7 sleeps of 3 ms: count, total, longest, and each in its bucket", async () => {
		const { session, run } = await observe({ latency: true }, "calls", "sleeps");
		const sleeps = session.all("wire_latency").findLast((row) => row.pid === run.pid && row.nr === NANOSLEEP);
		expect(sleeps?.count).toBe(7);
		expect(sleeps?.total_ns).toBeGreaterThanOrEqual(7 * 3e6);
		expect(sleeps?.max_ns).toBeGreaterThanOrEqual(3e6);
		expect(sleeps?.max_ns).toBeLessThanOrEqual(sleeps?.total_ns ?? 0);
		const buckets = sleeps?.list("buckets") ?? [];
		expect(sum(buckets)).toBe(7);
		expect(sum(buckets.slice(0, 21))).toBe(0); // 2^21 ns is 2.1 ms
	});

	test("every call is measured once", async () => {
		const { session, run } = await observe({ latency: true }, "calls", "plain");
		const row = session.all("wire_latency").findLast((latency) => latency.pid === run.pid && latency.nr === GETPPID);
		expect(row?.count).toBe(1009);
		expect(session.calls(run.pid).getppid?.count).toBe(1009);
	});

	test("without --latency no program runs at the entry of calls", async () => {
		const { session } = await observe({}, "calls", "plain");
		expect(session.all("wire_latency")).toEqual([]);
		expect(() => session.probe("latency")).toThrow();
	});
});
