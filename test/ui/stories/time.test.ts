import { expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory, type Story, type StoryOptions } from "../../helpers/story.ts";

/** The machine in its second `seq`: `worker` is there all the time, `brief` lives in the seconds 4 and 5 alone. */
function second(seq: number): Snapshot {
	const worker = aProcess({ pid: 700, start: "7", comm: "worker", exe: null, args: [], cpuPercent: seq });
	const other = aProcess({ pid: 701, start: "8", comm: "other", exe: null, args: [], cpuPercent: 99 });
	const brief = aProcess({ pid: 800, start: "9", comm: "brief", exe: null, args: [] });
	return aSnapshot({
		seq,
		time: new Date(Date.UTC(2026, 10, 20, 17, 0, seq)).toISOString(),
		intervalMs: seq === 0 ? 0 : 1000,
		processes: seq === 4 || seq === 5 ? [other, worker, brief] : [other, worker],
	});
}

async function storyOf(seconds: number, options: StoryOptions = {}): Promise<Story> {
	const story = await openStory({ snapshot: second(0), panes: ["processes"], ...options });
	for (let seq = 1; seq <= seconds; seq++) await story.publish(second(seq));
	return story;
}

test("[ goes a refresh back, ] on, and past the newest it is live again", async () => {
	const story = await storyOf(6);
	const live = story.text();
	await story.keys("[");
	story.line("-00:01");
	story.line("17:00:05");
	story.line("brief");
	await story.keys("[");
	story.line("-00:02");
	await story.keys("[");
	expect(story.lineNumber("brief")).toBe(-1);
	await story.keys("] ] ]");
	expect(story.text()).toBe(live);
	await story.publish(second(7));
	story.line("17:00:07");
});

test("what is shown of a moment is what was shown then", async () => {
	const story = await storyOf(3);
	const then = story.lines();
	await story.publish(second(4));
	await story.publish(second(5));
	await story.keys("[ [");
	expect(story.lines().slice(1)).toEqual(then.slice(1));
	expect(story.lines()[0]).toContain(" -00:02 ");
});

test("the measuring goes on while one looks back: L shows the newest, and what lived meanwhile can be gone to", async () => {
	const story = await storyOf(3);
	await story.keys("[");
	story.line("17:00:02");
	for (const seq of [4, 5, 6, 7]) await story.publish(second(seq));
	story.line("17:00:02");
	story.line("-00:05");
	expect(story.lineNumber("brief")).toBe(-1);
	await story.keys("L");
	story.line("17:00:07");
	expect(story.lineNumber("-00:")).toBe(-1);
	await story.keys("[ [");
	story.line("brief");
});

test("{ and } go a minute; the begin is as far as it goes", async () => {
	const story = await storyOf(150);
	await story.keys("{");
	story.line("-01:00");
	await story.keys("{");
	story.line("-02:00");
	await story.keys("}");
	story.line("-01:00");
	await story.keys("{ {");
	story.line("-02:30");
	story.line("17:00:00");
	await story.keys("{");
	story.line("as far back as ebtop remembers");
	await story.keys("[");
	story.line("-02:30");
	await story.keys("} } }");
	story.line("17:02:30");
	expect(story.lineNumber("-00:")).toBe(-1);
});

test("the filter and the selected process stay, also through a time in which it was not there", async () => {
	const story = await storyOf(5, { filter: "comm ~ [rbo]" });
	await story.keys("G");
	expect(story.isSelected("brief")).toBe(true);
	await story.keys("[");
	expect(story.isSelected("brief")).toBe(true);
	await story.keys("[");
	expect(story.lineNumber("brief")).toBe(-1);
	story.line("FILTER comm ~ [rbo]");
	await story.keys("]");
	expect(story.isSelected("brief")).toBe(true);
});

test("pause is a moment like any other: it says how old it is, and one goes back from it", async () => {
	const story = await storyOf(2);
	await story.keys("p");
	story.line("PAUSED");
	await story.publish(second(3));
	story.line("PAUSED  -00:01");
	await story.keys("[");
	story.line("17:00:01");
	await story.keys("p");
	story.line("17:00:03");
	expect(story.lineNumber("PAUSED")).toBe(-1);
});

test("a details view goes along", async () => {
	const story = await storyOf(6);
	await story.keys("/ worker Enter Enter [ [");
	story.line("worker");
	story.line("-00:02");
	await story.keys("L Esc");
	story.line("17:00:06");
});

test("without a history the keys say so", async () => {
	const story = await storyOf(2, { history: { spanMs: 0 } });
	await story.keys("[");
	story.line("--history is 0");
	story.line("17:00:02");
	await story.keys("i End");
	expect(story.line("history")).toMatch(/history +off/);
});

test("i says how far it reaches and what it takes, and why it reaches no further", async () => {
	const story = await storyOf(90, { columns: 120, rows: 40 });
	await story.keys("i");
	expect(story.line("history")).toMatch(/history +on +1m30s of 15m00s, [\d.]+K of 64.0M/);
	const tiny = await storyOf(90, { columns: 120, rows: 40, history: { mostBytes: 4000 } });
	await tiny.keys("i");
	expect(tiny.line("history")).toMatch(/history +full +\S+ of 15m00s, [\d.]+K of 3.9K/);
	tiny.line("so the oldest goes: it reaches back");
});
