/** Makes the snapshot row of a process. */

import type { ProcessRow } from "../../snapshot.ts";
import { percent, perSecond } from "../../stats/rate.ts";
import type { Tick } from "../tick.ts";
import { shownUnder } from "./ancestry.ts";
import type { Process } from "./process.ts";
import { schedulingOf } from "./turns.ts";

/** CPU time used since the last refresh. For a process older than its first sight, only what was used after it. */
function cpuDelta(process: Process, tick: Tick): number {
	if (!Number.isNaN(process.cpuBaseNs)) return process.cpuNs - process.cpuBaseNs;
	return process.startNs >= tick.nowNs - tick.intervalNs ? process.cpuNs : 0;
}

/** What is counted; the values of the rest are null. */
export interface Counted {
	readonly calls: boolean;
	readonly disks: boolean;
	readonly sched: boolean;
	/** Calls that seccomp refused. */
	readonly refusals: boolean;
}

export function processRow(process: Process, tick: Tick, counted: Counted): ProcessRow {
	const seconds = tick.seconds;
	const { interval, diskBytes } = process;
	const hasDisks = counted.disks || diskBytes.isToldAsSum;
	return {
		...process.recorded,
		pid: process.pid,
		starter: process.startedBy,
		shownUnder: shownUnder(process),
		start: process.start,
		comm: process.comm,
		exe: process.exe,
		args: process.args,
		user: process.user,
		state: process.state,
		cpuPercent: percent(cpuDelta(process, tick), tick.intervalNs),
		cgroup: process.cgroup,
		container: process.container,
		seccompRefused: counted.refusals ? process.seccompRefused : null,
		syscallRate: counted.calls ? perSecond(interval.calls, seconds) : null,
		readRate: perSecond(interval.readBytes, seconds),
		writeRate: perSecond(interval.writeBytes, seconds),
		txRate: perSecond(interval.txBytes, seconds),
		rxRate: perSecond(interval.rxBytes, seconds),
		diskReadBytes: hasDisks ? diskBytes.read : null,
		diskWriteBytes: hasDisks ? diskBytes.written : null,
		diskReadRate: hasDisks ? perSecond(diskBytes.read - diskBytes.readBefore, seconds) : null,
		diskWriteRate: hasDisks ? perSecond(diskBytes.written - diskBytes.writtenBefore, seconds) : null,
		sched: counted.sched ? schedulingOf(process.turns, process.wakers) : null,
		exit: process.exit,
	};
}

export function hasRate(row: ProcessRow): boolean {
	const counted = (row.syscallRate ?? 0) + (row.diskReadRate ?? 0) + (row.diskWriteRate ?? 0);
	return row.cpuPercent + counted + row.readRate + row.writeRate + row.txRate + row.rxRate > 0;
}

export function startInterval(process: Process): void {
	process.cpuBaseNs = process.cpuNs;
	process.interval.restart();
	process.diskBytes.restart();
}
