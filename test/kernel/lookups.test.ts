/** Look-ups of host names by functions of C libraries, compared with known counts. */

import { execFileSync } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { describeNew, LiveSession } from "../helpers/live-session.ts";
import { schemaErrors } from "../helpers/snapshot-schema.ts";
import { Workload } from "../helpers/workload.ts";

function hasMusl(): boolean {
	try {
		execFileSync("musl-gcc", ["--version"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

let workload: Workload;
let session: LiveSession;
afterEach(async () => {
	session.close();
	await workload.end();
});

/** By name and result, in order. */
async function observe(name: string): Promise<[string, number][]> {
	workload = new Workload(name, ["run"]);
	await workload.ready("eb-looks");
	session = new LiveSession({ concerns: ["process"], events: ["lookup"], pids: [workload.pid("eb-looks")] });
	await workload.work("eb-looks");
	const snapshot = session.refresh();
	expect(session.losses()).toEqual([]);
	expect(schemaErrors(JSON.parse(JSON.stringify(snapshot)))).toEqual([]);
	const probe = snapshot.health.probes.find((each) => each.probe === "lookups");
	expect(probe).toMatchObject({ state: "on", reason: expect.stringMatching(/started: [1-9]/) });
	const counts = new Map<string, number>();
	for (const row of snapshot.events) {
		if (row.type !== "lookup") continue;
		const key = `${row.data.name} ${row.data.result}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
		expect(row.data.latencyMs).toBeGreaterThan(0);
	}
	return [...counts];
}

describeNew("look-ups of host names", () => {
	test("in glibc", async () => {
		expect(await observe("lookups")).toEqual([
			["eb-nowhere EAI_NONAME", 11],
			["127.0.0.1 found", 7],
			["127.0.0.3 found", 5],
			["127.0.0.5 not found", 3],
		]);
	});

	describe.skipIf(!hasMusl())(`in musl${hasMusl() ? "" : " (skipped: there is no musl-gcc)"}`, () => {
		test("the same", async () => {
			expect(await observe("lookups-musl")).toEqual([
				["eb-nowhere EAI_NONAME", 11],
				["127.0.0.1 found", 7],
				["127.0.0.3 found", 5],
				["127.0.0.5 not found", 3],
			]);
		});
	});
});
