/** Tables about one process or thing that several details views share. */

import { formatEndpoint, formatProcess } from "../format/address.ts";
import { formatClock } from "../format/duration.ts";
import { formatByteRate, formatBytes, formatCount, formatRate } from "../format/quantity.ts";
import type { EventRow, FileRow, IpcRow, Snapshot, SyscallRow, TcpRow } from "../model/snapshot.ts";
import type { Block } from "./pane.ts";

const left = (text: string) => ({ text, align: "left" as const });
const right = (text: string) => ({ text, align: "right" as const });
/** A details view is read, not scrolled for minutes. */
const MOST_ROWS = 200;

function largestFirst<Row>(rows: readonly Row[], of: (row: Row) => number): Row[] {
	return [...rows].sort((a, b) => of(b) - of(a)).slice(0, MOST_ROWS);
}

/** The processes these rows are about. */
export type Owns = (pid: number) => boolean;

export function syscallBlock(rows: readonly SyscallRow[], owns: Owns): Block {
	const own = largestFirst(
		rows.filter((row) => owns(row.pid)),
		(row) => row.count,
	);
	return {
		kind: "table",
		title: "System calls",
		heads: [left("SYSCALL"), right("CALLS"), right("CALL/s"), right("ERRS"), right("ERR/s")],
		rows: own.map((row) => [
			row.name,
			formatCount(row.count),
			formatRate(row.rate),
			row.errors === 0 ? "" : formatCount(row.errors),
			formatRate(row.errorRate),
		]),
		empty: "none since the start",
	};
}

export function fileBlock(rows: readonly FileRow[], owns: Owns): Block {
	const own = largestFirst(
		rows.filter((row) => owns(row.pid)),
		(row) => row.readBytes + row.writeBytes,
	);
	return {
		kind: "table",
		title: "Files",
		heads: [right("READ"), right("WRITTEN"), right("RD/s"), right("WR/s"), left("PATH")],
		rows: own.map((row) => [
			formatBytes(row.readBytes),
			formatBytes(row.writeBytes),
			formatByteRate(row.readRate),
			formatByteRate(row.writeRate),
			row.path,
		]),
		empty: "none since the start",
	};
}

export function linkBlock(title: string, rows: readonly IpcRow[]): Block {
	return {
		kind: "table",
		title,
		heads: [left("FROM"), left("TO"), left("OVER"), right("BYTES"), right("MSGS"), left("BASIS"), left("OBJECT")],
		rows: largestFirst(rows, (row) => row.bytes).map((row) => [
			formatProcess(row.from),
			formatProcess(row.to),
			row.kind,
			formatBytes(row.bytes),
			formatCount(row.messages),
			row.basis,
			row.name ?? row.channel,
		]),
		empty: "none since the start",
	};
}

export function connectionBlock(rows: readonly TcpRow[], owns: Owns): Block {
	const own = largestFirst(
		rows.filter((row) => owns(row.pid)),
		(row) => row.rxBytes + row.txBytes,
	);
	return {
		kind: "table",
		title: "TCP",
		heads: [left("ROLE"), left("STATE"), left("LOCAL"), left("REMOTE"), right("RX"), right("TX")],
		rows: own.map((row) => [
			row.role,
			row.state,
			formatEndpoint(row.family, row.localAddress, row.localPort),
			formatEndpoint(row.family, row.remoteAddress, row.remotePort),
			formatBytes(row.rxBytes),
			formatBytes(row.txBytes),
		]),
		empty: "no connection",
	};
}

export function eventBlock(rows: readonly EventRow[], owns: Owns): Block {
	return {
		kind: "table",
		title: "Events",
		heads: [left("TIME"), left("EVENT"), left("WHAT")],
		rows: rows
			.filter((row) => owns(row.pid))
			.slice(-MOST_ROWS)
			.map((row) => [formatClock(row.time), row.type, row.text]),
		empty: "none lately",
	};
}

/** Who owns a row, in one line. */
export function ownerPairs(pid: number, comm: string, snapshot: Snapshot): (readonly [string, string])[] {
	if (pid === 0) return [["process", "none any more"]];
	const row = snapshot.processes.find((candidate) => candidate.pid === pid);
	const pairs: (readonly [string, string])[] = [["process", `${comm} ${pid}`]];
	if (row && row.args.length > 0) pairs.push(["command", row.args.join(" ")]);
	if (row) pairs.push(["user", row.user ?? String(row.uid)]);
	if (row?.container) pairs.push(["container", row.container.name ?? row.container.id]);
	return pairs;
}
