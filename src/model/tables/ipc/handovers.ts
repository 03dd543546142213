/**
 * Descriptors handed from one process to another. SCM_RIGHTS comes as two halves, sent and received, in any order;
 * the open file and the receiving socket join them. Where the other side is nobody whose calls are seen, who holds its
 * socket is taken for it. Memory: unjoined halves are bounded, oldest first out.
 */

import { safeTextFromBytes } from "../../safe-text.ts";
import type { Decoder } from "../../wire/decode.ts";
import { bytesAt, decimalOf } from "../../wire/fields.ts";
import * as wire from "../../wire/layout.gen.ts";
import { isSocket, type KernelObject } from "../object/kernel-object.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import { markedPath } from "../process/text.ts";
import type { CountedKind, CountedLinks } from "./counted.ts";
import { pointerLabel } from "./object-name.ts";
import type { UnixSockets } from "./unix.ts";

const WAITING_LIMIT = 4096;

/** Halves of one file and socket that wait for the other half. */
interface Waiting {
	readonly what: CountedKind;
	readonly sockLow: number;
	readonly sockHigh: number;
	readonly senders: Process[];
	readonly receivers: Process[];
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

	/** Halves whose other half nobody sends: the calls of those at that end are not seen. */
	settle(): void {
		for (const [key, { what, sockLow, sockHigh, senders, receivers }] of this.#waiting) {
			const to = this.#sockets.ofSock(sockLow, sockHigh);
			if (to === undefined) continue;
			const from = this.#sockets.peerOf(to);
			const receiver = foreignAt(to);
			const sender = from === null ? null : foreignAt(from);
			if (receiver !== null) for (const one of senders.splice(0)) this.#links.add(what, one, receiver);
			if (sender !== null) for (const one of receivers.splice(0)) this.#links.add(what, sender, one);
			if (senders.length + receivers.length === 0) this.#waiting.delete(key);
		}
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
		const isSent = how === wire.WireHandover.SENT;
		const other = (isSent ? waiting.receivers : waiting.senders).shift();
		if (other === undefined) (isSent ? waiting.senders : waiting.receivers).push(process);
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
	return { what, sockLow, sockHigh, senders: [], receivers: [] };
}

/** Who holds the socket, if nobody does whose calls are seen. */
function foreignAt(socket: KernelObject): Process | null {
	const holders = socket.uses.filter((use) => !use.isGone).map((use) => use.process);
	return holders.every((process) => process.isForeign) ? (holders[0] ?? null) : null;
}

/** What both halves say: the open file and the socket that receives it. */
function keyAt(view: DataView, at: number): string {
	const file = `${wire.fdPassFileHigh(view, at)}:${wire.fdPassFileLow(view, at)}`;
	return `${file} ${wire.fdPassSockHigh(view, at)}:${wire.fdPassSockLow(view, at)}`;
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
