/** TCP between two processes of this machine: links found by addresses, not by objects. */

import type { ProcessRegistry } from "../process/registry.ts";
import type { Connection } from "../tcp/connection.ts";
import type { Channels } from "./channels.ts";
import { TcpChannel } from "./tcp.ts";
import { OtherTcpLinks } from "./tcp-others.ts";

export class LoopbackLinks {
	readonly #channels: Channels;
	readonly #others: OtherTcpLinks;
	readonly #byConnection = new Map<Connection, TcpChannel>();

	constructor(processes: ProcessRegistry, channels: Channels) {
		this.#channels = channels;
		this.#others = new OtherTcpLinks(processes, channels);
	}

	/** The two are the ends of one connection. */
	join(connection: Connection, partner: Connection): void {
		const known = this.#byConnection.get(connection);
		if (known !== undefined && known === this.#byConnection.get(partner)) return;
		this.end(connection);
		this.end(partner);
		const channel = new TcpChannel(connection, partner);
		this.#byConnection.set(connection, channel);
		this.#byConnection.set(partner, channel);
		this.attach(connection);
		this.#channels.touch(channel);
	}

	/** Its socket may be new: data over it changes the link. */
	attach(connection: Connection): void {
		const channel = this.#byConnection.get(connection);
		if (channel === undefined) return;
		for (const { object } of channel.ends) {
			if (object === null || this.#channels.of(object).has(channel)) continue;
			this.#channels.settle(object); // the socket's former connection is over
			this.#channels.open(channel, object);
		}
	}

	/** Its counts move to links to "other"; it has no link of its own any more. */
	sumUp(connection: Connection): void {
		const channel = this.#byConnection.get(connection);
		if (channel !== undefined) this.#others.add(channel);
		this.end(connection);
	}

	end(connection: Connection): void {
		const channel = this.#byConnection.get(connection);
		if (channel === undefined) return;
		for (const one of channel.ends) this.#byConnection.delete(one);
		this.#channels.close(channel, ...channel.ends.flatMap(({ object }) => object ?? []));
	}
}
