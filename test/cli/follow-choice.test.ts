/** If no process can be chosen to be followed while the program runs, a message says why. */

import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { createStore } from "../../src/model/store.ts";
import { openRun } from "../../src/run/run.ts";

test.each([
	[["--demo"], /^A process cannot be followed in a recording/],
	[["--source", "proc"], /^Following a process needs BPF/],
] as const)("%s", async (words, why) => {
	const run = await openRun(parseCommandLine([...words]), "recorded", createStore());
	expect(run.whyNoFollow).toMatch(why);
	expect(run.follow(process.pid)).toMatch(/\.$/);
	run.pipeline.stop(false);
});
