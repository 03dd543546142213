/** Reads struct wire_tcp, and makes the row that a snapshot shows of a connection. */

import type { TcpRole, TcpRow } from "../../snapshot.ts";
import { counterAt } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { NS_PER_MS, type Tick } from "../tick.ts";
import { AF_INET6, addressAt, isMappedIpv4 } from "./address.ts";
import { type Connection, stateName, TcpState, type Tuple } from "./connection.ts";
import type { Connections } from "./connections.ts";

/** Where the address fields of a record stand: wire_tcp and wire_object name them alike. */
interface TupleFields {
	readonly family: number;
	readonly local: number;
	readonly localPort: number;
	readonly remote: number;
	readonly remotePort: number;
}

const TCP_FIELDS: TupleFields = {
	family: wire.TCP_FAMILY,
	local: wire.TCP_LOCAL,
	localPort: wire.TCP_LOCAL_PORT,
	remote: wire.TCP_REMOTE,
	remotePort: wire.TCP_REMOTE_PORT,
};
const OBJECT_FIELDS: TupleFields = {
	family: wire.OBJECT_FAMILY,
	local: wire.OBJECT_LOCAL,
	localPort: wire.OBJECT_LOCAL_PORT,
	remote: wire.OBJECT_REMOTE,
	remotePort: wire.OBJECT_REMOTE_PORT,
};

function tupleAt(view: DataView, at: number, fields: TupleFields): Tuple | null {
	const localPort = view.getUint16(at + fields.localPort, true);
	const remotePort = view.getUint16(at + fields.remotePort, true);
	if (localPort === 0 && remotePort === 0) return null;
	const family = view.getUint16(at + fields.family, true);
	const isMapped = isMappedIpv4(view, at + fields.local) || isMappedIpv4(view, at + fields.remote);
	return {
		family: family === AF_INET6 && !isMapped ? 6 : 4,
		localAddress: addressAt(view, at + fields.local, family),
		localPort,
		remoteAddress: addressAt(view, at + fields.remote, family),
		remotePort,
	};
}

/** null for a socket that is neither connected nor bound. */
export function connectionTuple(view: DataView, at: number): Tuple | null {
	return tupleAt(view, at, TCP_FIELDS);
}

export function objectTuple(view: DataView, at: number): Tuple | null {
	return tupleAt(view, at, OBJECT_FIELDS);
}

export function takeNumbers(connection: Connection, view: DataView, at: number): void {
	connection.txBytes = Math.max(connection.txBytes, counterAt(view, at + wire.TCP_TX_BYTES));
	connection.rxBytes = Math.max(connection.rxBytes, counterAt(view, at + wire.TCP_RX_BYTES));
	connection.rttUs = view.getUint32(at + wire.TCP_RTT_US, true) || connection.rttUs;
	connection.retransmits = Math.max(connection.retransmits, view.getUint32(at + wire.TCP_RETRANSMITS, true));
}

const ROLES: readonly TcpRole[] = ["unknown", "client", "server", "listener"];

/** As the record says; where the beginning was not seen, whoever has a listener's port is the server. */
export function roleOf(connection: Connection, role: number, state: number, connections: Connections): TcpRole {
	const { tuple } = connection;
	if (state === TcpState.LISTEN) {
		if (tuple !== null) connections.addListener(tuple, connection.netns);
		return "listener";
	}
	if (connection.role !== "unknown") return connection.role; // who began it does not change
	const known = ROLES[role] ?? "unknown";
	if (known !== "unknown" || tuple === null || tuple.remotePort === 0) return known;
	return connections.hadListener(tuple, connection.netns) ? "server" : "unknown";
}

/** Who has no listener's port called; of one that was over before it was first seen that would be a guess. */
function shownRole(connection: Connection, tuple: Tuple): TcpRole {
	const isFinal = connection.role !== "unknown" || tuple.remotePort === 0 || connection.state === TcpState.TIME_WAIT;
	return isFinal ? connection.role : "client";
}

/** null where there is nothing to show: a socket that was made and not used yet, or the far end of one that is shown. */
export function tcpRow(connection: Connection, tick: Tick): TcpRow | null {
	const { tuple, owner } = connection;
	if (tuple === null || connection.isForeign) return null;
	const endNs = connection.isClosed ? connection.closedNs : tick.nowNs;
	return {
		pid: owner?.pid ?? 0,
		comm: owner?.comm ?? "",
		role: shownRole(connection, tuple),
		...tuple,
		state: stateName(connection.state),
		txBytes: connection.txBytes,
		rxBytes: connection.rxBytes,
		txRate: connection.txRate,
		rxRate: connection.rxRate,
		rttUs: connection.rttUs,
		retransmits: connection.retransmits,
		durationMs: Math.max(0, Math.round((endNs - connection.firstNs) / (NS_PER_MS / 1000)) / 1000),
	};
}
