/** Rows for filter tests: complete, with only what a test cares about said by it. */

import type { FileRow, IpcRow, ProcessRow, Snapshot, SyscallRow, TcpRow } from "../../../src/model/snapshot.ts";

export function processRow(row: Partial<ProcessRow>): ProcessRow {
	return {
		pid: 1,
		nsPid: null,
		ppid: 0,
		starter: null,
		shownUnder: row.ppid ?? 0,
		start: "1",
		comm: "init",
		exe: null,
		args: [],
		uid: 0,
		gid: 0,
		user: "root",
		state: "S",
		threads: 1,
		cpuPercent: 0,
		rssBytes: 0,
		cgroup: null,
		container: null,
		namespaces: { user: 0, pid: 0, mnt: 0, net: 0, ipc: 0, uts: 0, cgroup: 0 },
		seccomp: "disabled",
		seccompFilters: 0,
		seccompRefused: null,
		syscallRate: 0,
		readRate: 0,
		writeRate: 0,
		txRate: 0,
		rxRate: 0,
		diskReadBytes: null,
		diskWriteBytes: null,
		diskReadRate: null,
		diskWriteRate: null,
		sched: null,
		exit: null,
		...row,
	};
}

export function syscallRow(row: Partial<SyscallRow>): SyscallRow {
	const zero = { count: 0, rate: 0, errors: 0, errorRate: 0, latency: null };
	return { pid: 1, comm: "init", nr: 0, name: "read", ...zero, ...row };
}

export function fileRow(row: Partial<FileRow>): FileRow {
	const zero = { opens: 0, reads: 0, writes: 0, readBytes: 0, writeBytes: 0, readRate: 0, writeRate: 0 };
	const open = { flags: "O_RDONLY", position: null, positionRate: null, shared: false };
	return { pid: 1, comm: "init", path: "/", type: "regular", device: "1:1", inode: "1", ...open, ...zero, ...row };
}

export function ipcRow(row: Partial<IpcRow>): IpcRow {
	const ends = { from: { pid: 1, comm: "init" }, to: { pid: 2, comm: "cat" } };
	const zero = { messages: 0, bytes: 0, rate: 0 };
	return { kind: "pipe", channel: "pipe:[1]", name: null, ...ends, ...zero, basis: "open", lastSeen: null, ...row };
}

export function tcpRow(row: Partial<TcpRow>): TcpRow {
	const zero = { txBytes: 0, rxBytes: 0, txRate: 0, rxRate: 0, rttUs: 0, retransmits: 0, durationMs: 0 };
	const local = { localAddress: "127.0.0.1", localPort: 80, remoteAddress: "127.0.0.1", remotePort: 50000 };
	return { pid: 1, comm: "init", role: "server", family: 4, ...local, state: "ESTABLISHED", ...zero, ...row };
}

export function snapshotOf(rows: Partial<Snapshot>): Snapshot {
	return {
		schema: "ebtop/1",
		ancestors: [],
		host: "h",
		kernel: "6.1",
		time: "2026-01-01T00:00:00.000Z",
		seq: 0,
		intervalMs: 0,
		system: {
			cpus: 1,
			cpuPercent: 0,
			memTotalBytes: 0,
			memUsedBytes: 0,
			loadAverage: [0, 0, 0],
			uptimeMs: 0,
			forkRate: 0,
			execRate: 0,
			syscallRate: 0,
		},
		health: {
			probes: [],
			records: { received: 0, lost: 0, malformed: 0 },
			maps: [],
			self: { cpuPercent: 0, rssBytes: 0, longestRefreshMs: null },
		},
		processes: [],
		syscalls: [],
		ipc: [],
		files: [],
		tcp: [],
		disks: [],
		threads: [],
		containers: [],
		events: [],
		...rows,
	};
}
