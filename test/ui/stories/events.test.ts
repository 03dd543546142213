/** The Events pane: off at first, the newest first, filtered by type and path, details on Enter, usable at 80x24. */

import { expect, test } from "vitest";
import { anEvent, aProcess, aSnapshot } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const at = (second: number) => `2026-11-20T17:00:0${second}.000Z`;
const exit = { ppid: 10, code: 3, signal: null, coreDumped: false, oom: false, durationMs: 17.5, cpuMs: 2 };
const failed = { ppid: 10, uid: 0, path: "/etc/eb-none", args: ["eb-none"], error: "ENOENT" };
const snapshot = aSnapshot({
	processes: [aProcess({ pid: 10, comm: "eb-sh", args: ["eb-sh", "-c", "work"] })],
	events: [
		anEvent({ id: 1, time: at(1), pid: 12, comm: "eb-old", text: "eb-old --first" }),
		anEvent({ id: 2, time: at(2), type: "exec-failed", pid: 10, comm: "eb-sh", text: "/etc/eb-none", data: failed }),
		anEvent({
			id: 3,
			time: at(3),
			type: "exit",
			pid: 13,
			comm: "eb-new",
			text: "exited with 3",
			count: 89,
			data: exit,
		}),
	],
});

test("is off until its key is pressed, and has the newest first", async () => {
	const story = await openStory({ columns: 80, rows: 24, snapshot });
	expect(story.lineNumber("6 Events")).toBe(-1);
	await story.keys("6");
	expect(story.line("TIME")).toMatch(/TIMEv +TYPE +PID +COMM +WHAT/);
	const places = ["eb-new", "/etc/eb-none", "eb-old --first"].map((text) => story.lineNumber(text));
	expect(places).toEqual([...places].sort((a, b) => a - b));
	expect(story.line("eb-new")).toMatch(/17:00:03 +exit +13 +eb-new +exited with 3/);
	await story.publish({ ...snapshot, seq: 2, events: [anEvent({ id: 4, time: at(4), text: "the newest" })] });
	expect(story.lineNumber("the newest")).toBe(story.lineNumber("eb-new") - 1);
	await story.quit();
});

test("the filter finds a type and a path", async () => {
	const story = await openStory({ columns: 80, rows: 24, snapshot });
	await story.keys("6 /");
	await story.keys("type Space = Space exec-failed Space and Space path Space ~ Space ^/etc/ Enter");
	story.line("/etc/eb-none");
	expect(story.lineNumber("eb-new")).toBe(-1);
	await story.quit();
});

test("details show all that is known, what the row counts, and what else the process did", async () => {
	const story = await openStory({ columns: 80, rows: 40, snapshot });
	await story.keys("6 Home Enter");
	story.line("exit by eb-new 13");
	expect(story.line("stands for")).toContain("89 events; the details are those of the last one");
	expect(story.line("duration ms")).toContain("17.5");
	expect(story.line("signal")).toMatch(/signal +-/);
	await story.keys("Esc Down Enter");
	expect(story.line("command")).toContain("eb-sh -c work");
	expect(story.line("error")).toContain("ENOENT");
	await story.quit();
});

test("the details of an event that is not listed any more do not call its process gone", async () => {
	const story = await openStory({ columns: 80, rows: 24, snapshot });
	await story.keys("6 Down Enter");
	story.line("exec-failed by eb-sh 10");
	const events = Array.from({ length: 2000 }, (_, id) => anEvent({ id: 10 + id, time: at(5) }));
	await story.publish({ ...snapshot, seq: 2, events });
	expect(story.line("exec-failed by eb-sh 10")).not.toContain("(gone)");
	await story.quit();
});
