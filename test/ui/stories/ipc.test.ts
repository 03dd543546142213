import { expect, test } from "vitest";
import { aLink, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const ref = (pid: number, comm: string) => ({ pid, comm });
const [SH, DB, WEB, LOG] = [ref(10, "eb-sh"), ref(20, "eb-db"), ref(30, "eb-web"), ref(40, "eb-log")];

const snapshot = aSnapshot({
	processes: [SH, DB, WEB, LOG].map(({ pid, comm }) => aProcess({ pid, ppid: 0, comm, args: [comm] })),
	ipc: [
		aLink({ from: WEB, to: DB, kind: "unix-stream", name: "/run/db.sock", channel: "unix:[1]", rate: 3_000_000 }),
		aLink({ from: DB, to: WEB, kind: "unix-stream", name: "/run/db.sock", channel: "unix:[1]", rate: 9000 }),
		aLink({ from: WEB, to: LOG, kind: "pipe", channel: "pipe:[7]", rate: 512 }),
		aLink({ from: SH, to: WEB, kind: "signal", name: "SIGHUP", channel: "signal:1", rate: 0, bytes: 0, messages: 1 }),
	],
});

test("v goes through the links, the pairs, the kinds, the objects and the graph", async () => {
	const story = await openStory({ snapshot });
	await story.keys("3");
	expect(story.line("FROM")).toMatch(/FROM.*TO.*OVER.*RATE/);
	await story.keys("v");
	expect(story.line("eb-db 20")).toMatch(/eb-db 20 +eb-web 30 +unix-stream +2\.9M/);
	await story.keys("v");
	expect(story.line("unix-stream")).toMatch(/2\.9M .*2 +never +2 +eb-db 20, eb-web 30/);
	await story.keys("v");
	expect(story.line("/run/db.sock")).toMatch(/unix-stream +2\.9M/);
	await story.keys("v");
	story.line("| eb-db 20");
	await story.keys("v");
	story.line("FROM");
	await story.quit();
});

test("the time since a link's last use: grows while its row stays the same, and the table sorts by it", async () => {
	const ipc = [
		aLink({ from: WEB, to: DB, channel: "pipe:[1]", rate: 9, lastSeen: "2026-11-20T17:00:00.000Z" }),
		aLink({ from: WEB, to: LOG, channel: "pipe:[2]", lastSeen: "2026-11-20T17:01:58.000Z" }),
		aLink({ from: SH, to: WEB, channel: "pipe:[3]", basis: "open" }),
	];
	const story = await openStory({ columns: 110, snapshot: aSnapshot({ time: "2026-11-20T17:02:01.000Z", ipc }) });
	await story.keys("3 z");
	expect(story.line("pipe:[1]")).toMatch(/ 2m observed/);
	expect(story.line("pipe:[2]")).toMatch(/ 3s observed/);
	expect(story.line("pipe:[3]")).toMatch(/ never open/);
	await story.publish(aSnapshot({ time: "2026-11-20T17:02:05.000Z", ipc }));
	expect(story.line("pipe:[1]")).toMatch(/ 2m observed/);
	expect(story.line("pipe:[2]")).toMatch(/ 7s observed/);
	await story.keys("> > >");
	expect(story.line("LAST")).toMatch(/LASTv/);
	const order = ["pipe:[2]", "pipe:[1]", "pipe:[3]"].map((channel) => story.lineNumber(channel));
	expect(order).toEqual([...order].sort((one, other) => one - other));
	await story.keys("Home Enter");
	expect(story.line("last seen")).toMatch(/7s ago, 2026-11-20T17:01:58.000Z/);
	await story.quit();
});

test("from another pane, v first goes to the links", async () => {
	const story = await openStory({ snapshot });
	await story.keys("v");
	story.line("FROM");
	await story.quit();
});

test("the graph has the selected process in the middle, and arrows walk along its edges and back", async () => {
	const story = await openStory({ columns: 100, snapshot });
	await story.keys("End Home Down Down 3 v v v v");
	const middle = story.line("| eb-web 30");
	expect(story.line("signal")).toMatch(/eb-sh 10 - signal/);
	expect(story.text()).toMatch(/- unix-stream 2\.9M\/s -+> eb-db 20/);
	expect(story.text()).toMatch(/- pipe 512B\/s -+> eb-log 40/);
	await story.keys("Right Right");
	story.line("| eb-db 20");
	expect(story.text()).toMatch(/eb-web 30 - unix-stream 2\.9M\/s -+>/);
	await story.keys("Esc");
	expect(story.line("| eb-web 30")).toBe(middle);
	await story.keys("Right Down Enter");
	story.line("pipe with eb-log 40");
	await story.keys("Esc Esc");
	story.line("FROM");
	await story.quit();
});

test("if there is no room for the graph, its edges are a table", async () => {
	const story = await openStory({ columns: 18, rows: 8, snapshot });
	await story.keys("3 v v v v");
	story.line("eb-db 20");
	expect(story.lineNumber("+--")).toBe(-1);
	await story.quit();
});

test("details of a pair have everything between the two", async () => {
	const story = await openStory({ rows: 40, snapshot });
	await story.keys("3 v Enter");
	story.line("Links: eb-db 20 - eb-web 30");
	expect(story.lines().filter((line) => line.includes("/run/db.sock"))).toHaveLength(2);
	await story.quit();
});
