/** Events of sockets reported by system calls: bound addresses, and connections that failed to start. */

import { errorName } from "../../names/errors.ts";
import { WireEvent } from "../../wire/layout.gen.ts";
import { readSockaddr } from "../../wire/sockaddr.ts";
import type { EventTable } from "../event.ts";
import type { Call, CallHandlers } from "./call.ts";

/** Not failures of connect(): EINPROGRESS, EALREADY, EISCONN, EINTR. */
const NO_FAILURE: ReadonlySet<number> = new Set([-115, -114, -106, -4]);
/** Internet sockets: the change of the socket's state reports these, even if no call waits. */
const TOLD_BY_STATE = new Set(["ECONNREFUSED", "ETIMEDOUT", "ECONNRESET"]);

export function socketHandlers(events: EventTable): CallHandlers {
	function bind({ process, timeNs, bytes, other }: Call): void {
		const data = readSockaddr(bytes, other);
		events.add({ timeNs, type: "bind", process, text: data.address ?? "an address of another family", data });
	}

	function fail({ process, timeNs, error, bytes }: Call): void {
		const address = readSockaddr(bytes, 0);
		const data = { ...address, error: errorName(error) };
		const isInet = data.family === "inet" || data.family === "inet6";
		if (NO_FAILURE.has(error) || (isInet && TOLD_BY_STATE.has(data.error))) return;
		const text = `to ${data.address ?? "an address of another family"}: ${data.error}`;
		events.add({ timeNs, type: "connect-failed", process, text, data });
	}

	return { [WireEvent.BIND]: bind, [WireEvent.CONNECT_FAILED]: fail };
}
