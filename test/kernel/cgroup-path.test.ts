/** Paths of cgroups: whole at any depth; of those too long for a record, the end with a mark. */

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
	});
});
