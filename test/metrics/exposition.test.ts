import { expect, test } from "vitest";
import { createExposition } from "../../src/metrics/exposition.ts";
import { Families } from "../../src/metrics/families.ts";
import { BOUNDS } from "../../src/metrics/series.ts";
import { aProcess, aSnapshot } from "../helpers/snapshots.ts";

const container = (name: string) => ({ runtime: "podman", id: "7".repeat(64), name, image: null });

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
