/** Takes over struct wire_process, and says whether anything in it was new: most records of a pass change nothing. */

import type { Namespaces, Seccomp } from "../../snapshot.ts";
import { counterAt } from "../../wire/fields.ts";
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
	const cpuNs = counterAt(view, at + wire.PROCESS_CPU_NS);
	const rssBytes = counterAt(view, at + wire.PROCESS_RSS_BYTES);
	const threads = view.getUint32(at + wire.PROCESS_THREADS, true);
	if (process.cpuNs === cpuNs && process.rssBytes === rssBytes && process.threads === threads) return false;
	process.cpuNs = cpuNs;
	process.rssBytes = rssBytes;
	process.threads = threads;
	return true;
}

function takeIdentity(process: Process, view: DataView, at: number): boolean {
	const ppid = view.getUint32(at + wire.PROCESS_PPID, true);
	const uid = view.getUint32(at + wire.PROCESS_UID, true);
	const gid = view.getUint32(at + wire.PROCESS_GID, true);
	const seccomp = SECCOMP[view.getUint8(at + wire.PROCESS_SECCOMP)] ?? "filter";
	const low = view.getUint32(at + wire.PROCESS_CGROUP, true);
	const high = view.getUint32(at + wire.PROCESS_CGROUP + 4, true);
	const isSameCgroup = process.cgroupLow === low && process.cgroupHigh === high;
	const isSameOwner = process.ppid === ppid && process.uid === uid && process.gid === gid;
	if (isSameCgroup && isSameOwner && process.seccomp === seccomp) return false;
	process.ppid = ppid;
	process.uid = uid;
	process.gid = gid;
	process.seccomp = seccomp;
	// A fork record may leave out the cgroup: the child stays where its parent is.
	if (low !== 0 || high !== 0) {
		process.cgroupLow = low;
		process.cgroupHigh = high;
	}
	return true;
}

function takeNamespaces(process: Process, view: DataView, at: number): boolean {
	const known = process.namespaces;
	const user = view.getUint32(at + wire.PROCESS_NS_USER, true);
	const pid = view.getUint32(at + wire.PROCESS_NS_PID, true);
	const mnt = view.getUint32(at + wire.PROCESS_NS_MNT, true);
	const net = view.getUint32(at + wire.PROCESS_NS_NET, true);
	const ipc = view.getUint32(at + wire.PROCESS_NS_IPC, true);
	const uts = view.getUint32(at + wire.PROCESS_NS_UTS, true);
	const cgroup = view.getUint32(at + wire.PROCESS_NS_CGROUP, true);
	if (known.user === user && known.pid === pid && known.mnt === mnt && known.net === net) {
		if (known.ipc === ipc && known.uts === uts && known.cgroup === cgroup) return false;
	}
	// A dying process has left its namespaces already; where it was is more useful.
	if (user + pid + mnt + net + ipc + uts + cgroup === 0) return false;
	const namespaces: Namespaces = { user, pid, mnt, net, ipc, uts, cgroup };
	process.namespaces = namespaces;
	return true;
}
