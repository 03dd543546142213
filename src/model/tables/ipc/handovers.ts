/**
 * Descriptors handed from one process to another. SCM_RIGHTS comes as two halves, sent and received, in any order;
 * the open file and the receiving socket join them. Where the other side is nobody whose calls are seen, who holds its
 * socket is taken for it. Memory: unjoined halves are bounded, oldest first out.
 *
 * Both are known by addresses, which are used again. While the message waits to be received neither can be; one that never
 * is received (its socket was closed) must not be joined with what comes later.
 */

import { safeTextFromBytes } from "../../safe-text.ts";
import type { Decoder } from "../../wire/decode.ts";
import { bytesAt, decimalOf } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { isSocket, type KernelObject } from "../object/kernel-object.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { markedPath } from "../process/text.ts";
import { NS_PER_SECOND } from "../tick.ts";
import type { CountedKind, CountedLinks } from "./counted.ts";
import { pointerLabel } from "./object-name.ts";
import type { UnixSockets } from "./unix.ts";

const WAITING_LIMIT = 4096;
/** Who sent a message returns from that within this time after it was received, and a pass has found who holds the socket. */
const LATE_NS = 10 * NS_PER_SECOND;
/** So long a message may wait in a socket that nobody was seen to have: before accept(). */
const UNSEEN_NS = 60 * NS_PER_SECOND;

interface Half {
	readonly process: Process;
	readonly timeNs: number;
}

/** Halves of one file and socket that wait for the other half. */
interface Waiting {
	readonly what: CountedKind;
	readonly sockLow: number;
	readonly sockHigh: number;
	/** The socket that receives, once it was seen. */
	to: KernelObject | undefined;
	readonly senders: Half[];
	readonly receivers: Half[];
}

export class Handovers {
	readonly #processes: ProcessRegistry;
	readonly #links: CountedLinks;
	readonly #sockets: UnixSockets;
	readonly #waiting = new Map<string, Waiting>();

	constructor(decoder: Decoder, processes: ProcessRegistry, links: CountedLinks, sockets: UnixSockets) {
		this.#processes = processes;
		this.#links = links;
		this.#sockets = sockets;
		decoder.on(wire.WireType.FD_PASS, (view, at) => this.#apply(view, at));
	}

	/** Halves whose other half nobody sends: the calls of those at that end are not seen, or it will never come. */
	settle(nowNs: number): void {
		for (const [key, waiting] of this.#waiting) {
			const { what, senders, receivers } = waiting;
			const to = this.#receiverOf(waiting);
			if (to !== undefined) {
				const from = this.#sockets.peerOf(to);
				const receiver = foreignAt(to);
				const sender = from === null ? null : foreignAt(from);
				if (receiver !== null) for (const { process } of senders.splice(0)) this.#links.add(what, process, receiver);
				if (sender !== null) for (const { process } of receivers.splice(0)) this.#links.add(what, sender, process);
			}
			if (to === undefined) dropBefore(senders, nowNs - UNSEEN_NS);
			dropBefore(receivers, nowNs - LATE_NS);
			if (senders.length + receivers.length === 0) this.#waiting.delete(key);
		}
	}

	/** Undefined before it was seen. Where another one has its address by now, nothing waits any more. */
	#receiverOf(waiting: Waiting): KernelObject | undefined {
		const current = this.#sockets.ofSock(waiting.sockLow, waiting.sockHigh);
		if (waiting.to !== undefined && current !== waiting.to) {
			waiting.senders.length = 0;
			waiting.receivers.length = 0;
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
		const waiting = this.#waiting.get(key) ?? waitingAt(view, at, what);
		this.#receiverOf(waiting);
		const isSent = how === wire.WireHandover.SENT;
		const half = { process, timeNs: wire.headTime(view, at) };
		const other = (isSent ? waiting.receivers : waiting.senders).shift()?.process;
		if (other === undefined) (isSent ? waiting.senders : waiting.receivers).push(half);
		else this.#links.add(what, isSent ? process : other, isSent ? other : process);
		this.#keep(key, waiting);
	}

	#ownerAt(view: DataView, at: number): Process | null {
		const pid = wire.fdPassOtherPid(view, at);
		const startLow = wire.fdPassOtherStartLow(view, at);
		const startHigh = wire.fdPassOtherStartHigh(view, at);
		return this.#processes.obtain(pid, startLow, startHigh);
	}

	#keep(key: string, waiting: Waiting): void {
		this.#waiting.delete(key);
		if (waiting.senders.length + waiting.receivers.length === 0) return;
		this.#waiting.set(key, waiting);
		if (this.#waiting.size <= WAITING_LIMIT) return;
		for (const oldest of this.#waiting.keys()) {
			this.#waiting.delete(oldest);
			return;
		}
	}
}

function waitingAt(view: DataView, at: number, what: CountedKind): Waiting {
	const sockLow = wire.fdPassSockLow(view, at);
	const sockHigh = wire.fdPassSockHigh(view, at);
	return { what, sockLow, sockHigh, to: undefined, senders: [], receivers: [] };
}

/** Of halves, oldest first. */
function dropBefore(halves: Half[], timeNs: number): void {
	while (halves[0] !== undefined && halves[0].timeNs < timeNs) halves.shift();
}

/** Who holds the socket, if nobody does whose calls are seen. */
function foreignAt(socket: KernelObject): Process | null {
	const holders = socket.uses.filter((use) => !use.isGone).map((use) => use.process);
	return holders.every((process) => process.isForeign) ? (holders[0] ?? null) : null;
}

/** What both halves say: the open file, what it is of, and the socket that receives it. */
function keyAt(view: DataView, at: number): string {
	const file = `${wire.fdPassFileHigh(view, at)}:${wire.fdPassFileLow(view, at)}`;
	const inode = `${wire.fdPassDev(view, at)}:${wire.fdPassInoHigh(view, at)}:${wire.fdPassInoLow(view, at)}`;
	return `${file} ${inode} ${wire.fdPassSockHigh(view, at)}:${wire.fdPassSockLow(view, at)}`;
}

/** The row's channel is the open file; its name the path, or the kind and inode of what has none. */
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
