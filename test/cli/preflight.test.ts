import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { checkBeforeStart } from "../../src/cli/preflight.ts";
import { parseCommandLine } from "../../src/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-preflight-"));
afterAll(() => rmSync(folder, { recursive: true }));

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
it("refuses to record where it cannot write", () => {
	expect(() => check("--record", join(folder, "x/y"))).toThrow("there is no such file or directory.");
	expect(() => check("--record", folder)).toThrow("it is a directory.");
	expect(() => check("--record", join(folder, "new"))).not.toThrow();
});
