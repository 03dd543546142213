/** The state of a process from struct wire_process: read and stored. */

import type { Namespaces, Seccomp } from "../../snapshot.ts";
import * as wire from "../../wire/layout.gen.ts";

const NO_NAMESPACES: Namespaces = { user: 0, pid: 0, mnt: 0, net: 0, ipc: 0, uts: 0, cgroup: 0 };
const SECCOMP: readonly Seccomp[] = ["disabled", "strict", "filter"];

export class RecordedState {
	ppid = 0;
	/** Its pid in its own pid namespace; 0 if unknown. */
	nsPid = 0;
	uid = 0;
	gid = 0;
	/** The user it counts for when a table is full: see wire_process. */
	holder = 0;
	threads = 1;
	cpuNs = 0;
	rssBytes = 0;
	cgroupLow = 0;
	cgroupHigh = 0;
	namespaces: Namespaces = NO_NAMESPACES;
	seccomp: Seccomp = "disabled";
	seccompFilters = 0;

	/** Applies a struct wire_process. Returns whether anything was new: most records of a pass change nothing. */
	takeRecord(view: DataView, at: number): boolean {
		const counters = this.#takeCounters(view, at);
		const identity = this.#takeIdentity(view, at);
		const namespaces = this.#takeNamespaces(view, at);
		return counters || identity || namespaces;
	}

	/** What a child inherits until records say otherwise. */
	inheritRecorded(parent: RecordedState): void {
		this.uid = parent.uid;
		this.gid = parent.gid;
		this.holder = parent.holder;
		this.cgroupLow = parent.cgroupLow;
		this.cgroupHigh = parent.cgroupHigh;
		this.namespaces = parent.namespaces;
		this.seccomp = parent.seccomp;
		this.seccompFilters = parent.seccompFilters;
	}

	#takeCounters(view: DataView, at: number): boolean {
		const cpuNs = wire.processCpuNs(view, at);
		const rssBytes = wire.processRssBytes(view, at);
		const threads = wire.processThreads(view, at);
		if (this.cpuNs === cpuNs && this.rssBytes === rssBytes && this.threads === threads) return false;
		this.cpuNs = cpuNs;
		this.rssBytes = rssBytes;
		this.threads = threads;
		return true;
	}

	#takeIdentity(view: DataView, at: number): boolean {
		const ppid = wire.processPpid(view, at);
		const nsPid = wire.processNsTgid(view, at) || this.nsPid;
		const uid = wire.processUid(view, at);
		const gid = wire.processGid(view, at);
		this.holder = wire.processHolder(view, at);
		const seccomp = SECCOMP[wire.processSeccomp(view, at)] ?? "filter";
		const filters = wire.processSeccompFilters(view, at);
		const low = wire.processCgroupLow(view, at);
		const high = wire.processCgroupHigh(view, at);
		const isSameSeccomp = this.seccomp === seccomp && this.seccompFilters === filters;
		const isSameCgroup = this.cgroupLow === low && this.cgroupHigh === high;
		const isSameIdentity = this.ppid === ppid && this.nsPid === nsPid;
		const isSameOwner = this.uid === uid && this.gid === gid;
		if (isSameCgroup && isSameIdentity && isSameOwner && isSameSeccomp) return false;
		this.ppid = ppid;
		this.nsPid = nsPid;
		this.uid = uid;
		this.gid = gid;
		this.seccomp = seccomp;
		this.seccompFilters = filters;
		// A fork record may omit the cgroup: the child stays in its parent's.
		if (low !== 0 || high !== 0) {
			this.cgroupLow = low;
			this.cgroupHigh = high;
		}
		return true;
	}

	#takeNamespaces(view: DataView, at: number): boolean {
		const known = this.namespaces;
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
		this.namespaces = { user, pid, mnt, net, ipc, uts, cgroup };
		return true;
	}
}
