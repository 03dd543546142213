import { expect, test } from "vitest";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const open = (columns = 80, rows = 24) => openStory({ columns, rows, snapshot: changingSnapshot(1, 100) });

test("a click selects a row, a second one opens it", async () => {
	const story = await open();
	await story.click(30, 8);
	expect(story.isSelected(story.lines()[8] ?? "")).toBe(true);
	await story.click(30, 8);
	story.line("Identity");
	await story.click(5, 4);
	story.line("COMMAND");
	await story.quit();
});

test("a click on a column heading sorts by it, a second one reverses the order", async () => {
	const story = await open();
	await story.keys("t");
	await story.click(story.line("CPU%").indexOf("CPU%") + 1, 4);
	expect(story.line("CPU%")).toContain("CPU%v");
	const first = story.lines()[5];
	await story.click(story.line("CPU%").indexOf("CPU%") + 1, 4);
	expect(story.line("CPU%")).toContain("CPU%^");
	expect(story.lines()[5]).not.toBe(first);
	await story.quit();
});

test("a click on a tab goes there", async () => {
	const story = await open();
	await story.click(story.line("4 Files").indexOf("Files"), 3);
	story.line("PATH");
	await story.quit();
});

test("the wheel scrolls the pane under the pointer, whichever has the focus", async () => {
	const story = await open(200, 60);
	const files = story.lineNumber(" 4 Files");
	const before = story.lines()[files + 2];
	const process = story.line("systemd --config").slice(0, 90);
	await story.wheel("down", 150, files + 4);
	expect(story.lines()[files + 2]?.slice(101)).not.toBe(before?.slice(101));
	expect(story.line("systemd --config").slice(0, 90)).toBe(process);
	await story.wheel("up", 150, files + 4);
	expect(story.lines()[files + 2]?.slice(101)).toBe(before?.slice(101));
	await story.quit();
});
