import { readdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { checkBeforeStart } from "../../src/cli/preflight.ts";

const check = (...words: string[]) => checkBeforeStart(parseCommandLine(words));

it("takes processes that exist", () => {
	expect(() => check("-p", `${process.pid},1`)).not.toThrow();
});
it("refuses a process that does not exist, also behind one that does", () => {
	expect(() => check("-p", `${process.pid},4194303`)).toThrow("There is no process 4194303.");
});
it("refuses a thread and names its process", async () => {
	const threads = (await readdir("/proc/self/task")).map(Number);
	const other = threads.find((thread) => thread !== process.pid);
	expect(() => check("-p", String(other))).toThrow(`use --pid ${process.pid}.`);
});
