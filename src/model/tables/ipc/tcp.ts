/** Both ends of a TCP connection on this machine. */

import type { IpcKind } from "../../snapshot.ts";
import { endpoint } from "../../wire/address.ts";
import type { Connection } from "../tcp/connection.ts";
import { Channel, type LinkDraft } from "./channel.ts";
import { flowDrafts, openPairDrafts } from "./flow.ts";

export class TcpChannel extends Channel {
	readonly kind: IpcKind = "tcp";
	readonly name = null;
	readonly ends: readonly [Connection, Connection];

	constructor(first: Connection, second: Connection) {
		super();
		this.ends = [first, second];
	}

	get label(): string {
		const [first, second] = this.ends;
		return tcpLabel(first.role === "server" || second.role === "client" ? second : first);
	}

	drafts(): LinkDraft[] {
		const [first, second] = [this.ends[0].uses, this.ends[1].uses];
		const there = flowDrafts(this.crowds, first, second, 0);
		const back = flowDrafts(this.crowds, second, first, 1);
		if (there.length + back.length > 0) return [...there, ...back];
		return openPairDrafts(first, second);
	}
}

/** "127.0.0.1:51544-127.0.0.1:80", the client first. */
function tcpLabel(client: Connection): string {
	const { tuple } = client;
	if (tuple === null) return "tcp:";
	return `tcp:${endpoint(tuple.localAddress, tuple.localPort)}-${endpoint(tuple.remoteAddress, tuple.remotePort)}`;
}
