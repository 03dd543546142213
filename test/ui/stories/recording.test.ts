import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { recordedSnapshots } from "../../helpers/recorded-snapshots.ts";
import { openStory } from "../../helpers/story.ts";

/** The recording that ships with ebtop: a shop and its customers, recorded on a real kernel. */
const DEMO = fileURLToPath(new URL("../../../demo/demo.ebtop", import.meta.url));

let snapshots: Snapshot[] = [];
beforeAll(async () => {
	snapshots = await recordedSnapshots(DEMO);
});

/** A refresh in the middle of the demo. */
const middle = () => snapshots[Math.floor(snapshots.length / 2)] as Snapshot;

test.each([
	[80, 24],
	[40, 12],
	[200, 60],
])("every refresh of a real recording is a frame of %ix%i", async (columns, rows) => {
	const story = await openStory({ columns, rows, snapshot: snapshots[0] as Snapshot });
	for (const snapshot of snapshots.slice(1, 6)) {
		await story.publish(snapshot);
		const lines = story.lines();
		expect(lines[0]).not.toBe("");
		expect(lines.at(-1)).toMatch(/Help/);
		story.line("COMMAND");
	}
	await story.quit();
});

test("links are shown by name, in each pane", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: middle() });
	const busiest = middle().ipc.reduce((most, link) => (link.rate > most.rate ? link : most));
	const row = story.line(`${busiest.from.comm} ${busiest.from.pid}`);
	expect(row).toContain(`${busiest.to.comm} ${busiest.to.pid}`);
	expect(row).toContain(busiest.kind);
	await story.quit();
});

test("selecting a process and linking shows its files, calls and links alone", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: middle(), filter: "comm = shopd" });
	await story.keys("3 l Esc");
	expect(story.line("3 IPC")).toContain("linked");
	const links = story.lines().filter((line) => / (observed|open|shared) /.test(line));
	expect(links.length).toBeGreaterThan(0);
	for (const line of links) expect(line).toContain("shopd");
	await story.quit();
});

test("details of every pane's first row open and close", async () => {
	const story = await openStory({ snapshot: middle() });
	for (const pane of ["1", "2", "3", "4", "5"]) {
		await story.keys(`${pane} Enter`);
		expect(story.lines()[4]).toMatch(/^ (Process|File|TCP|.* by |.* from .* to )/);
		await story.keys("Esc");
		expect(story.lines()[4]).not.toMatch(/^ (Process|File) /);
	}
	await story.quit();
});
