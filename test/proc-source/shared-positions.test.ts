/**
 * If two processes share a file position, /proc does not tell which one moved it: it counts for the one that did, or
 * for neither.
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { patienceMs } from "../helpers/circumstances.ts";
import { until } from "../helpers/workload.ts";
import { Observer } from "./observer.ts";

/** A supervisor opens the log and forks; each of the two follows the commands from its FIFO and sleeps in between. */
const PROGRAM = `
import os, sys
folder = sys.argv[1]
log = os.open(folder + "/log", os.O_CREAT | os.O_WRONLY)
null = os.open("/dev/null", os.O_WRONLY)
name = "eb-super" if os.fork() else "eb-child"
open("/proc/self/comm", "w").write(name)
orders = open(os.open(folder + "/orders." + name, os.O_RDWR), "r")
done = 0
while True:
    os.mkdir("%s/%s.%d" % (folder, name, done))
    done += 1
    for word in orders.readline().split():
        if word == "close": os.close(log)
        elif word == "open": own = os.open(folder + "/log", os.O_WRONLY)
        elif word == "dup": own = os.dup(log)
        elif word == "end": os._exit(0)
        else:
            to, count = word.split(":")
            os.write({"log": log, "null": null, "own": own if to == "own" else 0}[to], b"x" * int(count))
`;

type Role = "eb-super" | "eb-child";

let folder: string;
let program: ChildProcess;
let done: Record<Role, number>;
let observer: Observer;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "eb-shared-"));
	done = { "eb-super": 0, "eb-child": 0 };
	execFileSync("mkfifo", [join(folder, "orders.eb-super"), join(folder, "orders.eb-child")]);
	program = spawn("python3", ["-c", PROGRAM, folder], { stdio: ["ignore", "ignore", "inherit"] });
	await hasDone("eb-super");
	await hasDone("eb-child");
});
afterEach(() => {
	observer.close();
	for (const role of ["eb-super", "eb-child"]) appendFileSync(join(folder, `orders.${role}`), "end\n");
	rmSync(folder, { recursive: true });
});

const childOf = (pid?: number) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
const sleeps = (pid?: number) => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") S ");

/** Waits until it has done all commands, and waits for more. */
async function hasDone(role: Role): Promise<void> {
	const mark = join(folder, `${role}.${done[role]++}`);
	await until(mark, () => existsSync(mark));
	await until("its sleep", () => sleeps(role === "eb-super" ? program.pid : childOf(program.pid)));
}

async function lets(role: Role, words: string): Promise<void> {
	appendFileSync(join(folder, `orders.${role}`), `${words}\n`);
	await hasDone(role);
}

function log(snapshot: Snapshot): unknown[] {
	const found = snapshot.files.filter(({ path }) => path === join(folder, "log"));
	return found.map(({ comm, writeBytes, shared }) => [comm, writeBytes, shared]).sort();
}

/** Refreshes until the descriptors of all `holders` are known. */
const observed = async (options = {}, holders = 2) => {
	observer = new Observer({ concerns: ["file"], ...options });
	await observer.until("the log", (snapshot) => log(snapshot).length === holders);
	for (let look = 0; look < 3; look++) observer.refresh();
};

/** On a busy machine it takes several refreshes until all descriptors have been read. */
const expectLog = (expected: readonly unknown[]) =>
	expect.poll(() => log(observer.refresh()), { timeout: patienceMs }).toEqual(expected);

test("what the child writes while the supervisor writes elsewhere counts for neither, and both rows say so", async () => {
	await observed();
	await lets("eb-child", "log:13117");
	await lets("eb-super", "null:50021");
	await expectLog([
		["eb-child", 0, true],
		["eb-super", 0, true],
	]);
	await lets("eb-child", "close");
	await lets("eb-super", "log:5003");
	await expectLog([["eb-super", 5003, true]]);
});

test("while the supervisor sleeps, what the child writes is the child's", async () => {
	await observed();
	await lets("eb-child", "log:13117");
	await expectLog([
		["eb-child", 13117, false],
		["eb-super", 0, false],
	]);
});

test("two that opened it themselves do not share", async () => {
	await observed();
	await lets("eb-child", "close open");
	observer.refresh();
	await lets("eb-child", "own:13117");
	await lets("eb-super", "log:5003");
	await expectLog([
		["eb-child", 13117, false],
		["eb-super", 5003, false],
	]);
});

test("two descriptors of one process count once", async () => {
	await observed();
	await lets("eb-super", "close");
	await lets("eb-child", "dup");
	observer.refresh();
	await lets("eb-child", "log:13117 own:7 null:20011");
	await expectLog([["eb-child", 13124, false]]);
});

test("a process that is not wanted counts as a sharer too", async () => {
	await observed({ pids: [childOf(program.pid)] }, 1);
	await lets("eb-super", "log:5003");
	await lets("eb-child", "null:50021");
	await expectLog([["eb-child", 0, true]]);
});
