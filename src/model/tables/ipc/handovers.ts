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
		decoder.on(wire.WireType.FD_PASS, wire.FD_PASS_BYTES, (view, at) => this.#apply(view, at), {
			lengthAt: wire.FD_PASS_NAME_LEN,
			lengthBytes: 2,
		});
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
		const how = view.getUint8(at + wire.FD_PASS_HOW);
		const what = whatAt(view, at);
		if (how === wire.WireHandover.GETFD) {
			const owner = this.#ownerAt(view, at);
			if (owner !== null) this.#links.add(what, owner, process);
			return;
		}
		const key = `${hexAt(view, at + wire.FD_PASS_FILE)} ${hexAt(view, at + wire.FD_PASS_SOCK)}`;
		const waiting = this.#waiting.get(key) ?? waitingAt(view, at, what);
		const isSent = how === wire.WireHandover.SENT;
		const other = (isSent ? waiting.receivers : waiting.senders).shift();
		if (other === undefined) (isSent ? waiting.senders : waiting.receivers).push(process);
		else this.#links.add(what, isSent ? process : other, isSent ? other : process);
		this.#keep(key, waiting);
	}

	#ownerAt(view: DataView, at: number): Process | null {
		const pid = view.getUint32(at + wire.FD_PASS_OTHER_PID, true);
		const startLow = view.getUint32(at + wire.FD_PASS_OTHER_START, true);
		const startHigh = view.getUint32(at + wire.FD_PASS_OTHER_START + 4, true);
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
	const sockLow = view.getUint32(at + wire.FD_PASS_SOCK, true);
	const sockHigh = view.getUint32(at + wire.FD_PASS_SOCK + 4, true);
	return { what, sockLow, sockHigh, senders: [], receivers: [] };
}

/** Who holds the socket, if nobody does whose calls are seen. */
function foreignAt(socket: KernelObject): Process | null {
	const holders = socket.uses.filter((use) => !use.isGone).map((use) => use.process);
	return holders.every((process) => process.isForeign) ? (holders[0] ?? null) : null;
}

function hexAt(view: DataView, at: number): string {
	return view.getBigUint64(at, true).toString(16);
}

/** The row's channel is the open file; its name the path, or the kind and inode of what has none. */
function whatAt(view: DataView, at: number): CountedKind {
	const inode = decimalOf(view.getUint32(at + wire.FD_PASS_INO, true), view.getUint32(at + wire.FD_PASS_INO + 4, true));
	return { kind: "fd-pass", label: `file:[${fileLabel(view, at)}]`, name: nameAt(view, at, inode) };
}

function fileLabel(view: DataView, at: number): string {
	const file = at + wire.FD_PASS_FILE;
	return pointerLabel(view.getUint32(file, true), view.getUint32(file + 4, true));
}

function nameAt(view: DataView, at: number, inode: string): string {
	const kind = view.getUint8(at + wire.FD_PASS_KIND);
	const length = view.getUint16(at + wire.FD_PASS_NAME_LEN, true);
	if (isSocket(kind)) return `socket:[${inode}]`;
	if (kind === wire.WireKind.PIPE) return `pipe:[${inode}]`;
	const text = safeTextFromBytes(bytesAt(view, at + wire.FD_PASS_BYTES, length));
	return markedPath(text, view.getUint16(at + wire.FD_PASS_NAME_FLAGS, true));
}
