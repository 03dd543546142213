import { expect, test } from "vitest";
import { aFile, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const snapshot = aSnapshot({
	processes: [
		aProcess({ pid: 1, ppid: 0, comm: "systemd", args: ["eb-init"] }),
		aProcess({ pid: 20, ppid: 1, comm: "bash", args: ["eb-bash"] }),
		aProcess({ pid: 30, ppid: 20, comm: "vim", args: ["eb-vim"] }),
		aProcess({ pid: 40, ppid: 1, comm: "cron", args: ["eb-cron"] }),
	],
	files: [aFile({ pid: 40, comm: "cron", path: "/etc/crontab" }), aFile({ pid: 30, comm: "vim", path: "/tmp/notes" })],
});

test("a word keeps the matches with their ancestors, dimmed, and descendants", async () => {
	const story = await openStory({ snapshot });
	await story.keys("/ bash Enter End");
	expect(story.lineNumber("eb-cron")).toBe(-1);
	expect(story.colorOf("eb-init")).toBe(8);
	expect(story.colorOf("eb-bash")).toBe(-1);
	story.line("eb-vim");
	story.line("FILTER bash");
	await story.keys("Esc");
	story.line("eb-cron");
	await story.quit();
});

test("digits are a PID", async () => {
	const story = await openStory({ snapshot });
	await story.keys("/ 40 Enter");
	story.line("eb-cron");
	expect(story.lineNumber("eb-bash")).toBe(-1);
	await story.quit();
});

test("what was typed or pasted is shown, and cannot control the terminal", async () => {
	const story = await openStory({ snapshot });
	await story.keys("/ \u009b31m");
	story.line("Filter: \\x9b31m");
	await story.keys("Enter");
	story.line("FILTER \\x9b31m");
	await story.quit();
});

test("a mistake is shown with its column, and nothing is filtered until it is corrected", async () => {
	const story = await openStory({ snapshot });
	await story.keys("/ comm=");
	expect(story.line("Column")).toMatch(/Column \d+: /);
	await story.keys("Enter");
	story.line("Column");
	story.line("eb-cron");
	await story.keys("cron Enter");
	expect(story.lineNumber("Column")).toBe(-1);
	expect(story.lineNumber("eb-bash")).toBe(-1);
	await story.quit();
});

test("keys are text while the prompt is open, but Ctrl-C is not", async () => {
	const story = await openStory({ snapshot });
	await story.keys("/ q2jz");
	story.line("Filter: q2jz");
	await story.keys("CtrlC");
	await story.ended;
});

test("Esc leaves the filter as it was", async () => {
	const story = await openStory({ snapshot, filter: "comm = cron" });
	expect(story.lineNumber("eb-bash")).toBe(-1);
	await story.keys("/");
	story.line("Filter: comm = cron");
	await story.keys("x Esc");
	story.line("eb-cron");
	expect(story.lineNumber("eb-bash")).toBe(-1);
	await story.quit();
});

test("the filter holds for every pane, and an empty one says why it is", async () => {
	const story = await openStory({ snapshot, filter: "comm = cron" });
	await story.keys("4");
	story.line("/etc/crontab");
	expect(story.lineNumber("/tmp/notes")).toBe(-1);
	await story.keys("5");
	story.line("Nothing matches the filter. Esc clears it.");
	await story.quit();
});
