/** What the program needs to know about each table of a snapshot besides the type of its rows. */

import type { Concern } from "./feed/addon.ts";
import type { Measurable } from "./feed/feed.ts";
import type { RowOf, TableName } from "./snapshot.ts";
import { DISK_TOTALS } from "./tables/disk.ts";
import { FILE_TOTALS } from "./tables/file-counts.ts";
import { CALL_TOTALS } from "./tables/syscall.ts";
import { TCP_TOTALS } from "./tables/tcp/numbers.ts";

interface Measured {
	/** The addon's concerns that fill it. */
	readonly needs: readonly Concern[];
}

/** How the rows of several refreshes are added up. */
export interface RowKind<Row> {
	/** Identifies one thing for as long as its row exists. */
	key(row: Row): string;
	/** Totals since attach or since it began; null if not counted. */
	readonly counters: readonly (keyof Row & string)[];
	/** Figures of one interval. */
	readonly means: readonly (keyof Row & string)[];
	/** Histograms since attach. */
	readonly times: readonly (keyof Row & string)[];
	/** True if it ended before the span. */
	isOver?(row: Row): boolean;
}

/** Events are not added up: each is one row. */
type TableKinds = {
	readonly [Table in TableName]: Measured & (Table extends "events" ? object : RowKind<RowOf<Table>>);
};

export const TABLE_KINDS: TableKinds = {
	processes: {
		needs: ["process"],
		key: ({ pid, start }) => `${pid} ${start}`,
		counters: ["seccompRefused", "diskReadBytes", "diskWriteBytes"],
		means: ["cpuPercent", "syscallRate", "readRate", "writeRate", "txRate", "rxRate", "diskReadRate", "diskWriteRate"],
		times: [],
		isOver: ({ exit }) => exit !== null,
	},
	syscalls: {
		needs: ["syscall"],
		key: ({ pid, name }) => `${pid} ${name}`,
		counters: CALL_TOTALS,
		means: ["rate", "errorRate"],
		times: ["latency"],
	},
	ipc: {
		needs: ["ipc"],
		key: ({ kind, channel, from, to }) => `${kind} ${from.pid} ${to.pid} ${channel}`,
		counters: ["messages", "bytes"],
		means: ["rate"],
		times: [],
	},
	files: {
		needs: ["file"],
		key: ({ pid, device, path }) => `${pid} ${device} ${path}`,
		counters: FILE_TOTALS,
		means: ["positionRate", "readRate", "writeRate"],
		times: [],
	},
	tcp: {
		needs: ["tcp"],
		key: ({ host = "", pid, localAddress, localPort, remoteAddress, remotePort, state }) =>
			`${host} ${pid} ${localAddress} ${localPort} ${remoteAddress} ${remotePort} ${state === "LISTEN"}`,
		counters: TCP_TOTALS,
		means: ["txRate", "rxRate"],
		times: [],
	},
	disks: {
		needs: ["disk"],
		key: ({ pid, device, operation, cgroup, dirtier }) =>
			`${pid} ${device} ${operation} ${cgroup} ${dirtier?.pid} ${dirtier?.comm}`,
		counters: DISK_TOTALS,
		means: ["rate"],
		times: ["queued", "served"],
	},
	threads: {
		needs: ["thread", "ipc", "file", "tcp"],
		key: ({ pid, tid }) => `${pid} ${tid}`,
		counters: ["waitNs", "voluntary", "involuntary"],
		means: ["cpuPercent"],
		times: [],
	},
	containers: {
		needs: ["process", "file", "tcp", "refusal"],
		key: ({ host = "", runtime, id, cgroup }) => `${host} ${runtime} ${id} ${cgroup}`,
		counters: ["seccompRefused"],
		means: ["cpuPercent", "readRate", "writeRate", "rxRate", "txRate"],
		times: [],
	},
	events: { needs: ["process"] },
};

/** The addon's concerns for these tables, and for what is measured only on request. */
export function concernsOf(things: readonly Measurable[]): readonly Concern[] {
	return [...new Set(things.flatMap((thing) => (thing === "sched" ? [thing] : TABLE_KINDS[thing].needs)))];
}
