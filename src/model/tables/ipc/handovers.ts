/**
 * Descriptors handed from one process to another. SCM_RIGHTS comes as two halves, sent and received, in any order; the
 * open file and the receiving socket join them. If the calls of the other side are not seen, the process that has its
 * socket is assumed. Memory: halves without a match are bounded; those of the user with the most are evicted first,
 * oldest first.
 *
 * Both are identified by addresses, which are reused. While a message waits they cannot be reused; but a message that
 * is never received (its socket was closed) must not be joined with a later one.
 */

import { safeTextFromBytes } from "../../safe-text.ts";
import type { FairTable } from "../../stats/fair-table.ts";
import type { Decoder } from "../../wire/decode.ts";
import { bytesAt, decimalOf } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { Bounds } from "../bounds.ts";
import type { EventTable } from "../event.ts";
import { isSocket, type KernelObject } from "../object/kernel-object.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { markedPath } from "../process/text.ts";
import { NS_PER_SECOND } from "../tick.ts";
import type { CountedKind, CountedLinks } from "./counted.ts";
import { pointerLabel } from "./object-name.ts";
import type { UnixSockets } from "./unix.ts";

/**
 * A sender returns from its call at most this long after the message was received, and by then a pass has found the
 * process with the socket.
 */
const LATE_NS = 10 * NS_PER_SECOND;
/** How long a message may wait in a socket without a known process, before accept(). */
const UNSEEN_NS = 60 * NS_PER_SECOND;

interface Half {
	readonly process: Process;
	readonly timeNs: number;
	readonly waiting: Waiting;
	readonly isSent: boolean;
}

/** Halves of one file and socket that wait for a match. */
interface Waiting {
	readonly key: string;
	readonly what: CountedKind;
	readonly sockLow: number;
	readonly sockHigh: number;
	/** The receiving socket, once it was seen. */
	to: KernelObject | undefined;
	/** Both oldest first. */
	readonly senders: Set<Half>;
	readonly receivers: Set<Half>;
}

export class Handovers {
	readonly #processes: ProcessRegistry;
	readonly #links: CountedLinks;
	readonly #sockets: UnixSockets;
	readonly #waiting = new Map<string, Waiting>();
	readonly #places: FairTable<Process, Half>;
	readonly #events: EventTable;
	/** Halves without a match since the last refresh. */
	#unjoined = 0;

	constructor(
		decoder: Decoder,
		processes: ProcessRegistry,
		links: CountedLinks,
		{ sockets, events, bounds }: { sockets: UnixSockets; events: EventTable; bounds: Bounds },
	) {
		this.#events = events;
		this.#processes = processes;
		this.#links = links;
		this.#sockets = sockets;
		this.#places = bounds.fair<Process, Half>("ipc-handovers", {
			userOf: (process) => process.holder,
			evict: (half) => this.#giveUp(half),
		});
		decoder.on(wire.WireType.FD_PASS, (view, at) => this.#apply(view, at));
	}

	/** Halves that will get no match: the other side's calls are not seen, or it will never come. */
	settle(nowNs: number): void {
		for (const waiting of this.#waiting.values()) {
			const { what, senders, receivers } = waiting;
			const to = this.#receiverOf(waiting);
			if (to !== undefined) {
				const from = this.#sockets.peerOf(to);
				const receiver = foreignAt(to);
				const sender = from === null ? null : foreignAt(from);
				if (receiver !== null)
					for (const { process } of this.#takeAll(senders)) this.#links.add(what, process, receiver);
				if (sender !== null) for (const { process } of this.#takeAll(receivers)) this.#links.add(what, sender, process);
			}
			if (to === undefined) this.#giveUpBefore(senders, nowNs - UNSEEN_NS);
			this.#giveUpBefore(receivers, nowNs - LATE_NS);
		}
		this.#tellOfUnjoined(nowNs);
	}

	#tellOfUnjoined(nowNs: number): void {
		const count = this.#unjoined;
		if (count === 0) return;
		this.#unjoined = 0;
		const text = `${count} descriptors were sent but not seen received, or the other way round: they are in rows to and from "other"`;
		this.#events.addLoss(nowNs, { of: "handovers", count }, text);
	}

	/** Undefined before it was seen. If another socket has its address by now, nothing waits any more. */
	#receiverOf(waiting: Waiting): KernelObject | undefined {
		const current = this.#sockets.ofSock(waiting.sockLow, waiting.sockHigh);
		if (waiting.to !== undefined && current !== waiting.to) {
			this.#giveUpBefore(waiting.senders, Number.POSITIVE_INFINITY);
			this.#giveUpBefore(waiting.receivers, Number.POSITIVE_INFINITY);
		}
		waiting.to = current;
		return current;
	}

	#apply(view: DataView, at: number): void {
		const process = this.#processes.ofRecord(view, at);
		if (process === null) return;
		const how = wire.fdPassHow(view, at);
		const what = whatAt(view, at);
		if (how === wire.WireHandover.GETFD) {
			const owner = this.#ownerAt(view, at);
			if (owner !== null) this.#links.add(what, owner, process);
			return;
		}
		const key = keyAt(view, at);
		const waiting = this.#waiting.get(key) ?? waitingAt(view, at, { key, what });
		this.#receiverOf(waiting);
		const isSent = how === wire.WireHandover.SENT;
		const [other] = isSent ? waiting.receivers : waiting.senders;
		if (other === undefined) {
			this.#wait({ process, timeNs: wire.headTime(view, at), waiting, isSent });
			return;
		}
		this.#take(other);
		this.#links.add(what, isSent ? process : other.process, isSent ? other.process : process);
	}

	#ownerAt(view: DataView, at: number): Process | null {
		const pid = wire.fdPassOtherPid(view, at);
		const startLow = wire.fdPassOtherStartLow(view, at);
		const startHigh = wire.fdPassOtherStartHigh(view, at);
		return this.#processes.obtain(pid, startLow, startHigh);
	}

	#wait(half: Half): void {
		// A process's own halves make room for its new one.
		if (!this.#places.admit(half.process, false)) {
			this.#countForOther(half);
			return;
		}
		const { waiting, isSent } = half;
		this.#places.add(half.process, half, true);
		(isSent ? waiting.senders : waiting.receivers).add(half);
		this.#waiting.set(waiting.key, waiting);
	}

	#take(half: Half): void {
		const { waiting } = half;
		this.#places.remove(half.process, half);
		(half.isSent ? waiting.senders : waiting.receivers).delete(half);
		if (waiting.senders.size + waiting.receivers.size === 0) this.#waiting.delete(waiting.key);
	}

	#takeAll(halves: Set<Half>): Half[] {
		const all = [...halves];
		for (const half of all) this.#take(half);
		return all;
	}

	#giveUpBefore(halves: Set<Half>, timeNs: number): void {
		for (const half of halves) {
			if (half.timeNs >= timeNs) return;
			this.#giveUp(half);
			this.#unjoined++;
		}
	}

	/** The process with the other half stays unknown. */
	#giveUp(half: Half): void {
		this.#take(half);
		this.#countForOther(half);
	}

	#countForOther({ process, isSent }: Half): void {
		if (isSent) this.#links.addToOther("fd-pass", process, 1);
		else this.#links.addFromOther("fd-pass", process, 1);
	}
}

function waitingAt(view: DataView, at: number, { key, what }: Pick<Waiting, "key" | "what">): Waiting {
	const sockLow = wire.fdPassSockLow(view, at);
	const sockHigh = wire.fdPassSockHigh(view, at);
	return { key, what, sockLow, sockHigh, to: undefined, senders: new Set(), receivers: new Set() };
}

/** A process with the socket, if calls of none of these processes are seen. */
function foreignAt(socket: KernelObject): Process | null {
	const holders = socket.uses.filter((use) => !use.presence.isGone).map((use) => use.process);
	return holders.every((process) => process.isForeign) ? (holders[0] ?? null) : null;
}

/** What both halves contain: the open file, its object, and the receiving socket. */
function keyAt(view: DataView, at: number): string {
	const file = `${wire.fdPassFileHigh(view, at)}:${wire.fdPassFileLow(view, at)}`;
	const inode = `${wire.fdPassDev(view, at)}:${wire.fdPassInoHigh(view, at)}:${wire.fdPassInoLow(view, at)}`;
	return `${file} ${inode} ${wire.fdPassSockHigh(view, at)}:${wire.fdPassSockLow(view, at)}`;
}

/** The channel of the row is the open file; its name the path, or the kind and inode of a file without one. */
function whatAt(view: DataView, at: number): CountedKind {
	const inode = decimalOf(wire.fdPassInoLow(view, at), wire.fdPassInoHigh(view, at));
	return { kind: "fd-pass", label: `file:[${fileLabel(view, at)}]`, name: nameAt(view, at, inode) };
}

function fileLabel(view: DataView, at: number): string {
	return pointerLabel(wire.fdPassFileLow(view, at), wire.fdPassFileHigh(view, at));
}

function nameAt(view: DataView, at: number, inode: string): string {
	const kind = wire.fdPassKind(view, at);
	const length = wire.fdPassNameLen(view, at);
	if (isSocket(kind)) return `socket:[${inode}]`;
	if (kind === wire.WireKind.PIPE) return `pipe:[${inode}]`;
	const text = safeTextFromBytes(bytesAt(view, wire.fdPassTextAt(at), length));
	return markedPath(text, wire.fdPassNameFlags(view, at));
}
