/**
 * The fields of the filter language as data: the unit of a field, and what it reads from the rows of each table. A
 * table that a field does not name has no such field; `matcher.ts` then asks the row's process.
 */

import { ownPid } from "../host-pids.ts";
import type { Container, EventRow, IpcRow, RowOf, TableName, TcpRow } from "../snapshot.ts";

/** The values of a field in one row; there may be several (both ends of a link). null stands for "none". */
export type Value = string | number | null;
/** `self` is the process for which a link is read, if it matters which end it is. */
type Readers = { readonly [T in TableName]?: (row: RowOf<T>, self?: number) => readonly Value[] };

/** number: plain; size: takes K M G T; time: takes ns us ms s m h and is kept in nanoseconds. */
export type FieldType = "text" | "number" | "size" | "time";

export interface Field {
	readonly type: FieldType;
	/** Its values are the words of a text, and the text itself. The array stays the same until they change. */
	readonly areWords?: true;
	readonly own: Readers;
}

const MS = 1e6;

/** A container by its runtime, its id (full or the twelve digits that podman and docker print) and its name. */
const containerNames = ({ id, name, runtime }: Container): readonly Value[] => [id, id.slice(0, 12), name, runtime];

/** Comm and pid of the ends other than `self`; of both ends without `self`. */
function linkPeers({ from, to }: IpcRow, self?: number): readonly Value[] {
	const ends = [from, to].filter((end) => end.pid !== self || from.pid === to.pid);
	return ends.flatMap((end) => [end.comm, String(ownPid(end.pid))]);
}

const hostOf = ({ host }: { readonly host?: string }): readonly Value[] => [host ?? null];

type Ends = Pick<TcpRow, "localAddress" | "localPort" | "remoteAddress" | "remotePort">;
const bothPorts = (row: Ends): readonly Value[] => [row.localPort, row.remotePort];
const bothAddresses = (row: Ends): readonly Value[] => [row.localAddress, row.remoteAddress];

function eventAddresses(data: EventRow["data"]): readonly Value[] {
	if ("localAddress" in data) return bothAddresses(data);
	return "address" in data ? [data.address] : [];
}

/** The acting process, and the target. */
function eventPids({ pid, data }: EventRow): readonly Value[] {
	if ("childPid" in data) return [pid, data.childPid].map(ownPid);
	if ("tracedPid" in data) return [pid, data.tracedPid].map(ownPid);
	return ("targetPid" in data ? [pid, data.targetPid] : [pid]).map(ownPid);
}

function eventPaths(data: EventRow["data"]): readonly Value[] {
	if (!("path" in data)) return [];
	return "newPath" in data ? [data.path, data.newPath] : [data.path];
}

function eventTimes(data: EventRow["data"]): readonly number[] {
	if ("latencyMs" in data) return data.latencyMs === null ? [] : [data.latencyMs];
	return "servedMs" in data ? [data.servedMs] : [];
}

export const FIELDS = {
	pid: {
		type: "number",
		own: {
			processes: (row) => [ownPid(row.pid)],
			syscalls: (row) => [ownPid(row.pid)],
			ipc: (row) => [ownPid(row.from.pid), ownPid(row.to.pid)],
			files: (row) => [ownPid(row.pid)],
			tcp: (row) => [ownPid(row.pid)],
			disks: (row) => [ownPid(row.pid)],
			threads: (row) => [ownPid(row.pid)],
			events: eventPids,
		},
	},
	tid: { type: "number", own: { threads: (row) => [ownPid(row.tid)] } },
	ppid: { type: "number", own: { processes: (row) => [ownPid(row.ppid)] } },
	comm: {
		type: "text",
		own: {
			processes: (row) => [row.comm],
			syscalls: (row) => [row.comm],
			ipc: (row) => [row.from.comm, row.to.comm],
			files: (row) => [row.comm],
			tcp: (row) => [row.comm],
			disks: (row) => [row.comm],
			threads: (row) => [row.comm],
			events: (row) => [row.comm],
		},
	},
	args: { type: "text", areWords: true, own: { processes: (row) => row.args } },
	exe: { type: "text", own: { processes: (row) => [row.exe] } },
	user: { type: "text", own: { processes: (row) => [row.user ?? String(row.uid)] } },
	uid: { type: "number", own: { processes: (row) => [row.uid] } },
	container: {
		type: "text",
		own: {
			processes: (row) => (row.container === null ? [] : containerNames(row.container)),
			containers: containerNames,
		},
	},
	cgroup: { type: "text", own: { processes: (row) => [row.cgroup], containers: (row) => [row.cgroup] } },
	state: {
		type: "text",
		own: { processes: (row) => [row.state], tcp: (row) => [row.state], threads: (row) => [row.state] },
	},
	syscall: { type: "text", own: { syscalls: (row) => [row.name] } },
	path: {
		type: "text",
		own: { files: (row) => [row.path], ipc: (row) => [row.name, row.channel], events: (row) => eventPaths(row.data) },
	},
	type: { type: "text", own: { files: (row) => [row.type], events: (row) => [row.type] } },
	kind: {
		type: "text",
		own: {
			ipc: (row) => [row.kind],
			files: (row) => [row.type],
			tcp: (row) => ["tcp", row.role],
			disks: (row) => [row.operation],
			events: (row) => [row.type],
		},
	},
	/** For a disk its device number and name, for a file its device number. */
	device: {
		type: "text",
		own: {
			files: (row) => [row.device],
			disks: (row) => [row.device, row.name],
			events: ({ data }) => ("sector" in data ? [data.device, data.name] : []),
		},
	},
	peer: {
		type: "text",
		own: {
			ipc: linkPeers,
			tcp: (row) => [row.remoteAddress, `${row.remoteAddress}:${row.remotePort}`],
		},
	},
	addr: { type: "text", own: { tcp: bothAddresses, events: ({ data }) => eventAddresses(data) } },
	port: { type: "number", own: { tcp: bothPorts, events: ({ data }) => ("localPort" in data ? bothPorts(data) : []) } },
	rate: {
		type: "size",
		own: {
			processes: (row) => [row.readRate + row.writeRate + row.txRate + row.rxRate],
			syscalls: (row) => [row.rate],
			ipc: (row) => [row.rate],
			files: (row) => [row.readRate + row.writeRate],
			tcp: (row) => [row.txRate + row.rxRate],
			disks: (row) => [row.rate],
			containers: (row) => [row.readRate + row.writeRate + row.txRate + row.rxRate],
		},
	},
	bytes: {
		type: "size",
		own: {
			ipc: (row) => [row.bytes],
			files: (row) => [row.readBytes + row.writeBytes],
			tcp: (row) => [row.txBytes + row.rxBytes],
			disks: (row) => [row.bytes],
			events: ({ data }) => ("sector" in data ? [data.bytes] : []),
		},
	},
	errors: { type: "number", own: { syscalls: (row) => [row.errors] } },
	latency: {
		type: "time",
		own: {
			syscalls: (row) => [row.latency?.avgNs ?? null],
			disks: (row) => [row.served.avgNs],
			events: ({ data }) => eventTimes(data).map((ms) => ms * MS),
		},
	},
	/** For a CPU: 99 % of a process's waits are shorter. */
	wait: { type: "time", own: { processes: (row) => [row.sched?.waitP99Ns ?? null] } },
	duration: {
		type: "time",
		own: {
			processes: (row) => [row.exit?.durationMs == null ? null : row.exit.durationMs * MS],
			tcp: (row) => [row.durationMs * MS],
		},
	},
	/** Of several machines (`--host`); without these none. */
	host: {
		type: "text",
		own: {
			processes: hostOf,
			syscalls: hostOf,
			ipc: ({ from, to }) => [...hostOf(from), ...hostOf(to)],
			files: hostOf,
			tcp: hostOf,
			disks: hostOf,
			threads: hostOf,
			containers: hostOf,
			events: hostOf,
		},
	},
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

/** Their names, for messages and for the help of the prompt. */
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

export function isFieldName(name: string): name is FieldName {
	return Object.hasOwn(FIELDS, name);
}
