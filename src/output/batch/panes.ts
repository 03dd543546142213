/** The tables of the five panes: what to show of a row, and which row comes first. */

import type {
	FileRow,
	IpcRow,
	PaneName,
	ProcessRef,
	ProcessRow,
	Snapshot,
	SyscallRow,
	TcpRow,
} from "../../model/snapshot.ts";
import { bytes, clock, perSecond, time } from "./format.ts";
import { type Column, tableLines } from "./table.ts";

interface PaneTable<Row> {
	readonly title: string;
	readonly rows: (snapshot: Snapshot) => readonly Row[];
	readonly columns: readonly Column<Row>[];
	/** The most active first; equal ones in the order of the second number. */
	readonly activity: (row: Row) => readonly [number, number];
	/** Rows that did not change since the last table are left out and counted. */
	readonly hidesIdle: boolean;
}

const right = "right" as const;
const pid = { header: "PID", value: (row: { pid: number }) => String(row.pid), align: right };
const comm = { header: "COMM", value: (row: { comm: string }) => row.comm };
const end = ({ pid: number, comm: name }: ProcessRef): string => `${name}[${number}]`;
const address = (ip: string, port: number): string => `${ip.includes(":") ? `[${ip}]` : ip}:${port}`;

const processes: PaneTable<ProcessRow> = {
	title: "Processes",
	rows: (snapshot) => snapshot.processes,
	columns: [
		pid,
		{ header: "PPID", value: (row) => String(row.ppid), align: right },
		{ header: "USER", value: (row) => row.user ?? String(row.uid) },
		{ header: "S", value: (row) => row.state },
		{ header: "THR", value: (row) => String(row.threads), align: right },
		{ header: "CPU%", value: (row) => row.cpuPercent.toFixed(1), align: right },
		{ header: "RSS", value: (row) => bytes(row.rssBytes), align: right },
		{ header: "CALLS/s", value: (row) => perSecond(row.syscallRate), align: right },
		{ header: "READ/s", value: (row) => bytes(row.readRate), align: right },
		{ header: "WRITE/s", value: (row) => bytes(row.writeRate), align: right },
		{ header: "TX/s", value: (row) => bytes(row.txRate), align: right },
		{ header: "RX/s", value: (row) => bytes(row.rxRate), align: right },
		{ header: "COMMAND", value: (row) => (row.args.length > 0 ? row.args.join(" ") : `[${row.comm}]`) },
	],
	activity: (row) => [row.cpuPercent, row.syscallRate ?? 0],
	hidesIdle: false,
};

const syscalls: PaneTable<SyscallRow> = {
	title: "System calls",
	rows: (snapshot) => snapshot.syscalls,
	columns: [
		pid,
		comm,
		{ header: "SYSCALL", value: (row) => row.name },
		{ header: "CALLS/s", value: (row) => perSecond(row.rate), align: right },
		{ header: "ERRORS/s", value: (row) => perSecond(row.errorRate), align: right },
		{ header: "CALLS", value: (row) => String(row.count), align: right },
		{ header: "ERRORS", value: (row) => String(row.errors), align: right },
		{ header: "AVG", value: (row) => (row.latency === null ? "-" : time(row.latency.avgNs)), align: right },
		{ header: "P99", value: (row) => (row.latency === null ? "-" : time(row.latency.p99Ns)), align: right },
	],
	activity: (row) => [row.rate, row.count],
	hidesIdle: true,
};

const ipc: PaneTable<IpcRow> = {
	title: "IPC",
	rows: (snapshot) => snapshot.ipc,
	columns: [
		{ header: "KIND", value: (row) => row.kind },
		{ header: "FROM", value: (row) => end(row.from) },
		{ header: "TO", value: (row) => end(row.to) },
		{ header: "RATE/s", value: (row) => bytes(row.rate), align: right },
		{ header: "BYTES", value: (row) => bytes(row.bytes), align: right },
		{ header: "MESSAGES", value: (row) => String(row.messages), align: right },
		{ header: "BASIS", value: (row) => row.basis },
		{ header: "CHANNEL", value: (row) => (row.name === null ? row.channel : `${row.name} ${row.channel}`) },
		{ header: "LAST", value: (row) => (row.lastSeen === null ? "never" : clock(row.lastSeen)) },
	],
	activity: (row) => [row.rate, row.bytes],
	hidesIdle: true,
};

const files: PaneTable<FileRow> = {
	title: "Files",
	rows: (snapshot) => snapshot.files,
	columns: [
		pid,
		comm,
		{ header: "READ/s", value: (row) => bytes(row.readRate), align: right },
		{ header: "WRITE/s", value: (row) => bytes(row.writeRate), align: right },
		{ header: "READ", value: (row) => bytes(row.readBytes), align: right },
		{ header: "WRITTEN", value: (row) => bytes(row.writeBytes), align: right },
		{ header: "OPENS", value: (row) => String(row.opens), align: right },
		{ header: "POSITION", value: (row) => (row.position === null ? "-" : String(row.position)), align: right },
		{ header: "FLAGS", value: (row) => row.flags || "-" },
		{ header: "TYPE", value: (row) => row.type },
		{ header: "PATH", value: (row) => row.path },
	],
	activity: (row) => [row.readRate + row.writeRate, row.readBytes + row.writeBytes],
	hidesIdle: true,
};

const tcp: PaneTable<TcpRow> = {
	title: "TCP",
	rows: (snapshot) => snapshot.tcp,
	columns: [
		pid,
		comm,
		{ header: "ROLE", value: (row) => row.role },
		{ header: "STATE", value: (row) => row.state },
		{ header: "TX/s", value: (row) => bytes(row.txRate), align: right },
		{ header: "RX/s", value: (row) => bytes(row.rxRate), align: right },
		{ header: "TX", value: (row) => bytes(row.txBytes), align: right },
		{ header: "RX", value: (row) => bytes(row.rxBytes), align: right },
		{ header: "RTT", value: (row) => (row.rttUs === 0 ? "-" : time(row.rttUs * 1000)), align: right },
		{ header: "RETR", value: (row) => String(row.retransmits), align: right },
		{ header: "LOCAL", value: (row) => address(row.localAddress, row.localPort) },
		{ header: "REMOTE", value: (row) => (row.state === "LISTEN" ? "*" : address(row.remoteAddress, row.remotePort)) },
	],
	activity: (row) => [row.txRate + row.rxRate, row.txBytes + row.rxBytes],
	hidesIdle: false,
};

/** Lines of one pane; `before` is the snapshot of the last table. */
type PaneLines = (snapshot: Snapshot, before: Snapshot | null, width: number) => string[];

export const PANE_LINES: { readonly [Name in PaneName]: PaneLines } = {
	processes: linesOf(processes),
	syscalls: linesOf(syscalls),
	ipc: linesOf(ipc),
	files: linesOf(files),
	tcp: linesOf(tcp),
};

function linesOf<Row extends object>(table: PaneTable<Row>): PaneLines {
	return (snapshot, before, width) => {
		const all = table.rows(snapshot);
		// A row that did not change is the same object as in the snapshot before.
		const known = table.hidesIdle && before !== null ? new Set(table.rows(before)) : null;
		const shown = known === null ? [...all] : all.filter((row) => !known.has(row));
		shown.sort((left, right) => compare(table.activity(left), table.activity(right)));
		const idle = all.length - shown.length;
		const title = `${table.title}: ${shown.length}${idle > 0 ? ` active, ${idle} unchanged are not shown` : ""}`;
		return shown.length === 0 ? [title] : [title, ...tableLines(table.columns, shown, width)];
	};
}

function compare(left: readonly [number, number], right: readonly [number, number]): number {
	return right[0] - left[0] || right[1] - left[1];
}
