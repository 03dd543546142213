/** Reads the addresses of struct wire_tcp, and makes the snapshot row of a connection. */

import type { TcpRole, TcpRow } from "../../snapshot.ts";
import { AF_INET6, addressAt, isMappedIpv4 } from "../../wire/address.ts";
import type { Reader } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import { NS_PER_MS, type Tick } from "../tick.ts";
import { type Connection, stateName, TcpState, type Tuple } from "./connection.ts";
import type { Connections } from "./connections.ts";

/** Readers of a record's addresses, for wire_tcp and wire_object. */
interface TupleReaders {
	readonly family: Reader;
	readonly localAt: (at: number) => number;
	readonly localPort: Reader;
	readonly remoteAt: (at: number) => number;
	readonly remotePort: Reader;
}

/** A reader of the addresses; null for a socket that is neither connected nor bound. */
function tupleReader(read: TupleReaders) {
	return (view: DataView, at: number): Tuple | null => {
		const localPort = read.localPort(view, at);
		const remotePort = read.remotePort(view, at);
		if (localPort === 0 && remotePort === 0) return null;
		const family = read.family(view, at);
		const localAt = read.localAt(at);
		const remoteAt = read.remoteAt(at);
		const isMapped = isMappedIpv4(view, localAt) || isMappedIpv4(view, remoteAt);
		return {
			family: family === AF_INET6 && !isMapped ? 6 : 4,
			localAddress: addressAt(view, localAt, family),
			localPort,
			remoteAddress: addressAt(view, remoteAt, family),
			remotePort,
		};
	};
}

export const connectionTuple = tupleReader({
	family: wire.tcpFamily,
	localAt: wire.tcpLocalAt,
	localPort: wire.tcpLocalPort,
	remoteAt: wire.tcpRemoteAt,
	remotePort: wire.tcpRemotePort,
});
export const objectTuple = tupleReader({
	family: wire.objectFamily,
	localAt: wire.objectLocalAt,
	localPort: wire.objectLocalPort,
	remoteAt: wire.objectRemoteAt,
	remotePort: wire.objectRemotePort,
});

const ROLES: readonly TcpRole[] = ["unknown", "client", "server", "listener"];

/** The role in the record; if the beginning was not seen, the side with a listener's port is the server. */
export function roleOf(connection: Connection, role: number, state: number, connections: Connections): TcpRole {
	const { tuple } = connection;
	if (state === TcpState.LISTEN) {
		if (!connection.isListed) connections.listeners.add(connection);
		return "listener";
	}
	if (connection.role !== "unknown") return connection.role; // the role never changes
	const known = ROLES[role] ?? "unknown";
	if (known !== "unknown" || tuple === null || tuple.remotePort === 0) return known;
	return connections.listeners.had(connection) ? "server" : "unknown";
}

/**
 * The side without a listener's port is the client, except for a connection that ended before it was first seen, for
 * which that would be a guess.
 */
function shownRole(connection: Connection, tuple: Tuple): TcpRole {
	const isFinal = connection.role !== "unknown" || tuple.remotePort === 0 || connection.state === TcpState.TIME_WAIT;
	return isFinal ? connection.role : "client";
}

/** null if there is nothing to show: a socket that is not used yet, or the other end of one that is shown. */
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
		...connection.numbers,
		txRate: connection.txRate,
		rxRate: connection.rxRate,
		durationMs: Math.max(0, Math.round((endNs - connection.firstNs) / (NS_PER_MS / 1000)) / 1000),
	};
}
