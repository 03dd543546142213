/** The details of one connection, and the process at its other end if that is on this machine. */

import { formatDurationMs, formatDurationNs } from "../../format/duration.ts";
import { wholeByteRate } from "../../format/quantity.ts";
import type { Snapshot, TcpRow } from "../../model/snapshot.ts";
import { ownerPairs } from "../blocks.ts";
import type { Block } from "../pane.ts";
import { socketRates } from "../shared-details.ts";
import { localText, remoteText } from "./columns.ts";

/** Blocks of the details view. */
export function tcpDetails(row: TcpRow, snapshot: Snapshot): readonly Block[] {
	const blocks: Block[] = [
		{
			kind: "pairs",
			title: "Connection",
			pairs: [
				...(row.others === undefined ? addressPairs(row) : othersPairs(row.others)),
				...ownerPairs(row.pid, row.comm, snapshot),
				["received", `${row.rxBytes} bytes, ${wholeByteRate(row.rxRate)}/s`],
				["sent", `${row.txBytes} bytes, ${wholeByteRate(row.txRate)}/s`],
				["round trip", row.rttUs === 0 ? "not measured yet" : formatDurationNs(row.rttUs * 1000)],
				["retransmits", String(row.retransmits)],
				["age", formatDurationMs(row.durationMs)],
			],
		},
	];
	const peer = peerOf(row, snapshot);
	if (peer) {
		blocks.push({ kind: "pairs", title: "The other end", pairs: ownerPairs(peer.pid, peer.comm, snapshot) });
	}
	return blocks;
}

type Pair = readonly [string, string];

function addressPairs(row: TcpRow): readonly Pair[] {
	return [
		["local", localText(row)],
		["remote", remoteText(row)],
		["state", `${row.state}, ${row.role}, IPv${row.family}`],
	];
}

function othersPairs(count: number): readonly Pair[] {
	return [["stands for", `${count} closed connections that found no room for rows of their own`]];
}

function peerOf(row: TcpRow, snapshot: Snapshot): TcpRow | undefined {
	return snapshot.tcp.find(
		(other) =>
			other.localPort === row.remotePort &&
			other.remotePort === row.localPort &&
			other.localAddress === row.remoteAddress &&
			other.remoteAddress === row.localAddress &&
			row.remotePort !== 0,
	);
}

/** Its summary in one row. */
export function tcpSummary(row: TcpRow): readonly (readonly [string, string])[] {
	return [
		["STATE", row.state],
		...socketRates(row),
		["RTT", row.rttUs === 0 ? "-" : formatDurationNs(row.rttUs * 1000)],
		["RETRANSMITS", String(row.retransmits)],
		["AGE", formatDurationMs(row.durationMs)],
	];
}
