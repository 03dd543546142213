/**
 * The fields of the filter language as data: what a field is measured in, and what it reads from each kind of row.
 * A kind of row that a field does not name here has no such field itself; `matcher.ts` then asks its process.
 */

import type { EventRow, FileRow, IpcRow, ProcessRow, SyscallRow, TcpRow } from "../snapshot.ts";

/** The kinds of rows a filter can judge. */
export interface Rows {
	readonly process: ProcessRow;
	readonly syscall: SyscallRow;
	readonly ipc: IpcRow;
	readonly file: FileRow;
	readonly tcp: TcpRow;
	readonly event: EventRow;
}
export type RowKind = keyof Rows;

/** A field may have several values in one row (both ends of a link); null stands for "none". */
export type Value = string | number | null;
/** `self` is the process that asks, where it matters which end of a link it is. */
type Readers = { readonly [K in RowKind]?: (row: Rows[K], self?: number) => readonly Value[] };

/** number: plain; size: takes K M G T; time: takes ns us ms s m h and is kept in nanoseconds. */
export type FieldType = "text" | "number" | "size" | "time";

export interface Field {
	readonly type: FieldType;
	readonly own: Readers;
}

const MS = 1e6;

/** A container by its runtime, its id (full or the twelve digits that podman and docker print) and its name. */
function containerNames({ container }: ProcessRow): readonly Value[] {
	if (container === null) return [];
	return [container.id, container.id.slice(0, 12), container.name, container.runtime];
}

/** Comm and pid of the ends that are not `self`; of both ends where nobody asks for itself. */
function linkPeers({ from, to }: IpcRow, self?: number): readonly Value[] {
	const ends = [from, to].filter((end) => end.pid !== self || from.pid === to.pid);
	return ends.flatMap((end) => [end.comm, String(end.pid)]);
}

const bothPorts = (row: TcpRow): readonly Value[] => [row.localPort, row.remotePort];

export const FIELDS = {
	pid: {
		type: "number",
		own: {
			process: (row) => [row.pid],
			syscall: (row) => [row.pid],
			ipc: (row) => [row.from.pid, row.to.pid],
			file: (row) => [row.pid],
			tcp: (row) => [row.pid],
			event: (row) => [row.pid],
		},
	},
	ppid: { type: "number", own: { process: (row) => [row.ppid] } },
	comm: {
		type: "text",
		own: {
			process: (row) => [row.comm],
			syscall: (row) => [row.comm],
			ipc: (row) => [row.from.comm, row.to.comm],
			file: (row) => [row.comm],
			tcp: (row) => [row.comm],
			event: (row) => [row.comm],
		},
	},
	args: { type: "text", own: { process: (row) => [row.args.join(" "), ...row.args] } },
	exe: { type: "text", own: { process: (row) => [row.exe] } },
	user: { type: "text", own: { process: (row) => [row.user ?? String(row.uid)] } },
	uid: { type: "number", own: { process: (row) => [row.uid] } },
	container: { type: "text", own: { process: containerNames } },
	cgroup: { type: "text", own: { process: (row) => [row.cgroup] } },
	state: { type: "text", own: { process: (row) => [row.state], tcp: (row) => [row.state] } },
	syscall: { type: "text", own: { syscall: (row) => [row.name] } },
	path: { type: "text", own: { file: (row) => [row.path], ipc: (row) => [row.name, row.channel] } },
	kind: {
		type: "text",
		own: {
			ipc: (row) => [row.kind],
			file: (row) => [row.type],
			tcp: (row) => ["tcp", row.role],
			event: (row) => [row.type],
		},
	},
	peer: {
		type: "text",
		own: {
			ipc: linkPeers,
			tcp: (row) => [row.remoteAddress, `${row.remoteAddress}:${row.remotePort}`],
		},
	},
	addr: { type: "text", own: { tcp: (row) => [row.localAddress, row.remoteAddress] } },
	port: { type: "number", own: { tcp: bothPorts } },
	rate: {
		type: "size",
		own: {
			process: (row) => [row.readRate + row.writeRate + row.txRate + row.rxRate],
			syscall: (row) => [row.rate],
			ipc: (row) => [row.rate],
			file: (row) => [row.readRate + row.writeRate],
			tcp: (row) => [row.txRate + row.rxRate],
		},
	},
	bytes: {
		type: "size",
		own: {
			ipc: (row) => [row.bytes],
			file: (row) => [row.readBytes + row.writeBytes],
			tcp: (row) => [row.txBytes + row.rxBytes],
		},
	},
	errors: { type: "number", own: { syscall: (row) => [row.errors] } },
	latency: { type: "time", own: { syscall: (row) => [row.latency?.avgNs ?? null] } },
	duration: {
		type: "time",
		own: {
			process: (row) => [row.exit?.durationMs == null ? null : row.exit.durationMs * MS],
			tcp: (row) => [row.durationMs * MS],
		},
	},
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

/** The names, for messages and for the prompt's help. */
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

export function isFieldName(name: string): name is FieldName {
	return Object.hasOwn(FIELDS, name);
}
