/** Checks before anything is started: do the processes exist? */

import { readFileSync } from "node:fs";
import type { Options } from "./options.ts";
import { usage } from "./values.ts";

/** Throws a Failure of status 2 about the first that does not. */
export function checkBeforeStart({ pids }: Options): void {
	pids.forEach(checkPid);
}

function checkPid(pid: number): void {
	try {
		process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ESRCH") throw usage(`There is no process ${pid}.`);
	}
	const leader = leaderOf(pid);
	if (leader !== pid) throw usage(`${pid} is a thread of process ${leader}: use --pid ${leader}.`);
}

/** The process of a thread; the number itself if /proc does not say. */
function leaderOf(pid: number): number {
	try {
		const status = readFileSync(`/proc/${pid}/status`, "utf8");
		return Number(/^Tgid:\s*(\d+)$/m.exec(status)?.[1] ?? pid);
	} catch {
		return pid;
	}
}
