/**
 * All TCP connections: by the cookie of their socket, and by address to find the other end. Memory: connections that
 * the passes still find, and a bounded number of those that closed within the last five seconds.
 */

import { IdMap } from "../../stats/id-map.ts";
import { isLoopback } from "../../wire/address.ts";
import { Connection, type Tuple } from "./connection.ts";
import type { Listeners } from "./listeners.ts";

function pathOf(tuple: Tuple): string {
	return `${tuple.localAddress}:${tuple.localPort}>${tuple.remoteAddress}:${tuple.remotePort}`;
}

function reverseOf(tuple: Tuple): string {
	return `${tuple.remoteAddress}:${tuple.remotePort}>${tuple.localAddress}:${tuple.localPort}`;
}

export class Connections {
	readonly #onPair: (connection: Connection, partner: Connection) => void;
	readonly all = new Set<Connection>();
	readonly #byCookie = new IdMap<Connection>();
	/**
	 * Several if network namespaces use the same addresses, or ports are reused. Port 0, which every new connection has
	 * at first, is not indexed: adding and deleting that one key again and again would leave an ever longer chain of
	 * holes in V8's table, which every lookup of the key walks.
	 */
	readonly #byPath = new Map<string, Set<Connection>>();
	readonly listeners: Listeners;

	/** `onPair` is called for two connections that turn out to be the ends of one. */
	constructor(onPair: (connection: Connection, partner: Connection) => void, listeners: Listeners) {
		this.#onPair = onPair;
		this.listeners = listeners;
	}

	/** The latest connection of this socket, which may have several in turn. */
	byCookie(low: number, high: number): Connection | undefined {
		return low === 0 && high === 0 ? undefined : this.#byCookie.get(low, high);
	}

	add(cookieLow: number, cookieHigh: number, nowNs: number): Connection {
		const connection = new Connection();
		connection.firstNs = nowNs;
		this.all.add(connection);
		this.setCookie(connection, cookieLow, cookieHigh);
		return connection;
	}

	setCookie(connection: Connection, low: number, high: number): void {
		connection.cookieLow = low;
		connection.cookieHigh = high;
		if (connection.hasCookie) this.#byCookie.set(low, high, connection);
	}

	setTuple(connection: Connection, tuple: Tuple, netns: number): void {
		const path = pathOf(tuple);
		if (connection.netns === netns && connection.path === path) return;
		this.#removePath(connection);
		connection.tuple = tuple;
		connection.path = path;
		connection.netns = netns;
		if (tuple.localPort === 0) return;
		const same = this.#byPath.get(path) ?? new Set();
		same.add(connection);
		this.#byPath.set(path, same);
		const partner = this.#partnerOf(connection);
		if (partner !== undefined) this.#onPair(connection, partner);
	}

	/**
	 * The latest with these addresses in this namespace. One with a cookie is found only if the record has none: two
	 * cookies are compared directly.
	 */
	byTuple(tuple: Tuple, netns: number, hasCookie: boolean): Connection | undefined {
		let found: Connection | undefined;
		for (const connection of this.#byPath.get(pathOf(tuple)) ?? []) {
			if (connection.netns === netns && !(hasCookie && connection.hasCookie)) found = connection;
		}
		return found;
	}

	/**
	 * The other end on this machine: in the same namespace, else in another one that can reach the address. A connection
	 * that ended before this one began had these addresses earlier.
	 */
	#partnerOf(connection: Connection): Connection | undefined {
		const { tuple } = connection;
		if (tuple === null || tuple.remotePort === 0) return undefined;
		let elsewhere: Connection | undefined;
		let found: Connection | undefined;
		for (const other of this.#byPath.get(reverseOf(tuple)) ?? []) {
			if (other === connection || other.closedNs < connection.firstNs || connection.closedNs < other.firstNs) continue;
			if (other.netns === connection.netns) found = other;
			else if (!isLoopback(tuple.localAddress)) elsewhere = other;
		}
		return found ?? elsewhere;
	}

	forget(connection: Connection): void {
		connection.isForgotten = true;
		this.all.delete(connection);
		if (this.byCookie(connection.cookieLow, connection.cookieHigh) === connection) {
			this.#byCookie.delete(connection.cookieLow, connection.cookieHigh);
		}
		this.#removePath(connection);
	}

	#removePath(connection: Connection): void {
		const same = this.#byPath.get(connection.path);
		same?.delete(connection);
		if (same?.size === 0) this.#byPath.delete(connection.path);
	}
}
