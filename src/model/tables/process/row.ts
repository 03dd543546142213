/** Makes the row that a snapshot shows of a process. */

import type { ProcessRow } from "../../snapshot.ts";
import { percent, perSecond } from "../../stats/rate.ts";
import type { Tick } from "../tick.ts";
import type { Process } from "./process.ts";

/** CPU time used since the last refresh. Of a process older than its first sight, only what came after it. */
function cpuDelta(process: Process, tick: Tick): number {
	if (!Number.isNaN(process.cpuBaseNs)) return process.cpuNs - process.cpuBaseNs;
	return process.startNs >= tick.nowNs - tick.intervalNs ? process.cpuNs : 0;
}

export function processRow(process: Process, tick: Tick, areCallsCounted: boolean): ProcessRow {
	const seconds = tick.seconds;
	return {
		pid: process.pid,
		ppid: process.ppid,
		start: process.start,
		comm: process.comm,
		exe: process.exe,
		args: process.args,
		uid: process.uid,
		gid: process.gid,
		user: process.user,
		state: process.state,
		threads: process.threads,
		cpuPercent: percent(cpuDelta(process, tick), tick.intervalNs),
		rssBytes: process.rssBytes,
		cgroup: process.cgroup,
		container: process.container,
		namespaces: process.namespaces,
		seccomp: process.seccomp,
		syscallRate: areCallsCounted ? perSecond(process.calls, seconds) : null,
		readRate: perSecond(process.readBytes, seconds),
		writeRate: perSecond(process.writeBytes, seconds),
		txRate: perSecond(process.txBytes, seconds),
		rxRate: perSecond(process.rxBytes, seconds),
		exit: process.exit,
	};
}

export function hasRate(row: ProcessRow): boolean {
	return row.cpuPercent + (row.syscallRate ?? 0) + row.readRate + row.writeRate + row.txRate + row.rxRate > 0;
}

export function startInterval(process: Process): void {
	process.cpuBaseNs = process.cpuNs;
	process.calls = 0;
	process.readBytes = 0;
	process.writeBytes = 0;
	process.txBytes = 0;
	process.rxBytes = 0;
}
