/** As in /proc/PID/stat; the same string for every process in a state. */
const STATES = new Map(Array.from("RSDTtZXIPWK", (letter) => [letter.charCodeAt(0), letter]));

/** The letter that a record has as a byte; undefined for what is none. */
export function letterOfState(code: number): string | undefined {
	return STATES.get(code);
}

/** Applies struct wire_process. Returns whether anything was new: most records of a pass change nothing. */

import type { Namespaces, Seccomp } from "../../snapshot.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Process } from "./process.ts";

const SECCOMP: readonly Seccomp[] = ["disabled", "strict", "filter"];

export function takeState(process: Process, view: DataView, at: number): boolean {
	const counters = takeCounters(process, view, at);
	const identity = takeIdentity(process, view, at);
	const namespaces = takeNamespaces(process, view, at);
	return counters || identity || namespaces;
}

function takeCounters(process: Process, view: DataView, at: number): boolean {
	const cpuNs = wire.processCpuNs(view, at);
	const rssBytes = wire.processRssBytes(view, at);
	const threads = wire.processThreads(view, at);
	if (process.cpuNs === cpuNs && process.rssBytes === rssBytes && process.threads === threads) return false;
	process.cpuNs = cpuNs;
	process.rssBytes = rssBytes;
	process.threads = threads;
	return true;
}

function takeIdentity(process: Process, view: DataView, at: number): boolean {
	const ppid = wire.processPpid(view, at);
	const nsPid = wire.processNsTgid(view, at) || process.nsPid;
	const uid = wire.processUid(view, at);
	const gid = wire.processGid(view, at);
	process.holder = wire.processHolder(view, at);
	const seccomp = SECCOMP[wire.processSeccomp(view, at)] ?? "filter";
	const filters = wire.processSeccompFilters(view, at);
	const low = wire.processCgroupLow(view, at);
	const high = wire.processCgroupHigh(view, at);
	const isSameSeccomp = process.seccomp === seccomp && process.seccompFilters === filters;
	const isSameCgroup = process.cgroupLow === low && process.cgroupHigh === high;
	const isSameIdentity = process.ppid === ppid && process.nsPid === nsPid;
	const isSameOwner = process.uid === uid && process.gid === gid;
	if (isSameCgroup && isSameIdentity && isSameOwner && isSameSeccomp) return false;
	process.ppid = ppid;
	process.nsPid = nsPid;
	process.uid = uid;
	process.gid = gid;
	process.seccomp = seccomp;
	process.seccompFilters = filters;
	// A fork record may omit the cgroup: the child stays in its parent's.
	if (low !== 0 || high !== 0) {
		process.cgroupLow = low;
		process.cgroupHigh = high;
	}
	return true;
}

function takeNamespaces(process: Process, view: DataView, at: number): boolean {
	const known = process.namespaces;
	const user = wire.processNsUser(view, at);
	const pid = wire.processNsPid(view, at);
	const mnt = wire.processNsMnt(view, at);
	const net = wire.processNsNet(view, at);
	const ipc = wire.processNsIpc(view, at);
	const uts = wire.processNsUts(view, at);
	const cgroup = wire.processNsCgroup(view, at);
	if (known.user === user && known.pid === pid && known.mnt === mnt && known.net === net) {
		if (known.ipc === ipc && known.uts === uts && known.cgroup === cgroup) return false;
	}
	// A dying process has already left its namespaces; the earlier ones are more useful.
	if (user + pid + mnt + net + ipc + uts + cgroup === 0) return false;
	const namespaces: Namespaces = { user, pid, mnt, net, ipc, uts, cgroup };
	process.namespaces = namespaces;
	return true;
}
