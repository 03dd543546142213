import { expect, test } from "vitest";
import { aHealth, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const maps = [
	{ map: "syscall", used: 12, capacity: 64, overflow: 0 },
	{ map: "file-uses", used: 100, capacity: 100, overflow: 33 },
	{ map: "ipc-links", used: 20, capacity: 20, overflow: 1709 },
	{ map: "events", used: 3, capacity: 1000, overflow: 7 },
];

test("the header says which tables are full and how much did not fit, i what happened to that", async () => {
	const snapshot = aSnapshot({ health: aHealth({ maps }) });
	const story = await openStory({ columns: 160, rows: 60, snapshot });
	story.line("full: ipc-links +1.7k, file-uses +33 and 1 more");
	await story.keys("i");
	story.line("It was full, 33 did not fit: files that are only held open have no row and no links.");
	story.line("It was full, 1709 did not fit: signals and handovers without a row of their own");
	expect(story.lines().join("\n")).not.toMatch(/syscall +It was full/);
	await story.quit();
});
