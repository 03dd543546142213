/** F follows the process of a row in any pane, and stops again. */

import { expect, test } from "vitest";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const snapshot = aSnapshot({
	processes: [
		aProcess({ pid: 1, ppid: 0, comm: "init" }),
		aProcess({ pid: 20, comm: "front" }),
		aProcess({ pid: 30, comm: "back" }),
	],
});

test("F follows the selected process and shows the pane; F there, or on that process again, stops", async () => {
	const story = await openStory({ snapshot, columns: 200, rows: 60 });
	await story.keys("j F");
	expect([story.followed, story.text().includes(" 0 Follow")]).toEqual([[20], true]);
	expect(story.text()).not.toContain("10 Follow"); // its key is 0
	await story.keys("F");
	expect(story.followed).toEqual([20, null]);
	expect(story.text()).toContain("Process 20 is no longer followed.");
	await story.keys("1 F 1 F");
	expect(story.followed).toEqual([20, null, 20, null]);
	await story.keys("1 F 1 j F");
	expect(story.followed.slice(4)).toEqual([20, 30]);
	await story.quit();
});

test("if it is not possible, a message says why, and it can be tried again", async () => {
	const story = await openStory({ snapshot, columns: 120 });
	await story.keys("F");
	expect(story.text()).toContain("There is no process 1.");
	await story.keys("1 F");
	expect(story.followed).toEqual([1, 1]);
	await story.quit();
});

test("says so if nothing can be followed", async () => {
	const why = "Nobody can be followed here.";
	const story = await openStory({ snapshot, columns: 120, whyNoFollow: why });
	await story.keys("F");
	expect([story.text().includes(why), story.followed]).toEqual([true, []]);
	await story.quit();
});
