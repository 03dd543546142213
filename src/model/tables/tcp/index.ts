/** TCP connections and listeners: state, owner, bytes, and the other end if it is on this machine. */

import type { TcpRow } from "../../snapshot.ts";
import { DirtyList } from "../../stats/dirty-list.ts";
import { RowList } from "../../stats/row-list.ts";
import { forEachInSteps, type Steps } from "../../steps.ts";
import type { Decoder } from "../../wire/decode.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import type { EventTable } from "../event.ts";
import type { LoopbackLinks } from "../ipc/loopback.ts";
import type { ObjectTable } from "../object/index.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { KEEP_DEAD_NS, type Tick } from "../tick.ts";
import { ClosedConnections } from "./closed.ts";
import { type Connection, TcpState, type Tuple } from "./connection.ts";
import { Connections } from "./connections.ts";
import { addTcpEvent } from "./events.ts";
import { Listeners } from "./listeners.ts";
import { ReadNetworks } from "./networks.ts";
import { takeNumbers } from "./numbers.ts";
import { ObjectJoin } from "./object-join.ts";
import { OtherConnections } from "./others.ts";
import { connectionTuple, roleOf, tcpRow } from "./row.ts";

export class TcpTable {
	readonly #processes: ProcessRegistry;
	readonly #events: EventTable;
	readonly #links: LoopbackLinks;
	readonly #connections: Connections;
	readonly #closed: ClosedConnections;
	readonly #others: OtherConnections;
	readonly #join: ObjectJoin;
	readonly #dirty = new DirtyList<Connection>();
	readonly #rows = new RowList<TcpRow>();
	#passBeganNs = 0;
	readonly #networks = new ReadNetworks();

	constructor(
		decoder: Decoder,
		processes: ProcessRegistry,
		objects: ObjectTable,
		links: LoopbackLinks,
		events: EventTable,
		bounds: Bounds,
	) {
		this.#processes = processes;
		this.#events = events;
		this.#links = links;
		this.#connections = new Connections(
			(connection, partner) => links.join(connection, partner),
			new Listeners(bounds),
		);
		this.#closed = new ClosedConnections(bounds, (connection) => this.#crowdOut(connection));
		this.#others = new OtherConnections(processes, this.#rows);
		this.#join = new ObjectJoin(this.#connections, links);
		decoder.on(wire.WireType.TCP, (view, at) => this.#apply(view, at));
		decoder.on(wire.WireType.NETWORK, (view, at) => {
			const isGone = wire.networkIsGone(view, at) !== 0;
			this.#networks.apply(wire.networkNetns(view, at), isGone);
		});
		const touch = ({ object }: { object: KernelObject }) => {
			if (object.connection !== null) this.#dirty.add(object.connection);
		};
		objects.listen({
			announced: (use, view, at) => {
				if (use.object.kind !== wire.WireKind.TCP) return;
				this.#join.announce(use.object, view, at);
				touch(use);
			},
			moved: touch,
			changed: touch,
			dropped: touch,
			forgotten: (object) => this.#join.forget(object),
			isShown: ({ connection }) => connection !== null && !connection.isClosed,
		});
		processes.listen({
			renamed: (process) => {
				for (const object of process.uses.keys()) touch({ object });
			},
		});
	}

	*applyPass(isEnd: boolean, timeNs: number): Steps {
		if (!isEnd) {
			this.#networks.begin();
			this.#passBeganNs = timeNs;
			return;
		}
		yield* forEachInSteps(this.#connections.all, (connection) => {
			const isMissed = connection.pass !== this.#networks.pass && connection.seenNs < this.#passBeganNs;
			if (!isMissed || connection.isClosed || !this.#networks.wasRead(connection.netns)) return;
			this.#close(connection, timeNs, TcpState.CLOSE);
			connection.isMissed = true;
		});
		this.#networks.end();
	}

	*tick(tick: Tick): Steps<readonly TcpRow[]> {
		yield* forEachInSteps(this.#connections.all, (connection) => {
			// The duration of open connections grows with every refresh.
			if (!connection.isClosed) this.#dirty.add(connection);
		});
		yield* forEachInSteps(this.#dirty.take(), (connection) => this.#put(connection, tick));
		this.#others.tick(tick);
		return this.#rows.publish();
	}

	#put(connection: Connection, tick: Tick): void {
		if (connection.isForgotten) return;
		connection.role = roleOf(connection, wire.WireTcpRole.UNKNOWN, connection.state, this.#connections);
		connection.rate(tick);
		const row = tcpRow(connection, tick);
		if (row === null) {
			connection.wasPublishedClosed = connection.isForeign && connection.isClosed;
			this.#rows.remove(connection);
			return;
		}
		this.#rows.put(connection, row);
		connection.wasPublishedClosed = connection.isClosed;
		if (row.txRate > 0 || row.rxRate > 0) this.#dirty.add(connection);
	}

	evict(tick: Tick): Steps {
		return forEachInSteps(this.#connections.all, (connection) => {
			if (!connection.isClosed || !(connection.wasPublishedClosed || connection.tuple === null)) return;
			const isMet = this.#networks.isThere(connection.netns, connection.pass);
			const isInKernel = connection.state === TcpState.TIME_WAIT && isMet;
			const isYoung = tick.nowNs - connection.closedNs < KEEP_DEAD_NS;
			if (!isInKernel && !isYoung) this.#forget(connection);
		});
	}

	/**
	 * Evicts a closed connection. If it was not shown yet, its bytes count in the row "other" of its process, and so
	 * does its link.
	 */
	#crowdOut(connection: Connection): void {
		if (!connection.wasPublishedClosed && connection.tuple !== null && !connection.isForeign) {
			this.#others.add(connection);
			this.#links.sumUp(connection);
		}
		this.#forget(connection);
	}

	#forget(connection: Connection): void {
		this.#closed.remove(connection);
		this.#rows.remove(connection);
		this.#links.end(connection);
		this.#connections.forget(connection);
		if (connection.object?.connection === connection) connection.object.connection = null;
	}

	#apply(view: DataView, at: number): void {
		const state = wire.tcpState(view, at);
		// A request: the kernel makes the socket when the handshake is complete.
		if (state === TcpState.NEW_SYN_RECV) return;
		const nowNs = wire.headTime(view, at);
		const isEnd = state === TcpState.TIME_WAIT || state === TcpState.CLOSE;
		const connection = this.#connectionOf(view, at, isEnd, nowNs);
		if (connection === null) return;
		connection.isForeign = (wire.tcpFlags(view, at) & wire.WireTcpFlag.FOREIGN) !== 0;
		const isEvent = wire.tcpHow(view, at) === wire.WireHow.USED;
		// The result of a pass comes before the events from the time of the pass: the newer record has the current
		// state.
		const isLate = nowNs < connection.seenNs;
		connection.seenNs = Math.max(connection.seenNs, nowNs);
		if (!isEvent) {
			connection.pass = this.#networks.pass;
			this.#networks.noteFound(connection.netns);
		}
		connection.maker = this.#processes.ofRecord(view, at) ?? connection.maker;
		if (state !== TcpState.TIME_WAIT) this.#count(connection, view, at);
		connection.role = roleOf(connection, wire.tcpRole(view, at), state, this.#connections);
		if (isEvent) {
			const change = { timeNs: nowNs, from: wire.tcpOldState(view, at), to: state, error: wire.tcpError(view, at) };
			addTcpEvent(this.#events, connection, change);
		}
		this.#join.adopt(connection, view, at);
		if (isEnd && !isLate) this.#close(connection, nowNs, state);
		else if (!isLate) this.#sawOpen(connection, state);
		this.#dirty.add(connection);
	}

	/** If the owner's calls are not seen, the connection's bytes count for the owner, from the first pass on. */
	#count(connection: Connection, view: DataView, at: number): void {
		const { numbers, maker } = connection;
		const { txBytes, rxBytes } = numbers;
		takeNumbers(numbers, view, at);
		const isCountedHere = (wire.tcpFlags(view, at) & wire.WireTcpFlag.COUNTED_HERE) !== 0;
		const isNew = !connection.wasCounted && this.#networks.isNew(connection.netns);
		const isOld = connection.wasCounted || (this.#networks.pass > 1 && !isNew);
		if (isNew) connection.startRates();
		connection.wasCounted = true;
		if (!isCountedHere || !isOld || maker === null) return;
		maker.interval.addIo(true, numbers.rxBytes - rxBytes, numbers.txBytes - txBytes);
		this.#processes.dirty.add(maker);
	}

	/** The connection that a record is about: by its socket's cookie, or by address if one of the two has none. */
	#connectionOf(view: DataView, at: number, isEnd: boolean, nowNs: number): Connection | null {
		const low = wire.tcpSockLow(view, at);
		const high = wire.tcpSockHigh(view, at);
		const known = this.#connections.byCookie(low, high);
		const same = known !== undefined && (isEnd || !isOver(known, nowNs)) ? known : null;
		if (same !== null && hasSamePorts(same, view, at)) return same;
		const tuple = connectionTuple(view, at);
		// A socket that is neither connected nor listening is not shown.
		if (tuple === null) return same;
		const netns = wire.tcpNetns(view, at);
		const near = this.#connections.byTuple(tuple, netns, low !== 0 || high !== 0);
		const isNearSame = near !== undefined && (isEnd || !isOver(near, nowNs));
		const connection = same ?? (isNearSame ? near : this.#connections.add(low, high, nowNs));
		if (!connection.hasCookie) this.#connections.setCookie(connection, low, high);
		if (isBetterTuple(connection, tuple)) this.#connections.setTuple(connection, tuple, netns);
		return connection;
	}

	#close(connection: Connection, nowNs: number, state: number): void {
		connection.state = state;
		connection.isMissed = false;
		if (!connection.isClosed) connection.closedNs = nowNs;
		// The kernel itself bounds those that it still knows.
		if (state === TcpState.TIME_WAIT) this.#closed.remove(connection);
		else this.#closed.add(connection);
		this.#dirty.add(connection);
	}

	#sawOpen(connection: Connection, state: number): void {
		connection.state = state;
		connection.closedNs = Number.NaN;
		connection.isMissed = false;
		this.#closed.remove(connection);
	}
}

/** A record reported its end: what its socket does from now on is another connection. */
function isOver(connection: Connection, nowNs: number): boolean {
	return connection.closedNs < nowNs && !connection.isMissed;
}

/** Avoids reading the addresses in most records of a pass. */
function hasSamePorts(connection: Connection, view: DataView, at: number): boolean {
	const { tuple } = connection;
	if (tuple === null || tuple.localPort !== wire.tcpLocalPort(view, at)) return false;
	return tuple.remotePort === wire.tcpRemotePort(view, at);
}

/** At the last state change the kernel has cleared some of the addresses: the known ones are kept. */
function isBetterTuple(connection: Connection, tuple: Tuple): boolean {
	const known = connection.tuple;
	if (known === null) return true;
	return tuple.localPort !== 0 && (tuple.remotePort !== 0 || known.remotePort === 0);
}
