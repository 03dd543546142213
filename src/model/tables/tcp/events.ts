/** State changes of TCP sockets that become events. */

import type { SocketData } from "../../event-data.ts";
import { errorName } from "../../names/errors.ts";
import type { ProcessRef } from "../../snapshot.ts";
import { endpoint } from "../../wire/address.ts";
import type { EventTable } from "../event.ts";
import { type Connection, TcpState } from "./connection.ts";

const NOBODY: ProcessRef = { pid: 0, comm: "" };

export interface StateChange {
	readonly timeNs: number;
	readonly from: number;
	readonly to: number;
	/** errno of the socket, 0 for none. */
	readonly error: number;
}

/** The owner is often unknown before the refresh: the event comes from softirq, not from a process. */
export function addTcpEvent(
	events: EventTable,
	connection: Connection,
	{ timeNs, from, to, error }: StateChange,
): void {
	const { tuple } = connection;
	if (tuple === null || to === from) return;
	const actor = { timeNs, process: connection.owner, who: () => connection.owner?.ref ?? NOBODY };
	const add = (type: "listen" | "connect" | "accept", text: string) =>
		events.add({ ...actor, type, text, data: tuple satisfies SocketData });
	const local = endpoint(tuple.localAddress, tuple.localPort);
	const remote = endpoint(tuple.remoteAddress, tuple.remotePort);
	if (to === TcpState.LISTEN) add("listen", `listens on ${local}`);
	else if (to === TcpState.ESTABLISHED && from === TcpState.SYN_SENT) add("connect", `${local} to ${remote}`);
	else if (to === TcpState.ESTABLISHED && from === TcpState.SYN_RECV) add("accept", `${local} from ${remote}`);
	else if (to === TcpState.CLOSE && from === TcpState.SYN_SENT && error !== 0) {
		// Without an error the program gave up, or the exit of connect() reports the error (call-events/sockets.ts).
		const family = tuple.family === 6 ? "inet6" : "inet";
		const data = { family, address: remote, error: errorName(-error) } as const;
		events.add({ ...actor, type: "connect-failed", text: `to ${remote}: ${data.error}`, data });
	}
}
