/** Names that were not in the directory cache; on a kernel without programs at function entries, why they are not seen. */

import { afterEach, expect, test } from "vitest";
import { describeNew, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

describeNew("misses of the directory cache", () => {
	const closers: (() => unknown)[] = [];
	afterEach(async () => {
		for (const close of closers.splice(0).reverse()) await close();
	});

	test("each once, or the reason why they are not seen", async () => {
		const workload = new Workload("dcache", ["run"]);
		closers.push(() => workload.end());
		await workload.ready("eb-searches");
		const pid = workload.pid("eb-searches");
		const session = new LiveSession({ concerns: ["process"], events: ["dcache-miss"], pids: [pid] });
		closers.push(() => session.close());
		await workload.work("eb-searches");
		const { events, health } = session.refresh();
		const probe = health.probes.find((each) => each.probe === "dcache");
		if (probe?.state === "off") {
			expect(probe.reason).toMatch(
				/^(The kernel refuses BPF programs at function entries|This kernel has no function)/,
			);
			expect(events.filter(({ type }) => type === "dcache-miss")).toEqual([]);
			return;
		}
		expect(session.losses()).toEqual([]);
		const paths = events.flatMap((row) => (row.type === "dcache-miss" ? [row.data.path] : []));
		const own = paths.filter((path) => path.includes("/eb-new/")).map((path) => path.replace(/.*\/eb-new\//, ""));
		expect(own).toEqual([
			...Array.from({ length: 11 }, (_, at) => `absent-${at}`),
			...Array.from({ length: 7 }, (_, at) => `made-${at}`),
		]);
	});
});
