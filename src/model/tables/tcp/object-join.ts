/**
 * Joins the sockets that processes have with the kernel's TCP connections: by cookie, or by inode if the socket had no
 * cookie when it was announced.
 */

import { IdMap } from "../../stats/id-map.ts";
import * as wire from "../../wire/layout.gen.ts";
import { countsOf } from "../file-counts.ts";
import type { LoopbackLinks } from "../ipc/loopback.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import { type Connection, TcpState } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { objectTuple, roleOf } from "./row.ts";

export class ObjectJoin {
	readonly #connections: Connections;
	readonly #links: LoopbackLinks;
	readonly #byCookie = new IdMap<KernelObject>();
	readonly #byInode = new IdMap<KernelObject>();

	constructor(connections: Connections, links: LoopbackLinks) {
		this.#connections = connections;
		this.#links = links;
	}

	/** A process has this socket. TCP iterators see one network namespace only, so this may be the first record of it. */
	announce(object: KernelObject, view: DataView, at: number): void {
		if (object.hasSock) this.#byCookie.set(object.sockLow, object.sockHigh, object);
		this.#byInode.set(object.inoLow, object.inoHigh, object);
		const connection = this.#connectionOf(object, view, at);
		if (connection === null) return;
		this.#attach(connection, object);
	}

	/** The object of a connection for which a TCP record came. */
	adopt(connection: Connection, view: DataView, at: number): void {
		if (connection.object !== null) return;
		const inoLow = wire.tcpInoLow(view, at);
		const inoHigh = wire.tcpInoHigh(view, at);
		let object = connection.hasCookie ? this.#byCookie.get(connection.cookieLow, connection.cookieHigh) : undefined;
		if (object === undefined && (inoLow !== 0 || inoHigh !== 0)) object = this.#byInode.get(inoLow, inoHigh);
		if (object === undefined || !mayBe(object, connection)) return;
		const other = object.connection;
		if (other !== null && other !== connection && !other.isClosed) return;
		this.#attach(connection, object);
	}

	#attach(connection: Connection, object: KernelObject): void {
		const former = object.connection;
		if (former !== connection && (former !== null || object.wasConnected)) {
			const counts = new Map(object.uses.map((use) => [use, countsOf(use)]));
			if (former?.object === object) former.until = counts;
			connection.since = counts;
		}
		object.wasConnected = true;
		object.connection = connection;
		connection.object = object;
		this.#links.attach(connection);
	}

	forget(object: KernelObject): void {
		if (this.#byCookie.get(object.sockLow, object.sockHigh) === object) {
			this.#byCookie.delete(object.sockLow, object.sockHigh);
		}
		if (this.#byInode.get(object.inoLow, object.inoHigh) === object) {
			this.#byInode.delete(object.inoLow, object.inoHigh);
		}
		if (object.connection?.object === object) object.connection.object = null;
		object.connection = null;
	}

	#connectionOf(object: KernelObject, view: DataView, at: number): Connection | null {
		const tuple = objectTuple(view, at);
		const state = wire.objectState(view, at);
		const netns = wire.objectNetns(view, at);
		const known = this.#connections.byCookie(object.sockLow, object.sockHigh) ?? object.connection;
		const isNameless = tuple === null || state === TcpState.CLOSE;
		if (known !== null && known !== undefined && !known.isForgotten) {
			if (!isNameless && known.tuple === null) this.#connections.setTuple(known, tuple, netns);
			return known;
		}
		if (isNameless) return null;
		const byAddress = this.#connections.byTuple(tuple, netns, object.hasSock);
		if (byAddress !== undefined && byAddress.object === null) return byAddress;
		const nowNs = wire.headTime(view, at);
		const connection = this.#connections.add(object.sockLow, object.sockHigh, nowNs);
		connection.seenNs = nowNs;
		connection.state = state;
		this.#connections.setTuple(connection, tuple, netns);
		connection.role = roleOf(connection, wire.WireTcpRole.UNKNOWN, state, this.#connections);
		return connection;
	}
}

/** Different cookies are different sockets. */
function mayBe(object: KernelObject, { hasCookie, cookieLow, cookieHigh }: Connection): boolean {
	return !object.hasSock || !hasCookie || (object.sockLow === cookieLow && object.sockHigh === cookieHigh);
}
