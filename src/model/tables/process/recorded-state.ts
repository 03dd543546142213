/** The state of a process from struct wire_process: read and stored. */

import type { ProcessRow, Seccomp } from "../../snapshot.ts";
import * as wire from "../../wire/layout.gen.ts";

const SECCOMP: readonly Seccomp[] = ["disabled", "strict", "filter"];

/** What the record says and the row shows. Another field of this kind needs a line here, and none in the row. */
function readRecord(view: DataView, at: number) {
	return {
		ppid: wire.processPpid(view, at),
		nsPid: wire.processNsTgid(view, at) || null,
		uid: wire.processUid(view, at),
		gid: wire.processGid(view, at),
		threads: wire.processThreads(view, at),
		rssBytes: wire.processRssBytes(view, at),
		seccomp: SECCOMP[wire.processSeccomp(view, at)] ?? "filter",
		seccompFilters: wire.processSeccompFilters(view, at),
		namespaces: {
			user: wire.processNsUser(view, at),
			pid: wire.processNsPid(view, at),
			mnt: wire.processNsMnt(view, at),
			net: wire.processNsNet(view, at),
			ipc: wire.processNsIpc(view, at),
			uts: wire.processNsUts(view, at),
			cgroup: wire.processNsCgroup(view, at),
		},
	} satisfies Partial<ProcessRow>;
}

type Recorded = Readonly<ReturnType<typeof readRecord>>;

const BLANK = new DataView(new ArrayBuffer(wire.WIRE_SIZES.wire_process));
const UNKNOWN: Recorded = { ...readRecord(BLANK, 0), threads: 1 };

function isSame<T extends object>(one: T, other: T): boolean {
	for (const key in one) if (one[key] !== other[key]) return false;
	return true;
}

export class RecordedState {
	/** Replaced when something in it changes. */
	recorded = UNKNOWN;
	/** The user it counts for when a table is full: see wire_process. */
	holder = 0;
	cpuNs = 0;
	cgroupLow = 0;
	cgroupHigh = 0;

	/** Applies a struct wire_process. Returns whether anything was new: most records of a pass change nothing. */
	takeRecord(view: DataView, at: number): boolean {
		this.holder = wire.processHolder(view, at);
		const known = this.recorded;
		const read = readRecord(view, at);
		read.nsPid ??= known.nsPid;
		// A dying process has already left its namespaces; the earlier ones are more useful.
		const hasLeft = isSame(read.namespaces, UNKNOWN.namespaces);
		if (hasLeft || isSame(read.namespaces, known.namespaces)) read.namespaces = known.namespaces;
		const isNew = !isSame(read, known);
		if (isNew) this.recorded = read;
		const hasRun = this.#takeCpu(view, at);
		const hasMoved = this.#takeCgroup(view, at);
		return isNew || hasRun || hasMoved;
	}

	/** Sets what another record says of it. */
	correct(change: Partial<Recorded>): void {
		this.recorded = { ...this.recorded, ...change };
	}

	/** What a child inherits until records say otherwise. */
	inheritRecorded(parent: RecordedState): void {
		this.recorded = { ...parent.recorded, nsPid: null };
		this.holder = parent.holder;
		this.cgroupLow = parent.cgroupLow;
		this.cgroupHigh = parent.cgroupHigh;
	}

	#takeCpu(view: DataView, at: number): boolean {
		const cpuNs = wire.processCpuNs(view, at);
		if (this.cpuNs === cpuNs) return false;
		this.cpuNs = cpuNs;
		return true;
	}

	/** A fork record may omit the cgroup: the child stays in its parent's. */
	#takeCgroup(view: DataView, at: number): boolean {
		const low = wire.processCgroupLow(view, at);
		const high = wire.processCgroupHigh(view, at);
		if ((low === 0 && high === 0) || (this.cgroupLow === low && this.cgroupHigh === high)) return false;
		this.cgroupLow = low;
		this.cgroupHigh = high;
		return true;
	}
}
