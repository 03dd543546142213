/** The details of one connection, and the process at its other end if that is on this machine. */

import { formatDurationMs, formatDurationNs } from "../../format/duration.ts";
import { formatBytes, wholeByteRate } from "../../format/quantity.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { Snapshot, TcpRow } from "../../model/snapshot.ts";
import { isLoopback } from "../../model/wire/address.ts";
import { left, ownerPairs, right } from "../blocks.ts";
import type { Block } from "../pane.ts";
import { socketRates } from "../shared-details.ts";
import { localText, remoteText } from "./columns.ts";

/** A details view should stay short. */
const MOST_CLIENTS = 200;

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
	if (row.state === "LISTEN") blocks.push(clientBlock(row, snapshot));
	const peer = peerOf(row, snapshot);
	if (peer) {
		blocks.push({ kind: "pairs", title: "The other end", pairs: ownerPairs(peer.pid, peer.comm, snapshot) });
	}
	return blocks;
}

/** Who talks to this listener. */
function clientBlock(row: TcpRow, snapshot: Snapshot): Block {
	const isAny = ["0.0.0.0", "::"].includes(row.localAddress);
	const accepted = snapshot.tcp.filter(
		({ role, localPort, localAddress, host }) =>
			role === "server" &&
			localPort === row.localPort &&
			host === row.host &&
			(isAny || localAddress === row.localAddress),
	);
	const nameOf = ({ pid, comm }: TcpRow) => (pid === 0 ? "-" : formatProcess({ pid, comm }));
	return {
		kind: "table",
		title: accepted.length > MOST_CLIENTS ? `Connections: ${MOST_CLIENTS} of ${accepted.length}` : "Connections",
		heads: [left("SERVED BY"), left("REMOTE"), left("CLIENT"), right("RECEIVED"), right("SENT")],
		rows: [...accepted]
			.sort((a, b) => b.rxBytes + b.txBytes - a.rxBytes - a.txBytes)
			.slice(0, MOST_CLIENTS)
			.map((each) => {
				const client = peerOf(each, snapshot);
				return [
					nameOf(each),
					remoteText(each),
					client === undefined ? "-" : nameOf(client),
					formatBytes(each.rxBytes),
					formatBytes(each.txBytes),
				];
			}),
		empty: "none",
	};
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
			(other.host === row.host || !isLoopback(row.localAddress)) &&
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
