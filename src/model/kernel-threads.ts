/** Which processes are kernel threads. */

import { ownPid } from "./host-pids.ts";
import type { ProcessRow } from "./snapshot.ts";

const KTHREADD = 2;

/** The parent of all others. */
export function isKthreadd({ pid, comm }: Pick<ProcessRow, "pid" | "comm">): boolean {
	return ownPid(pid) === KTHREADD && comm === "kthreadd";
}

/** kthreadd also starts user programs: those have an executable or a command line. */
export function isKernelThread(row: Pick<ProcessRow, "pid" | "ppid" | "comm" | "exe" | "args">): boolean {
	return isKthreadd(row) || (ownPid(row.ppid) === KTHREADD && row.exe === null && row.args.length === 0);
}
