/** Metrics of a workload with known counts, refreshed while it works. */

import { expect, test } from "vitest";
import { Families } from "../../src/metrics/families.ts";
import { BOUNDS, type Family } from "../../src/metrics/series.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const counters = (family: Family, ...labels: string[]) =>
	[...family].find((series) => labels.every((label, at) => series.labels[at] === label))?.counters;

describeLive("metrics", () => {
	test("bytes, messages, calls and exits are exactly those of the workload", async () => {
		const session = new LiveSession();
		const families = new Families({ ...BOUNDS, series: 100_000 }); // whatever else runs here
		const workload = new Workload("ipc-pipe", ["one", 1009, 13]);
		try {
			families.add(session.first);
			await workload.ready("eb-writer", "eb-reader");
			families.add(session.refresh());
			const work = workload.work("eb-writer", "eb-reader");
			families.add(session.refresh());
			await work;
			families.add(session.refresh());
			await workload.end();
			families.add(session.refresh());
			families.add(session.refresh());
		} finally {
			session.close();
		}
		expect(counters(families.links, "pipe", "eb-writer", "eb-reader")).toEqual([1009 * 13, 1009]);
		const [, read, written] = counters(families.processes, "eb-reader") ?? [];
		expect({ read, written }).toEqual({ read: 1009 * 13, written: 0 });
		expect(counters(families.syscalls, "eb-writer", "write")?.slice(0, 2)).toEqual([1009, 0]);
		expect(counters(families.exits, "eb-writer", "exit")).toEqual([1]);
		expect(counters(families.exits, "eb-reader", "exit")).toEqual([1]);
		expect(session.losses()).toEqual([]);
	});
});
