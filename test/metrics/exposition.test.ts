import { expect, test } from "vitest";
import { createExposition } from "../../src/metrics/exposition.ts";
import { Families } from "../../src/metrics/families.ts";
import { BOUNDS } from "../../src/metrics/series.ts";
import { aProcess, aSnapshot } from "../helpers/snapshots.ts";

const container = (name: string) => ({ runtime: "podman", id: "7".repeat(64), name, image: null });

test("by process-exporter's names it has programs as groups", async () => {
	const families = new Families();
	const process = (pid: number, state: string, unit: string) =>
		aProcess({ pid, ppid: 1, comm: "eb-a", state, container: container(unit), rssBytes: 100, threads: 3, readRate: 7 });
	families.add(
		aSnapshot({ processes: [process(103, "S", "one"), process(105, "I", "two"), process(107, "t", "two")] }),
	);
	const text = await createExposition(families, "1", "process-exporter").metrics();
	const values = Object.fromEntries(
		[...text.matchAll(/^namedprocess_namegroup_(.*) (\d+)$/gm)].map(([, k, v]) => [k, v]),
	);
	expect(values).toMatchObject({
		'num_procs{groupname="eb-a"}': "3",
		'num_threads{groupname="eb-a"}': "9",
		'memory_bytes{groupname="eb-a",memtype="resident"}': "300",
		'states{groupname="eb-a",state="Sleeping"}': "2",
		'states{groupname="eb-a",state="Other"}': "1",
		'states{groupname="eb-a",state="Running"}': "0",
		'read_bytes_total{groupname="eb-a"}': "21",
	});
	expect(await createExposition(families, "1").metrics()).not.toContain("namedprocess");
});

test("a program named other, in a unit of that name, is added to what has no series of its own", async () => {
	const families = new Families({ ...BOUNDS, series: 1 });
	const process = (pid: number, comm: string, unit: string) =>
		aProcess({ pid, ppid: 1, comm, container: container(unit), rssBytes: 1000 + pid });
	const processes = [process(103, "other", "other"), process(105, "eb-a", "eb"), process(107, "eb-b", "eb")];
	families.add(aSnapshot({ processes, intervalMs: 1000 }));
	const text = await createExposition(families, "1").metrics();
	expect(text).toContain('\nebtop_process_resident_bytes{program="other",unit="other"} 3315\n');
	expect(text).toContain('\nebtop_processes{program="other",unit="other"} 3\n');
	expect(text.match(/^ebtop_processes\{/gm)).toHaveLength(1);
});
