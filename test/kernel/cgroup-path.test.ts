/** Paths of cgroups: whole at any depth; of those too long for a record, the end with a mark. Changes of cgroup and namespaces. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { WireType } from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { cgroupHierarchy, TestCgroup } from "../helpers/test-cgroup.ts";

const hierarchy = cgroupHierarchy("memory");
const why = typeof hierarchy === "string" ? ` (skipped: ${hierarchy})` : "";

/** Goes down into new cgroups step by step, since their path is longer than a call accepts, and back up on request. */
const DIVE = `
import os, sys
root, parts = sys.argv[1], sys.argv[2].split("/")
os.chdir(root)
for part in parts:
    os.mkdir(part); os.chdir(part)
open("cgroup.procs", "w").write(str(os.getpid()))
print("there", flush=True)
sys.stdin.read()
open(root + "/cgroup.procs", "w").write(str(os.getpid()))
for part in reversed(parts):
    os.chdir(".."); os.rmdir(part)
`;

/** Three processes that run no other program: one enters a cgroup, two enter other namespaces. Prints their pids and namespaces. */
const MOVE = `
import ctypes, os, sys
libc = ctypes.CDLL(None)
NEWUTS, NEWIPC = 0x04000000, 0x08000000
def cgroup():
    open(sys.argv[1] + "/cgroup.procs", "w").write(str(os.getpid()))
def unshare():
    assert libc.unshare(NEWUTS) == 0
def setns():
    before = os.open("/proc/self/ns/uts", os.O_RDONLY)
    assert libc.unshare(NEWUTS | NEWIPC) == 0 and libc.setns(before, 0) == 0
for step in cgroup, unshare, setns:
    pid = os.fork()
    if pid == 0:
        step()
        print(os.getpid(), *(os.stat("/proc/self/ns/" + kind).st_ino for kind in ("uts", "ipc")), flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
`;

async function cgroupSeen(parts: readonly string[]): Promise<string | null | undefined> {
	const { root } = hierarchy as { root: string };
	const diver = spawn("python3", ["-c", DIVE, root, parts.join("/")], { stdio: ["pipe", "pipe", "inherit"] });
	const ended = once(diver, "close");
	try {
		await Promise.race([once(diver.stdout, "data"), ended]);
		expect(diver.exitCode).toBeNull();
		const session = new LiveSession();
		session.close();
		return processIn(session.first, diver.pid as number)?.cgroup;
	} finally {
		diver.stdin.end();
		await ended;
	}
}

describeLive("the path of a cgroup", () => {
	describe.skipIf(why !== "")(`made for it${why}`, () => {
		test("of 101 parts is whole", async () => {
			const parts = Array.from({ length: 101 }, (_, index) => `eb${index}`);
			expect(await cgroupSeen(parts)).toBe(`/${parts.join("/")}`);
		});

		test("longer than a record is its end, with … before it", async () => {
			const parts = Array.from({ length: 23 }, (_, index) => `eb${index}-`.padEnd(241, "x"));
			expect(await cgroupSeen(parts)).toBe(`…/${parts.slice(-16).join("/")}`);
		});

		test("is known and sent once, however few of the paths sent the kernel side remembers", async () => {
			const cgroups = [1, 2].map((number) => new TestCgroup(`eb-sent-${process.pid}-${number}`));
			const session = new LiveSession({ pids: [process.pid], capacity: { cgroups: 1 } });
			try {
				const enter = ({ folder }: TestCgroup) =>
					spawnSync("sh", ["-c", `echo $$ > ${folder}/cgroup.procs && exec true`]).pid;
				for (let round = 0; round < 3; round++)
					for (const cgroup of cgroups) {
						const pid = enter(cgroup);
						expect(processIn(session.refresh(), pid)?.cgroup).toBe(cgroup.path);
					}
				const sent = session
					.records(WireType.NAME)
					.map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("latin1"));
				for (const { path } of cgroups) expect(sent.filter((text) => text.includes(path))).toHaveLength(1);
			} finally {
				session.close();
				for (const cgroup of cgroups) await cgroup.remove();
			}
		});

		test("and namespaces that a process entered are known, also if it ended at once and ran no other program", async () => {
			const name = `eb-short-${process.pid}`;
			const cgroup = new TestCgroup(`lxc.payload.${name}`);
			const session = new LiveSession();
			try {
				const { stdout } = spawnSync("python3", ["-c", MOVE, cgroup.folder], { encoding: "utf8" });
				const snapshot = session.refresh();
				const moved = stdout
					.trim()
					.split("\n")
					.map((line) => line.split(" ").map(Number) as [number, number, number]);
				const container = { runtime: "lxc", id: name, name, image: null };
				for (const [at, [pid, uts, ipc]] of moved.entries()) {
					expect(processIn(snapshot, pid)).toMatchObject({
						container: at === 0 ? container : null,
						namespaces: { uts, ipc },
					});
				}
				expect(new Set(moved.map(([, uts]) => uts)).size).toBe(2);
				expect(new Set(moved.map(([, , ipc]) => ipc)).size).toBe(2);
				const lives = snapshot.events.filter(({ data }) => "runtime" in data && data.id === name);
				expect(lives.map(({ type }) => type)).toEqual(["container-start", "container-stop"]);
			} finally {
				session.close();
				await cgroup.remove();
			}
		});
	});
});
