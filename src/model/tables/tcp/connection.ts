/** One TCP connection or listener, from its first record until it is dropped. */

import type { TcpRole } from "../../snapshot.ts";
import { perSecond } from "../../stats/rate.ts";
import { NO_ROW } from "../../stats/row-list.ts";
import { WireTcpState } from "../../wire/layout.gen.ts";
import type { KernelObject, Process, Use } from "../entities.ts";
import { countsSince, type FileCounts } from "../file-counts.ts";
import { NS_PER_SECOND, type Tick } from "../tick.ts";
import { noNumbers } from "./numbers.ts";

export const TcpState = WireTcpState;

const STATE_NAMES = Object.entries(TcpState).reduce<string[]>((names, [name, state]) => {
	names[state] = name === "NEW_SYN_RECV" ? "SYN_RECV" : name === "BOUND_INACTIVE" ? "CLOSE" : name;
	return names;
}, []);

/** The name in ss and netstat. */
export function stateName(state: number): string {
	return STATE_NAMES[state] ?? `STATE_${state}`;
}

export type SocketCounts = ReadonlyMap<Use, Readonly<FileCounts>>;

export interface Tuple {
	readonly family: 4 | 6;
	readonly localAddress: string;
	readonly localPort: number;
	readonly remoteAddress: string;
	readonly remotePort: number;
}

export class Connection {
	/** The kernel's number of its socket, 0 while unknown. */
	cookieLow = 0;
	cookieHigh = 0;
	netns = 0;
	tuple: Tuple | null = null;
	/** Its addresses as a key, "" without a tuple. */
	path = "";
	state = 0;
	role: TcpRole = "unknown";
	readonly numbers = noNumbers();
	txRate = 0;
	rxRate = 0;
	/** When its rates were last computed, and the numbers then, which were shown. */
	#ratedNs = 0;
	readonly before = noNumbers();
	/** Its counters were read before. */
	wasCounted = false;
	firstNs = 0;
	/** When it closed, NaN while it is open. */
	closedNs = Number.NaN;
	/** It counts as closed only because a pass did not find it. */
	isMissed = false;
	/** The last pass that found it, and the time of the last record about it. */
	pass = 0;
	seenNs = 0;

	/** Its socket as processes have it. */
	object: KernelObject | null = null;
	/**
	 * The counts of its socket's uses when it began and when it ended, if the socket has had several connections.
	 */
	since: SocketCounts | null = null;
	until: SocketCounts | null = null;
	/** The process that made it, as far as the kernel's event could tell. */
	maker: Process | null = null;
	/** The last known owner: the owner of a closed connection. */
	lastOwner: Process | null = null;

	/** The other end of a wanted process's connection (--pid, --comm): without a row of its own. */
	isForeign = false;
	/** For a listener: its port is in the list of listened ports. */
	isListed = false;
	wasPublishedClosed = false;
	isForgotten = false;
	isDirty = false;
	rowIndex = NO_ROW;

	get hasCookie(): boolean {
		return this.cookieLow !== 0 || this.cookieHigh !== 0;
	}

	get isClosed(): boolean {
		return !Number.isNaN(this.closedNs);
	}

	/** Rates count from now on. */
	startRates(): void {
		Object.assign(this.before, this.numbers);
	}

	/** Computes its rates since it was last read: if there are many network namespaces, not every refresh reads it. */
	rate(tick: Tick): void {
		const isRead = this.seenNs > this.#ratedNs;
		if (!isRead && !this.isClosed) return;
		const seconds = this.#ratedNs === 0 ? tick.seconds : (tick.nowNs - this.#ratedNs) / NS_PER_SECOND;
		this.txRate = perSecond(this.numbers.txBytes - this.before.txBytes, seconds);
		this.rxRate = perSecond(this.numbers.rxBytes - this.before.rxBytes, seconds);
		this.#ratedNs = tick.nowNs;
		this.startRates();
	}

	/** What processes did with its socket during this connection. */
	get uses(): readonly Use[] {
		const { object, since, until } = this;
		if (object === null) return [];
		if (since === null && until === null) return object.uses;
		const during = until === null ? object.uses : object.uses.filter((use) => until.has(use));
		return during.map((use) => spanOf(use, since?.get(use), until?.get(use) ?? use));
	}

	/** The process that uses it; if several have it, as in a forking server, the one that moves the data. */
	get owner(): Process | null {
		const use = this.object === null ? undefined : bestUse(this.object.uses, this.maker);
		const found = use?.process ?? (this.lastOwner?.isEvicted === false ? this.lastOwner : this.maker);
		if (found === null || found.isEvicted) return null;
		this.lastOwner = found;
		return found;
	}
}

/** The use, with what it counted during this connection. */
function spanOf(use: Use, from: Readonly<FileCounts> | undefined, to: Readonly<FileCounts>): Use {
	return Object.assign(Object.create(use) as Use, countsSince(to, from));
}

function rank(use: Use, maker: Process | null): number {
	const isHere = use.process.exit === null && use.presence.isOpen ? 2 : 0;
	const isMaker = use.process === maker ? 1 : 0;
	return (use.hasMoved ? 8 : use.isOnlyHeld ? 0 : 4) + isHere + isMaker;
}

function bestUse(uses: readonly Use[], maker: Process | null): Use | undefined {
	let best: Use | undefined;
	let bestRank = -1;
	for (const use of uses) {
		if (use.process.isForeign) continue;
		const now = rank(use, maker);
		const isBetter = now > bestRank || (now === bestRank && use.lastMovedNs > (best?.lastMovedNs ?? 0));
		if (!isBetter) continue;
		best = use;
		bestRank = now;
	}
	return best;
}
