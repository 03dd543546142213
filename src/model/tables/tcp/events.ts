/** State changes of TCP sockets that are worth a line. */

import type { SocketData } from "../../event-data.ts";
import type { ProcessRef } from "../../snapshot.ts";
import { endpoint } from "../../wire/address.ts";
import type { EventTable } from "../event.ts";
import { type Connection, TcpState } from "./connection.ts";

const NOBODY: ProcessRef = { pid: 0, comm: "" };

/** The owner is often not known before the refresh: the event comes from the network, not from a process. */
export function addTcpEvent(
	events: EventTable,
	connection: Connection,
	nowNs: number,
	oldState: number,
	state: number,
): void {
	const { tuple } = connection;
	if (tuple === null || state === oldState) return;
	const add = (type: "listen" | "connect" | "accept" | "connect-failed", text: string) =>
		events.add({
			timeNs: nowNs,
			type,
			process: connection.owner,
			who: () => connection.owner?.ref ?? NOBODY,
			text,
			data: tuple satisfies SocketData,
		});
	const local = endpoint(tuple.localAddress, tuple.localPort);
	const remote = endpoint(tuple.remoteAddress, tuple.remotePort);
	if (state === TcpState.LISTEN) add("listen", `listens on ${local}`);
	else if (state === TcpState.ESTABLISHED && oldState === TcpState.SYN_SENT) {
		add("connect", `${local} to ${remote}`);
	} else if (state === TcpState.ESTABLISHED && oldState === TcpState.SYN_RECV) {
		add("accept", `${local} from ${remote}`);
	} else if (state === TcpState.CLOSE && oldState === TcpState.SYN_SENT) {
		add("connect-failed", `to ${remote} failed`);
	}
}
