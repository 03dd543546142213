import { expect, onTestFinished, test } from "vitest";
import { pidOnHost } from "../../../src/model/host-pids.ts";
import type { HostState } from "../../../src/model/snapshot.ts";
import { aLink, aProcess, aSnapshot, aSystem } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const a: HostState = {
	...{ host: "web1", state: "live", note: null, name: "web1", kernel: "6.18.44", source: "bpf", version: "0.1.0" },
	...{ time: "2026-11-20T17:00:01.004Z", clockOffsetMs: 0.5, clockErrorMs: 1, system: aSystem() },
};
const b: HostState = { ...a, host: "db1", name: "db1", clockOffsetMs: -3200, clockErrorMs: 4.2 };
const [here, there] = [pidOnHost(0, 812), pidOnHost(1, 812)];

const ROWS = {
	processes: [
		aProcess({ host: "web1", pid: here, comm: "eb-near", exe: null, args: [] }),
		aProcess({ host: "db1", pid: there, ppid: pidOnHost(1, 1), comm: "eb-far", exe: null, args: [] }),
	],
	ipc: [
		aLink({
			...{ host: "web1", kind: "tcp", channel: "tcp:10.0.0.1:40000-10.0.0.2:80" },
			from: { host: "web1", pid: here, comm: "eb-near" },
			to: { host: "db1", pid: there, comm: "eb-far" },
		}),
	],
};

async function view() {
	const story = await openStory({
		snapshot: aSnapshot({ host: "web1, db1", hosts: [a, b], ...ROWS }),
		panes: ["processes", "ipc"],
		columns: 120,
	});
	onTestFinished(() => story.abort());
	return story;
}

test("a column says of which machine a row is, with its own pid there; a link says both", async () => {
	const story = await view();
	expect(story.line("HOST")).toContain("PID");
	expect(story.line("[eb-near]")).toMatch(/web1 +812 /);
	expect(story.line("[eb-far]")).toMatch(/db1 +812 /);
	await story.keys("2");
	expect(story.text()).toMatch(/web1>db1 +eb-near 812 +eb-far 812/);
});

test("the rows of a machine that is gone are grey, and the header names it, until it is back", async () => {
	const story = await view();
	await story.keys("k");
	expect(story.colorOf("[eb-far]")).not.toBe(8);
	const gone: HostState = { ...b, state: "gone", note: "Nothing has come from db1 for 6 s." };
	await story.publish(aSnapshot({ seq: 2, host: "web1, db1", hosts: [a, gone], ...ROWS }));
	expect(story.colorOf("[eb-far]")).toBe(8);
	expect(story.colorOf("[eb-near]")).not.toBe(8);
	story.line("db1 GONE");
	await story.keys("i");
	expect(story.line("host db1")).toMatch(/gone/);
	story.line("Nothing has come from db1 for 6 s.");
	await story.keys("Esc");
	await story.publish(aSnapshot({ seq: 3, host: "web1, db1", hosts: [a, b], ...ROWS }));
	expect(story.colorOf("[eb-far]")).not.toBe(8);
	expect(story.text()).not.toContain("GONE");
});

test("the clocks are compared in the info view", async () => {
	const story = await view();
	await story.keys("i");
	expect(story.line("host web1")).toContain("its clock agrees with this one to within 1.0ms");
	expect(story.line("host db1")).toContain("its clock is 3.2s behind to within 5.0ms");
});

test("rows are sorted by machine, with the key to the left and the menu", async () => {
	const story = await view();
	const isNearFirst = () => story.lineNumber("[eb-near]") < story.lineNumber("[eb-far]");
	await story.keys("t < < <"); // PID is sorted at first
	expect(isNearFirst()).toBe(false);
	await story.keys("r");
	expect(isNearFirst()).toBe(true);
	await story.keys("> s");
	story.line("HOST");
	await story.keys("Home Enter");
	expect(isNearFirst()).toBe(false);
});

test("the filter chooses a machine", async () => {
	const story = await view();
	await story.keys("/ host=db1 Enter");
	expect(story.lineNumber("[eb-near]")).toBe(-1);
	story.line("[eb-far]");
	await story.keys("Esc / pid=812 Enter");
	story.line("[eb-near]");
	story.line("[eb-far]");
});
