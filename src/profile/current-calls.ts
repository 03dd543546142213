/** The calls that the threads of a process are in now: a call that has not returned is not counted. */

import { readdirSync, readFileSync } from "node:fs";
import type { SyscallNames } from "../model/names/syscalls.ts";

/** Names as in `SyscallRow`; null if /proc may not be read. None if the process is gone. */
export function currentCalls(pid: number, names: SyscallNames): readonly string[] | null {
	try {
		const tasks = readdirSync(`/proc/${pid}/task`);
		return tasks.flatMap((tid) => callOf(readFileSync(`/proc/${pid}/task/${tid}/syscall`, "latin1"), names) ?? []);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return code === "ENOENT" || code === "ESRCH" ? [] : null;
	}
}

/** No 64-bit program has its stack below 4 GiB. */
const LEAST_NATIVE_STACK = 2 ** 32;

/** "0 0x3 0x7f… … SP PC"; "-1 SP PC" if it waits outside of a call; "running". Returns null for no call. */
function callOf(line: string, names: SyscallNames): string | null {
	const words = line.trim().split(" ");
	if (!/^\d+$/.test(words[0] ?? "")) return null;
	const nr = Number(words[0]);
	return Number(words[7]) < LEAST_NATIVE_STACK ? names.compat(nr) : names.native(nr);
}
