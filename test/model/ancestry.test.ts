/** Which process started which, also after the starters are gone. */

import { describe, expect, it } from "vitest";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";

const init = { pid: 1, start: 1n };
const someone = (pid: number): Who => ({ pid, start: 1_000_000_000_000n + BigInt(pid) });
const row = (snapshot: Snapshot, pid: number) => snapshot.processes.find((one) => one.pid === pid) as ProcessRow;
const begun = (limits = {}) => new Scenario(limits).process(init, { comm: "init" });

/** `pid` is forked by `parent`, and is called `comm` from then on. */
function fork(scenario: Scenario, pid: number, parent: number, comm: string): void {
	scenario.fork(someone(pid), parent, "eb-fork", parent).process(someone(pid), { ppid: parent, comm });
}

type Child = [pid: number, comm: string];

/** It ends, and its children get the parent `to`. When this returns, it is no longer in the list. */
function end(scenario: Scenario, [pid, comm]: Child, to: number, ...children: Child[]): Snapshot {
	scenario.exit(someone(pid), { ppid: 1, comm });
	for (const [child, comm] of children) scenario.process(someone(child), { ppid: to, comm });
	scenario.tick();
	return scenario.tick(5);
}

describe("the starter of a process", () => {
	it("stays the same when it has died and another process is the parent, and so does the place in the tree", () => {
		const scenario = begun();
		fork(scenario, 10, 1, "eb-top");
		fork(scenario, 11, 10, "eb-middle");
		fork(scenario, 12, 11, "eb-late");
		expect(row(scenario.tick(), 12)).toMatchObject({
			starter: { pid: 11, comm: "eb-middle" },
			shownUnder: 11,
			ppid: 11,
		});
		const snapshot = end(scenario, [11, "eb-middle"], 1, [12, "eb-late"]);
		expect(row(snapshot, 12)).toMatchObject({ starter: { pid: 11, comm: "eb-middle" }, shownUnder: 10, ppid: 1 });
		expect(snapshot.ancestors).toEqual([
			{
				pid: 11,
				start: "1000000000011",
				comm: "eb-middle",
				exe: null,
				args: [],
				starter: { pid: 10, comm: "eb-top" },
			},
		]);
		const later = end(scenario, [10, "eb-top"], 1);
		expect(row(later, 12)).toMatchObject({ starter: { pid: 11, comm: "eb-middle" }, shownUnder: 1, ppid: 1 });
		expect(later.ancestors.map(({ pid }) => pid)).toEqual([11, 10]);
	});

	it("has its last name", () => {
		const scenario = begun();
		fork(scenario, 10, 1, "eb-top");
		fork(scenario, 11, 10, "eb-child");
		scenario.exec(someone(10), "eb-other", "/bin/eb-other", ["eb-other"]);
		expect(row(scenario.tick(), 11).starter).toEqual({ pid: 10, comm: "eb-other" });
		expect(row(end(scenario, [10, "eb-last"], 1, [11, "eb-child"]), 11).starter).toEqual({ pid: 10, comm: "eb-last" });
	});

	it("is the process that forked it, if it has another parent from the start (CLONE_PARENT)", () => {
		const scenario = begun();
		fork(scenario, 10, 1, "eb-top");
		scenario.fork(someone(11), 1, "eb-sibling", 10);
		expect(row(scenario.tick(), 11)).toMatchObject({ starter: { pid: 10 }, shownUnder: 10, ppid: 1 });
	});

	it("is unknown if no record has it, and the place in the tree is under the parent", () => {
		const scenario = begun().process(someone(10), { ppid: 1 });
		expect(row(scenario.tick(), 10)).toMatchObject({ starter: null, shownUnder: 1 });
	});

	it("is found if a pass meets it after its child", () => {
		const scenario = begun().process(someone(10), { ppid: 9, starter: 9 }).process(someone(9), { comm: "eb-wrapped" });
		expect(row(scenario.tick(), 10).starter).toEqual({ pid: 9, comm: "eb-wrapped" });
	});

	it("is not a younger process that has reused the pid", () => {
		const scenario = begun().process(someone(10), { ppid: 11, starter: 11 }).process(someone(11), {});
		expect(row(scenario.tick(), 10).starter).toBeNull();
	});
});

describe("ancestors that are gone", () => {
	it("are kept as long as a descendant lives", () => {
		const scenario = begun();
		fork(scenario, 10, 1, "eb-top");
		fork(scenario, 11, 10, "eb-middle");
		fork(scenario, 12, 11, "eb-late");
		end(scenario, [10, "eb-top"], 1, [11, "eb-middle"]);
		expect(end(scenario, [11, "eb-middle"], 1, [12, "eb-late"]).ancestors).toHaveLength(2);
		const snapshot = end(scenario, [12, "eb-late"], 1);
		expect(snapshot.ancestors).toEqual([]);
		expect(snapshot.health.maps.find(({ map }) => map === "ancestors")?.used).toBe(0);
	});

	it("keep only the beginning of their command lines", () => {
		const scenario = begun();
		fork(scenario, 10, 1, "eb-top");
		scenario.exec(someone(10), "eb-top", "/bin/eb-top", ["eb-top", "x".repeat(1000), "y"]);
		fork(scenario, 11, 10, "eb-child");
		const [ancestor] = end(scenario, [10, "eb-top"], 1, [11, "eb-child"]).ancestors;
		expect(ancestor?.args).toEqual(["eb-top", `${"x".repeat(248)}…`, "…"]);
	});

	it("are dropped if the table is full, and what they started moves up to their own starter", () => {
		const scenario = begun({ ancestors: 3 });
		fork(scenario, 10, 1, "eb-10");
		for (let pid = 11; pid < 20; pid++) fork(scenario, pid, pid - 1, `eb-${pid}`);
		let snapshot = scenario.tick();
		for (let pid = 11; pid < 19; pid++) snapshot = end(scenario, [pid, `eb-${pid}`], 1, [pid + 1, `eb-${pid + 1}`]);
		expect(snapshot.ancestors.map(({ pid }) => pid)).toEqual([16, 17, 18]);
		expect(row(snapshot, 19)).toMatchObject({ starter: { pid: 18, comm: "eb-18" }, shownUnder: 10 });
		expect(snapshot.health.maps.find(({ map }) => map === "ancestors")).toEqual({
			...{ map: "ancestors", used: 3, capacity: 3, overflow: 5 },
		});
	});

	it("up to 64 are searched for the place of what they started; beyond that it is under its parent", () => {
		const scenario = begun().process(someone(2), { comm: "eb-reaper" });
		fork(scenario, 10, 1, "eb-10");
		for (let pid = 11; pid <= 76; pid++) fork(scenario, pid, pid - 1, `eb-${pid}`);
		scenario.tick();
		for (let pid = 11; pid <= 74; pid++) scenario.exit(someone(pid), { ppid: 1, comm: `eb-${pid}` });
		scenario.process(someone(75), { ppid: 2, comm: "eb-75" }).tick();
		const snapshot = scenario.tick(5);
		expect(snapshot.ancestors).toHaveLength(64);
		expect(row(snapshot, 75)).toMatchObject({ shownUnder: 10, ppid: 2 });
		const later = end(scenario, [75, "eb-75"], 2, [76, "eb-76"]);
		expect(later.ancestors).toHaveLength(65);
		expect(row(later, 76)).toMatchObject({ starter: { pid: 75 }, shownUnder: 2, ppid: 2 });
	});
});
