/** TCP between two processes of this machine: links found by addresses, not by descriptors. */

import { endpoint } from "../../wire/address.ts";
import type { Connection } from "../tcp/connection.ts";
import type { IpcTable } from "./index.ts";
import { TcpChannel } from "./tcp.ts";

export class LoopbackLinks {
	readonly #ipc: IpcTable;
	readonly #channels = new Map<Connection, TcpChannel>();

	constructor(ipc: IpcTable) {
		this.#ipc = ipc;
	}

	/** The two are ends of one connection. */
	join(connection: Connection, partner: Connection): void {
		const known = this.#channels.get(connection);
		if (known !== undefined && known === this.#channels.get(partner)) return;
		this.end(connection);
		this.end(partner);
		const channel = new TcpChannel(connection, partner);
		this.#channels.set(connection, channel);
		this.#channels.set(partner, channel);
		this.attach(connection);
		this.#ipc.touch(channel);
	}

	/** Its socket may be new: what moves over it is news for the link. */
	attach(connection: Connection): void {
		const channel = this.#channels.get(connection);
		if (channel === undefined) return;
		for (const { object } of channel.ends) {
			if (object === null || object.channels.has(channel)) continue;
			object.channels.add(channel);
			this.#ipc.touch(channel);
		}
	}

	end(connection: Connection): void {
		const channel = this.#channels.get(connection);
		if (channel === undefined) return;
		for (const one of channel.ends) {
			this.#channels.delete(one);
			one.object?.channels.delete(channel);
		}
		this.#ipc.close(channel);
	}
}

/** "127.0.0.1:51544-127.0.0.1:80", the client first. */
export function tcpLabel(client: Connection): string {
	const { tuple } = client;
	if (tuple === null) return "tcp:";
	return `tcp:${endpoint(tuple.localAddress, tuple.localPort)}-${endpoint(tuple.remoteAddress, tuple.remotePort)}`;
}
