/** What is compared of a span: things that are named alike in every recording, and their figures. */

import type {
	ContainerRow,
	DiskRow,
	EventRow,
	FileRow,
	IpcRow,
	LatencyHistogram,
	ProcessRow,
	Snapshot,
	SyscallRow,
	TcpRow,
} from "../model/snapshot.ts";
import { latencyHistogram } from "../model/stats/histogram.ts";
import type { DifferenceKind, Figures } from "./comparison.ts";

export type Name = Readonly<Record<string, string>>;

/** One kind of thing: several rows may be of the same thing. */
export interface ThingKind<Row> {
	readonly kind: DifferenceKind;
	/** The rows that something happened to; counters and rates are those of the span. */
	rows(span: Snapshot): readonly Row[];
	name(row: Row): Name;
	figures(rows: readonly Row[], seconds: number, span: Snapshot): Figures;
}

/** Ports from here on are chosen by the kernel. */
const FIRST_CHOSEN_PORT = 32_768;

const machine: ThingKind<Snapshot> = {
	kind: "machine",
	rows: (span) => [span],
	name: ({ host }) => ({ host }),
	figures: ([span]) => ({
		cpuPercent: (span?.system.cpuPercent ?? 0) * (span?.system.cpus ?? 0),
		forkRate: span?.system.forkRate ?? 0,
		...(span?.system.syscallRate == null ? {} : { syscallRate: span.system.syscallRate }),
	}),
};

const programs: ThingKind<ProcessRow> = {
	kind: "program",
	rows: ({ processes }) => processes,
	name: ({ comm }) => ({ comm }),
	figures: (rows, seconds, span) => ({
		processes: rows.length,
		startRate: rows.filter(({ start }) => hasStartedIn(span, start)).length / seconds,
		...usedBy(rows),
	}),
};

const files: ThingKind<FileRow> = {
	kind: "file",
	rows: (span) => span.files.filter(({ opens, reads, writes }) => opens + reads + writes > 0),
	name: ({ comm, path }) => ({ comm, path }),
	figures: (rows, seconds) => ({
		openRate: sum(rows, ({ opens }) => opens) / seconds,
		readRate: sum(rows, ({ readBytes }) => readBytes) / seconds,
		writeRate: sum(rows, ({ writeBytes }) => writeBytes) / seconds,
	}),
};

const links: ThingKind<IpcRow> = {
	kind: "link",
	rows: (span) => span.ipc.filter(({ bytes, messages }) => bytes + messages > 0),
	name: ({ from, to, kind }) => ({ from: from.comm, to: to.comm, over: kind }),
	figures: (rows, seconds) => ({
		byteRate: sum(rows, ({ bytes }) => bytes) / seconds,
		messageRate: sum(rows, ({ messages }) => messages) / seconds,
	}),
};

const calls: ThingKind<SyscallRow> = {
	kind: "call",
	rows: (span) => span.syscalls.filter(({ count }) => count > 0),
	name: ({ comm, name }) => ({ comm, call: name }),
	figures: (rows, seconds) => ({
		callRate: sum(rows, ({ count }) => count) / seconds,
		errorRate: sum(rows, ({ errors }) => errors) / seconds,
		...latencyFigures("", rows, ({ latency }) => latency),
	}),
};

const connections: ThingKind<TcpRow> = {
	kind: "connection",
	rows: (span) => span.tcp.filter(({ state }) => state !== "LISTEN"),
	name: nameOfConnection,
	figures: (rows, seconds) => ({
		connections: rows.length,
		rxRate: sum(rows, ({ rxBytes }) => rxBytes) / seconds,
		txRate: sum(rows, ({ txBytes }) => txBytes) / seconds,
		retransmitRate: sum(rows, ({ retransmits }) => retransmits) / seconds,
	}),
};

const disks: ThingKind<DiskRow> = {
	kind: "disk",
	rows: (span) => span.disks.filter(({ count }) => count > 0),
	name: ({ name, operation }) => ({ disk: name, operation }),
	figures: (rows, seconds) => ({
		requestRate: sum(rows, ({ count }) => count) / seconds,
		byteRate: sum(rows, ({ bytes }) => bytes) / seconds,
		...latencyFigures("queued", rows, ({ queued }) => queued),
		...latencyFigures("served", rows, ({ served }) => served),
	}),
};

const containers: ThingKind<ContainerRow> = {
	kind: "container",
	rows: (span) => span.containers,
	name: ({ runtime, name, id }) => ({ runtime, container: name ?? id }),
	figures: (rows) => ({
		...usedBy(rows),
	}),
};

/** Starts and ends of processes are in the figures of programs. */
const events: ThingKind<EventRow> = {
	kind: "event",
	rows: (span) => span.events.filter(({ type }) => type !== "fork" && type !== "exec"),
	name: (row) => ({ type: row.type, comm: row.comm, ...(row.type === "exit" ? { status: endOf(row) } : {}) }),
	figures: (rows, seconds) => ({ eventRate: sum(rows, ({ count }) => count) / seconds }),
};

/** In the order of the report. */
export const THING_KINDS = [
	machine,
	programs,
	calls,
	files,
	links,
	connections,
	disks,
	containers,
	events,
] as unknown as readonly ThingKind<object>[];

function sum<Row>(rows: readonly Row[], value: (row: Row) => number): number {
	return rows.reduce((total, row) => total + value(row), 0);
}

/** Of one process or container; nothing if all have ended, which have no memory. */
/** What processes used, or what containers did. */
function usedBy(rows: readonly (ProcessRow | ContainerRow)[]): Figures {
	const mostRssBytes = rows.reduce((most, { rssBytes }) => Math.max(most, rssBytes), 0);
	return {
		cpuPercent: sum(rows, ({ cpuPercent }) => cpuPercent),
		...(mostRssBytes === 0 ? {} : { mostRssBytes }),
		readRate: sum(rows, ({ readRate }) => readRate),
		writeRate: sum(rows, ({ writeRate }) => writeRate),
		rxRate: sum(rows, ({ rxRate }) => rxRate),
		txRate: sum(rows, ({ txRate }) => txRate),
	};
}

const NS_PER_MS = 1e6;

function hasStartedIn({ system, intervalMs }: Snapshot, start: string): boolean {
	return Number(start) / NS_PER_MS > system.uptimeMs - intervalMs;
}

/** A client by the address that it reached, a server by its own port. */
function nameOfConnection({ comm, role, localPort, remoteAddress, remotePort }: TcpRow): Name {
	const isClient = role === "client" || (role === "unknown" && remotePort < FIRST_CHOSEN_PORT);
	return isClient ? { comm, to: `${remoteAddress}:${remotePort}` } : { comm, at: `:${localPort}` };
}

function endOf({ data }: EventRow): string {
	const { code, signal } = data as { readonly code?: number | null; readonly signal?: string | null };
	return signal ?? String(code ?? "?");
}

const MOST_BUCKETS = 64;

/** Of all rows together; nothing if nothing was timed. `of`: begins the names. */
function latencyFigures<Row>(
	of: string,
	rows: readonly Row[],
	latencyOf: (row: Row) => LatencyHistogram | null,
): Figures {
	const times = { totalNs: 0, maxNs: 0, buckets: new Uint32Array(MOST_BUCKETS) };
	let count = 0;
	for (const row of rows) {
		const latency = latencyOf(row);
		if (latency === null) continue;
		times.totalNs += latency.totalNs;
		times.maxNs = Math.max(times.maxNs, latency.maxNs);
		for (const [at, held] of latency.buckets.entries()) {
			times.buckets[at] = (times.buckets[at] ?? 0) + held;
			count += held;
		}
	}
	if (count === 0) return {};
	const { avgNs, p99Ns } = latencyHistogram(times, count);
	return of === "" ? { avgNs, p99Ns } : { [`${of}AvgNs`]: avgNs, [`${of}P99Ns`]: p99Ns };
}
