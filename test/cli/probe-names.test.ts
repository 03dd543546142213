import { expect, test } from "vitest";
import { PANES } from "../../src/panes/index.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

/** The probes of both sources: a BPF probe is in `--probes` on any kernel, one of /proc in its first refresh. */
async function probesThatExist(): Promise<Set<string>> {
	const [bpf, proc] = await Promise.all([
		runEbtop("--probes", "--json"),
		runEbtop("--source", "proc", "--json", "-n", "1", "-d", "0.1"),
	]);
	const refresh = JSON.parse(proc.stdout.split("\n").at(-2) ?? "null");
	const probes: { probe: string }[] = [...JSON.parse(bpf.stdout).probes, ...refresh.health.probes];
	const names = probes.map(({ probe }) => probe);
	// Capabilities belong to no pane: --probes has a separate table for them.
	return new Set(names.filter((probe) => probe !== "rights"));
}

test("every probe that a pane names exists in one of the sources, and every probe is named by a pane", async () => {
	const exist = await probesThatExist();
	expect(new Set(PANES.flatMap(({ probes }) => probes))).toEqual(exist);
});
