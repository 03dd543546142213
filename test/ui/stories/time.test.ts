import { expect, onTestFinished, test } from "vitest";
import type { EventRow, Snapshot } from "../../../src/model/snapshot.ts";
import { anEvent, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory, type Story, type StoryOptions } from "../../helpers/story.ts";

/** The machine in second `seq`: `worker` always exists, `brief` only in seconds 4 and 5. */
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

/** A story that is closed at the end of its test. */
async function aStory(options: StoryOptions): Promise<Story> {
	const story = await openStory(options);
	onTestFinished(() => story.abort());
	return story;
}

/** Refreshes, of which only the last one is waited for. */
async function publish(story: Story, from: number, to: number): Promise<void> {
	for (let seq = from; seq < to; seq++) story.publishNow(second(seq));
	await story.publish(second(to));
}

async function storyOf(seconds: number, options: StoryOptions = {}): Promise<Story> {
	const story = await aStory({ snapshot: second(0), panes: ["processes"], ...options });
	if (seconds > 0) await publish(story, 1, seconds);
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

test("a past refresh looks as it did then", async () => {
	const story = await storyOf(3);
	const then = story.lines();
	await story.publish(second(4));
	await story.publish(second(5));
	await story.keys("[ [");
	const [head, ...lines] = story.lines();
	expect(head).toContain(" -00:02 ");
	const isStrip = (line: string) => line.startsWith("marks ");
	expect(lines.filter(isStrip)).toHaveLength(1);
	expect(lines.filter((line) => !isStrip(line)).slice(0, -3)).toEqual(then.slice(1, -4));
});

test("measuring continues while looking back: L shows the newest, and refreshes in between can be reached", async () => {
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

test("{ and } go a minute; the beginning is the limit", async () => {
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
	story.line("The history reaches no further back");
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

test("pause shows a refresh like any other: with its age, and stepping back works from it", async () => {
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

test("the refresh shown may be dropped from memory: it stays shown, back is impossible, forward is to the oldest", async () => {
	const story = await storyOf(300, { history: { spanMs: 20_000 } });
	await story.keys("{ {");
	const oldest = story.line("-0");
	await publish(story, 301, 900);
	await story.keys("[");
	story.line("The history reaches no further back");
	await story.keys("N");
	story.line("add events to --panes");
	await story.keys("]");
	expect(story.line("-0")).not.toBe(oldest);
	await story.keys("[");
	story.line("The history reaches no further back");
	await story.keys("L");
	story.line("17:15:00");
});

test("without a history there is no strip, and the header still knows how busy it was", async () => {
	const large = await storyOf(3, { history: { spanMs: 0 }, columns: 240, rows: 60 });
	expect(large.lineNumber("marks ")).toBe(-1);
	expect(large.line("cpu ")).toMatch(/▁{4}/);
});

test("without a history the keys say so", async () => {
	const story = await storyOf(2, { history: { spanMs: 0 } });
	await story.keys("[");
	story.line("--history is 0");
	story.line("17:00:02");
	await story.keys("i End");
	expect(story.line("history")).toMatch(/history +off/);
});

test("i says how far it reaches and how much memory it takes, and why it reaches no further", async () => {
	const story = await storyOf(90, { columns: 120, rows: 40 });
	await story.keys("i");
	expect(story.line("history")).toMatch(/history +on +1m30s of 15m00s, [\d.]+K of 64.0M/);
	const tiny = await storyOf(0, { columns: 120, rows: 40, history: { mostBytes: 4000 } });
	for (let seq = 1; seq <= 90; seq++) await tiny.publish(second(seq)); // each is written before the next one
	await tiny.keys("i");
	expect(tiny.line("history")).toMatch(/history +full +\S+ of 15m00s, [\d.]+K of 3.9K/);
	tiny.line("so the oldest is dropped: it reaches back");
});

test("b goes to a time: relative or by the clock; a mistake is shown while typing", async () => {
	const story = await storyOf(150);
	await story.keys("b 9 0 q");
	story.line("This is not a time: 14:03");
	await story.keys("Enter");
	story.line("Go to: 90q");
	await story.keys("Backspace s Enter");
	story.line("-01:30");
	await story.keys("b 17:00:05 Enter");
	story.line("17:00:05");
	await story.keys("b 16:00 Enter");
	story.line("17:00:00");
	story.line("The history reaches no further back");
	await story.keys("b Enter");
	story.line("17:00:00");
	await story.keys("b Esc b 0s Enter");
	story.line("17:02:30");
	expect(story.lineNumber("-00:")).toBe(-1);
});

/** `failed` ends in seconds 10 and 20, `fine` in each second. */
function withExits(seq: number): Snapshot {
	const exit = (comm: string, pid: number, code: number) =>
		anEvent({
			id: seq * 2 + code,
			time: new Date(Date.UTC(2026, 10, 20, 17, 0, seq) - 500).toISOString(),
			type: "exit",
			comm,
			pid,
			text: `${comm} ended with ${code}`,
			data: { ppid: 1, code, signal: null, coreDumped: false, oom: false, durationMs: 5, cpuMs: 1 },
		} as Partial<EventRow>);
	const events = [exit("fine", 900, 0), ...(seq === 10 || seq === 20 ? [exit("failed", 901, 1)] : [])];
	return { ...second(seq), events };
}

async function storyOfExits(options: StoryOptions = {}): Promise<Story> {
	const story = await aStory({ snapshot: withExits(0), panes: ["processes", "events"], ...options });
	for (let seq = 1; seq <= 30; seq++) await story.publish(withExits(seq));
	return story;
}

test("N and n go to the event before and after that the filter keeps, and select it", async () => {
	const story = await storyOfExits({ filter: "comm = failed" });
	await story.keys("N");
	story.line("-00:10");
	story.line("exit by failed 901");
	await story.keys("Tab");
	expect(story.isSelected("failed ended with 1")).toBe(true);
	await story.keys("N");
	story.line("17:00:10");
	await story.keys("N");
	story.line("No earlier event that matches the filter is in the history");
	story.line("17:00:10");
	await story.keys("n");
	story.line("17:00:20");
	await story.keys("n");
	story.line("No later event that matches the filter");
	await story.keys("Esc N");
	story.line("17:00:19");
	story.line("exit by fine 900");
});

test("N continues where it stopped, and says so", async () => {
	const story = await aStory({ snapshot: withExits(0), panes: ["processes", "events"], filter: "comm = nobody" });
	for (let seq = 1; seq <= 300; seq++) await story.publish(withExits(seq));
	await story.keys("N");
	story.line("-04:10");
	story.line("N continues");
	await story.keys("N");
	story.line("No earlier event");
	story.line("-04:10");
});

test("without the pane of events, n says why it does nothing", async () => {
	const story = await storyOf(2);
	await story.keys("n");
	story.line("add events to --panes");
});

test("the strip has a mark for what went wrong, a cursor, and a click goes there", async () => {
	const story = await storyOfExits({ columns: 200, rows: 40, panes: ["processes", "events", "files"] });
	const strip = () => story.line("marks ");
	expect(strip()).toMatch(/marks +\.{10}x\.{9}x\.{10}/);
	expect(strip()).toContain("cpu ");
	expect(strip()).toContain("call ");
	expect(strip()).not.toContain("disk");
	const y = story.lineNumber("marks ");
	await story.click(strip().indexOf("x"), y);
	story.line("17:00:10");
	expect(story.isSelected("x.........x")).toBe(true);
	await story.click(strip().indexOf("x") - 10, y);
	story.line("17:00:00");
	await story.click(strip().lastIndexOf("x") + 10, y);
	story.line("17:00:30");
	expect(story.lineNumber("-00:")).toBe(-1);
});

test("on a small terminal the strip is shown while the screen is not live", async () => {
	const story = await storyOfExits();
	expect(story.lineNumber("marks ")).toBe(-1);
	await story.keys("[");
	story.line("marks ");
	story.line("LLive");
	await story.keys("L");
	expect(story.lineNumber("marks ")).toBe(-1);
	expect(story.lineNumber("LLive")).toBe(-1);
});

test("m and M show all that existed in a span, brief ones too, with means over it; Esc shows its last refresh, L the newest", async () => {
	const story = await storyOf(8);
	await story.keys("[ [ [ [ [ m");
	story.line("17:00:03");
	expect(story.lineNumber("brief")).toBe(-1);
	await story.keys("] ] ] ] M");
	story.line("SPAN 00:04");
	story.line("17:00:03 to 17:00:07");
	story.line("brief");
	expect(story.line("worker")).toContain("5.5"); // of 4, 5, 6, 7
	await story.publish(second(9));
	story.line("SPAN 00:04");
	await story.keys("Esc");
	expect(story.lineNumber("SPAN")).toBe(-1);
	story.line("17:00:07");
	expect(story.lineNumber("brief")).toBe(-1);
	await story.keys("M");
	story.line("SPAN 00:04");
	await story.keys("L");
	expect(story.lineNumber("SPAN")).toBe(-1);
	story.line("17:00:09");
});

test("M without m, and a span of nothing, say what to do", async () => {
	const story = await storyOf(3);
	await story.keys("M");
	expect(story.text()).not.toContain("SPAN");
	await story.keys("m M");
	story.line("go to another refresh and press M");
	await story.keys("[ M");
	story.line("SPAN 00:01");
});

test("D keeps a span, and in another one shows what came, went and changed, per second", async () => {
	const story = await storyOf(8);
	await story.keys("D");
	expect(story.text()).not.toContain("What differs");
	await story.keys("[ [ [ [ [ [ m [ M"); // seconds 1 to 2
	await story.keys("D");
	story.line("The span is kept");
	await story.keys("] m ] ] M"); // seconds 3 to 5
	await story.keys("D");
	story.line("What differs: + came, - went, ~ changed");
	story.line("a  17:00:01 to 17:00:02, 00:01");
	story.line("b  17:00:03 to 17:00:05, 00:02");
	expect(story.line("brief")).toMatch(/^\+ brief/);
	expect(story.line("worker")).toMatch(/^~ worker: .*2\.0.* to .*4\.5/); // of 2, and of 4 and 5
	expect(story.lineNumber("other")).toBe(-1);
	const text = () => story.lines().slice(story.lineNumber("What differs"));
	const then = text();
	await story.publish(second(9));
	expect(text()).toEqual(then);
	await story.keys("Esc");
	story.line("SPAN 00:02");
	await story.keys("D");
	story.line("The span is kept");
	await story.keys("D");
	story.line("The span is kept");
});

test("E saves the span that is shown, or the whole history", async () => {
	const story = await storyOf(6, { saved: "Saved in eb-folder." });
	await story.keys("E");
	story.line("Saved in eb-folder.");
	await story.keys("[ m [ [ M E");
	story.line("Saved in eb-folder.");
	expect(story.saved.map((bounds) => bounds && [bounds.from.no, bounds.to.no])).toEqual([null, [3, 5]]);
});

test("E without a history says that there is none", async () => {
	const story = await storyOf(2, { history: { spanMs: 0 } });
	await story.keys("E");
	story.line("There is no history: --history is 0.");
	expect(story.saved).toEqual([]);
});

test("where something of a recording is missing the strip has a mark, and the time goes on", async () => {
	const story = await storyOf(3, { rows: 40, columns: 160 });
	const late = second(20);
	story.publishAfterGap({ ...late, system: { ...late.system, uptimeMs: late.system.uptimeMs + 17_000 } });
	await story.keys("[");
	expect(story.lines().find((line) => line.startsWith("marks"))).toMatch(/^marks +\.{4}\//);
	story.line("-00:17");
});

test("--keep-when sees each refresh, reports what it saves, and is in the health view", async () => {
	const seen: number[] = [];
	const keeper = { see: ({ seq }: Snapshot) => seen.push(seq), row: ["keep-when", "on", "3 of 20 saved", "0"] };
	const story = await storyOf(3, { keeper });
	expect(seen).toEqual([0, 1, 2, 3]);
	story.tell("Kept what matched.");
	await story.publish(second(4));
	story.line("Kept what matched.");
	await story.keys("i");
	story.line("3 of 20 saved");
});
