/** CPU time and memory that processes use, from /proc. */

import { readFileSync } from "node:fs";

/** /proc counts CPU time in hundredths of a second on every architecture. */
const MS_PER_TICK = 10;

/** `utime` and `stime` are the 14th and 15th field (proc_pid_stat(5)), those of ended children the next two. */
function ticksIn(stat: string, fields: number): number {
	const text = readFileSync(stat, "utf8");
	const ticks = text.slice(text.lastIndexOf(")")).split(" ").slice(12);
	return ticks.slice(0, fields).reduce((sum, each) => sum + Number(each), 0);
}

/** Milliseconds of CPU, user and system, that all threads of a process have used. */
export function cpuMs(pid: number): number {
	return MS_PER_TICK * ticksIn(`/proc/${pid}/stat`, 2);
}

/** Seconds of CPU that a process or thread has used, including ended children, from its `stat` file. */
export function cpuSeconds(stat: string): number {
	return (MS_PER_TICK * ticksIn(stat, 4)) / 1000;
}

/** Reads a file such as /proc/PID/status, and returns a function: the MB in one of its fields, which has kB. */
export function memoryIn(file: string): (field: string) => number {
	const text = readFileSync(file, "utf8");
	return (field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(text)?.[1]) / 1024;
}
