import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { PANES } from "../../src/panes/index.ts";
import { demoPath } from "../../src/run/open-recording.ts";
import { runEbtop } from "../helpers/run-ebtop.ts";

const isMade = existsSync(new URL("../../demo/demo.ebtop", import.meta.url));

// Needs the file, which scripts/guest/demo.sh creates in a guest.
describe.skipIf(!isMade)("the recording that ships", () => {
	it("can be read by this version, has all five panes, and nothing was lost in it", async () => {
		const { status, stdout, stderr } = await runEbtop("--demo", "--json");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		const snapshots = stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as Snapshot);
		expect(snapshots.length).toBeGreaterThan(10);
		const last = snapshots.at(-1) as Snapshot;
		for (const pane of PANES.filter(({ isOffAtFirst }) => !isOffAtFirst))
			expect(pane.rows(last).length, pane.name).toBeGreaterThan(0);
		expect(last.health.records).toMatchObject({ lost: 0, malformed: 0 });
	});
	it("is found from the sources too", () => {
		expect(existsSync(demoPath())).toBe(true);
	});
});
