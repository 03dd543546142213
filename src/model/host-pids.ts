/**
 * Pids of several machines in one snapshot (`--host`): the number of the machine stands above the bits that a pid can have, so
 * that a pid stays what identifies a process for panes, filter and history. What is shown and printed is the machine's own pid.
 */

/** PID_MAX_LIMIT of 64-bit kernels is 4 * 1024 * 1024 (include/linux/threads.h), and no pid reaches it. */
const PIDS_OF_HOST = 2 ** 22;

/** 0 stays 0: it stands for no process. `host` counts from 0. */
export function pidOnHost(host: number, pid: number): number {
	return pid === 0 ? 0 : host * PIDS_OF_HOST + (pid % PIDS_OF_HOST);
}

/** The pid on its own machine. */
export function ownPid(pid: number): number {
	return pid % PIDS_OF_HOST;
}
