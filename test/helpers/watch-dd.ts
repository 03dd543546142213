/** The real program watches root's dd, which writes a known number of bytes: for kernels and users that restrict BPF. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { startEbtop } from "./run-ebtop.ts";

const CALLS = 1009;
const BYTES = 101;

export interface WatchedDd {
	/** The one that has its end. */
	readonly snapshot: Snapshot;
	readonly pid: number;
}

/** Runs ebtop through `launcher` while dd writes to `path`. */
export async function watchDd(launcher: readonly string[], path: string): Promise<WatchedDd> {
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

/** Its process, its calls and the bytes of its file. */
export function expectDd({ snapshot, pid }: WatchedDd, path: string): void {
	const dd = snapshot.processes.find((row) => row.pid === pid);
	const exe = expect.stringMatching(/\/(dd|busybox)$/);
	expect(dd).toMatchObject({ comm: "dd", uid: 0, user: "root", exe, exit: { code: 0 } });
	expect(dd?.args).toContain(`count=${CALLS}`);
	const writes = snapshot.syscalls.filter((row) => row.pid === pid && row.name === "write");
	expect(writes.map(({ count, errors }) => [count, errors])).toEqual([[CALLS, 0]]);
	const files = snapshot.files.filter((row) => row.pid === pid && row.path === path);
	expect(files.map(({ writeBytes }) => writeBytes)).toEqual([CALLS * BYTES]);
	expect(snapshot.health.records).toMatchObject({ lost: 0, malformed: 0 });
}
