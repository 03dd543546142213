/** Builds snapshots for tests: complete and valid by default, so that a test names only what it is about. */

import { safeText } from "../../src/model/safe-text.ts";
import {
	type EventRow,
	type FileRow,
	type Follow,
	type FollowEffect,
	type Health,
	type IpcRow,
	type ProcessRow,
	SCHEMA,
	type Snapshot,
	type SyscallRow,
	type System,
	TABLES,
	type TableName,
	type TcpRow,
} from "../../src/model/snapshot.ts";
import { blankRow } from "./blank-row.ts";

export const PROBES = ["process", "syscall", "file", "ipc", "tcp"];

export function aSystem(over: Partial<System> = {}): System {
	return {
		cpus: 2,
		cpuPercent: 12.1,
		memTotalBytes: 4 * 1024 ** 3,
		memUsedBytes: 1024 ** 3,
		loadAverage: [0.5, 0.25, 0.12],
		uptimeMs: 7_440_000,
		suspendedMs: 0,
		forkRate: 3,
		execRate: 2,
		syscallRate: 18_234,
		...over,
	};
}

export function aHealth(over: Partial<Health> = {}): Health {
	return {
		probes: PROBES.map((probe) => ({ probe, state: "on", variant: "tp_btf", reason: null, lost: 0 })),
		records: { received: 1203, lost: 0, malformed: 0 },
		maps: [{ map: "syscall", used: 120, capacity: 65_536, overflow: 0 }],
		self: { cpuPercent: 1.1, rssBytes: 120_000_000, longestRefreshMs: 31.4 },
		...over,
	};
}

/** Of each table. */
export function blankRows(): Pick<Snapshot, TableName> {
	return Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Pick<Snapshot, TableName>;
}

export function aSnapshot(over: Partial<Snapshot> = {}): Snapshot {
	return {
		schema: SCHEMA,
		host: "web1",
		kernel: "6.18.44",
		time: "2026-11-20T17:00:01.004Z",
		seq: 1,
		intervalMs: 1000,
		system: aSystem(),
		health: aHealth(),
		...blankRows(),
		ancestors: [],
		...over,
	};
}

/** Makes the names in it safe, as the model does. */
export function aProcess(over: Partial<ProcessRow> = {}): ProcessRow {
	const { comm = "nginx", args = ["nginx", "-g", "daemon off;"] } = over;
	return {
		...blankRow<ProcessRow>("ProcessRow"),
		pid: 812,
		ppid: 1,
		shownUnder: over.ppid ?? 1,
		start: "1203991200",
		exe: "/usr/sbin/nginx",
		uid: 33,
		gid: 33,
		user: "www-data",
		state: "S",
		threads: 1,
		cpuPercent: 0.3,
		rssBytes: 12_000_000,
		cgroup: "/system.slice/nginx.service",
		namespaces: {
			user: 4026531837,
			pid: 4026531836,
			mnt: 4026531841,
			net: 4026531840,
			ipc: 4026531839,
			uts: 4026531838,
			cgroup: 4026531835,
		},
		syscallRate: 10,
		...over,
		comm: safeText(comm),
		args: args.map(safeText),
	};
}

/** A follow with so many files that a daemon wrote for the command; at refresh `seq` each has so many bytes. */
export function aFollow(files: number, seq = 0): Follow {
	const actor = {
		id: "a20",
		pid: 20,
		comm: "eb-server",
		role: "daemon",
		class: "certain",
		others: 3,
		otherWork: 5,
	} as const;
	const effects = Array.from(
		{ length: files },
		(_, at): FollowEffect => ({
			...{ actor: actor.id, kind: "file", path: `/srv/${at}`, readBytes: 0, writeBytes: at * 7 + seq },
			...{ created: true, deleted: false, class: "certain" },
		}),
	);
	const none = { processes: 0, files: 0, readBytes: 0, writeBytes: 0 };
	return {
		...{ id: 1, command: ["eb-client"], state: "running", exit: null, startedAt: null, lost: 0, reduced: [] },
		...{ actors: [actor], edges: [], effects, moreEffects: 0, gaps: [], moreGaps: 0, elapsedMs: 0, lanes: [] },
		totals: { certain: { ...none, files }, likely: none, guess: none },
	};
}

export function aSyscall(over: Partial<SyscallRow> = {}): SyscallRow {
	return {
		...blankRow<SyscallRow>("SyscallRow"),
		pid: 812,
		comm: "nginx",
		nr: 232,
		name: "epoll_wait",
		count: 1200,
		rate: 10,
		...over,
	};
}

export function aLink(over: Partial<IpcRow> = {}): IpcRow {
	return {
		...blankRow<IpcRow>("IpcRow"),
		kind: "pipe",
		channel: "pipe:[48122]",
		from: { pid: 10, comm: "dd" },
		to: { pid: 11, comm: "cat" },
		messages: 16,
		bytes: 1_048_576,
		basis: "observed",
		...over,
	};
}

export function aFile(over: Partial<FileRow> = {}): FileRow {
	const { path = "/tmp/out" } = over;
	return {
		...blankRow<FileRow>("FileRow"),
		pid: 10,
		comm: "dd",
		type: "regular",
		device: "254:0",
		inode: "1311",
		flags: "O_WRONLY",
		opens: 1,
		writes: 7,
		writeBytes: 12_345,
		...over,
		path: safeText(path),
	};
}

export function aSocket(over: Partial<TcpRow> = {}): TcpRow {
	return {
		...blankRow<TcpRow>("TcpRow"),
		pid: 812,
		comm: "nginx",
		role: "server",
		family: 4,
		localAddress: "127.0.0.1",
		localPort: 80,
		remoteAddress: "127.0.0.1",
		remotePort: 51_544,
		state: "ESTABLISHED",
		rttUs: 40,
		durationMs: 120,
		...over,
	};
}

export function anEvent(over: Partial<EventRow> = {}): EventRow {
	const data = { ppid: 1, uid: 0, exe: "/bin/ls", args: ["ls", "-l", "/"] };
	const usual = {
		id: 1,
		time: "2026-11-20T17:00:00.504Z",
		type: "exec",
		pid: 900,
		comm: "ls",
		text: "ls -l /",
		count: 1,
		data,
	};
	return { ...usual, ...over } as EventRow;
}
