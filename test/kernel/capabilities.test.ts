/** BPF without root: a user with a few capabilities sees what other processes do, and is told what is not visible. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive } from "../helpers/live-session.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CALLS = 1009;
const BYTES = 101;
const whole = ["bpf", "perfmon", "sys_ptrace", "dac_read_search"];
const fewest = ["bpf", "perfmon"];

/** Runs ebtop as nobody with these capabilities while root's dd writes to a file; the snapshot that has its end. */
async function watchDd(capabilities: readonly string[], path: string): Promise<{ snapshot: Snapshot; pid: number }> {
	const set = capabilities.map((name) => `+${name}`).join();
	const launcher = [
		"setpriv",
		"--reuid=65534",
		"--regid=65534",
		"--clear-groups",
		`--inh-caps=${set}`,
		`--ambient-caps=${set}`,
	];
	const running = startEbtop(["--json", "-d", "0.2", "--require-bpf"], launcher);
	expect(await running.nextLine()).not.toBe(null);
	// The shell forks it: a process forked by Node calls write() itself before it executes the program.
	const command = `dd if=/dev/zero of=${path} bs=${BYTES} count=${CALLS} status=none; true`;
	await once(spawn("sh", ["-c", command]), "exit");
	for (;;) {
		const line = await running.nextLine();
		if (line === null) throw new Error((await running.ended).stderr);
		const snapshot: Snapshot = JSON.parse(line);
		const dd = snapshot.processes.find(({ args, exit }) => args.includes(`of=${path}`) && exit !== null);
		if (dd === undefined) continue;
		running.child.kill("SIGINT");
		expect(await running.ended).toMatchObject({ status: 0, stderr: "" });
		return { snapshot, pid: dd.pid };
	}
}

describeLive("a user who is not root", () => {
	test.each([
		["with the four capabilities", whole],
		["with two", fewest],
	])("%s sees root's process, its calls and the bytes of its file", async (_, capabilities) => {
		const path = join(folder, `eb-file-${capabilities.length}`);
		const { snapshot, pid } = await watchDd(capabilities, path);
		const process = snapshot.processes.find((row) => row.pid === pid);
		expect(process).toMatchObject({
			comm: "dd",
			uid: 0,
			user: "root",
			exe: expect.stringMatching(/\/dd$/),
			exit: { code: 0 },
		});
		expect(process?.args).toContain(`count=${CALLS}`);
		const writes = snapshot.syscalls.filter((row) => row.pid === pid && row.name === "write");
		expect(writes.map(({ count, errors }) => [count, errors])).toEqual([[CALLS, 0]]);
		const files = snapshot.files.filter((row) => row.pid === pid && row.path === path);
		expect(files.map(({ writeBytes }) => writeBytes)).toEqual([CALLS * BYTES]);
		expect(snapshot.health.records).toMatchObject({ lost: 0, malformed: 0 });
	});

	test("sees what was open before by BPF, and the programs that ran before where it may", async () => {
		const path = join(folder, "eb-open");
		const file = openSync(path, "w");
		for (const capabilities of [whole, fewest]) {
			const { snapshot } = await watchDd(capabilities, join(folder, "eb-other"));
			const mine = snapshot.processes.find(({ pid }) => pid === process.pid);
			expect(mine).toMatchObject({ uid: 0, user: "root", exe: capabilities === whole ? process.execPath : null });
			expect(snapshot.files.some((row) => row.pid === process.pid && row.path === path)).toBe(true);
		}
		closeSync(file);
	});
});
