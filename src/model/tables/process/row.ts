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

/** What somebody counts; the figures of the rest are null. */
export interface Counted {
	readonly calls: boolean;
	readonly disks: boolean;
	/** Calls that seccomp refused. */
	readonly refusals: boolean;
}

export function processRow(process: Process, tick: Tick, counted: Counted): ProcessRow {
	const seconds = tick.seconds;
	const hasDisks = counted.disks || process.hasDiskSums;
	return {
		pid: process.pid,
		nsPid: process.nsPid === 0 ? null : process.nsPid,
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
		seccompFilters: process.seccompFilters,
		seccompRefused: counted.refusals ? process.seccompRefused : null,
		syscallRate: counted.calls ? perSecond(process.calls, seconds) : null,
		readRate: perSecond(process.readBytes, seconds),
		writeRate: perSecond(process.writeBytes, seconds),
		txRate: perSecond(process.txBytes, seconds),
		rxRate: perSecond(process.rxBytes, seconds),
		diskReadBytes: hasDisks ? process.diskReadBytes : null,
		diskWriteBytes: hasDisks ? process.diskWriteBytes : null,
		diskReadRate: hasDisks ? perSecond(process.diskReadBytes - process.diskReadBytesBefore, seconds) : null,
		diskWriteRate: hasDisks ? perSecond(process.diskWriteBytes - process.diskWriteBytesBefore, seconds) : null,
		exit: process.exit,
	};
}

export function hasRate(row: ProcessRow): boolean {
	const counted = (row.syscallRate ?? 0) + (row.diskReadRate ?? 0) + (row.diskWriteRate ?? 0);
	return row.cpuPercent + counted + row.readRate + row.writeRate + row.txRate + row.rxRate > 0;
}

export function startInterval(process: Process): void {
	process.cpuBaseNs = process.cpuNs;
	process.calls = 0;
	process.readBytes = 0;
	process.writeBytes = 0;
	process.txBytes = 0;
	process.rxBytes = 0;
	process.diskReadBytesBefore = process.diskReadBytes;
	process.diskWriteBytesBefore = process.diskWriteBytes;
}
