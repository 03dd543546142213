/**
 * Unix sockets. Pairs are matched by the kernel's socket pointers, which are the same before and after accept(); by
 * inodes for sources without pointers.
 */

import type { IpcKind } from "../../snapshot.ts";
import { IdMap } from "../../stats/id-map.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Channels } from "./channels.ts";
import { DatagramChannel } from "./datagram.ts";
import type { LinkFinder } from "./finder.ts";
import { NamedSockets } from "./named-sockets.ts";
import { PairChannel } from "./pair.ts";

const KINDS: Partial<Record<number, IpcKind>> = {
	[WireKind.UNIX_STREAM]: "unix-stream",
	[WireKind.UNIX_DGRAM]: "unix-dgram",
	[WireKind.UNIX_SEQPACKET]: "unix-seqpacket",
};

export class UnixSockets implements LinkFinder {
	readonly #channels: Channels;
	readonly #bySock = new IdMap<KernelObject>();
	readonly #byInode = new IdMap<KernelObject>();
	/** Named datagram sockets, to which others send without being connected. */
	readonly #named = new NamedSockets();
	/** Sockets whose peer was not seen yet, by the peer's pointer. */
	readonly #waiting = new IdMap<Set<KernelObject>>();

	constructor(channels: Channels) {
		this.#channels = channels;
	}

	handles(object: KernelObject): boolean {
		return KINDS[object.kind] !== undefined;
	}

	/** The socket with this kernel pointer. */
	ofSock(low: number, high: number): KernelObject | undefined {
		return this.#bySock.get(low, high);
	}

	announce(object: KernelObject): void {
		this.#remember(object);
		const peer = this.peerOf(object);
		if (peer !== null) this.#join(object, peer);
		else if (object.hasPeer) this.#await(object);
		const waiting = object.hasSock ? this.#waiting.get(object.sockLow, object.sockHigh) : undefined;
		for (const other of waiting ?? []) {
			if (this.peerOf(other) === object) this.#join(other, object);
		}
		for (const sender of this.#named.sendersTo(object)) this.#join(sender, object);
	}

	forget(object: KernelObject): void {
		if (this.#bySock.get(object.sockLow, object.sockHigh) === object) {
			this.#bySock.delete(object.sockLow, object.sockHigh);
		}
		if (this.#byInode.get(object.inoLow, object.inoHigh) === object) {
			this.#byInode.delete(object.inoLow, object.inoHigh);
		}
		this.#named.remove(object);
		const waiting = this.#waiting.get(object.peerLow, object.peerHigh);
		waiting?.delete(object);
		if (waiting?.size === 0) this.#waiting.delete(object.peerLow, object.peerHigh);
	}

	#remember(object: KernelObject): void {
		if (object.kind === WireKind.UNIX_DGRAM) this.#named.add(object);
		// One destination of an unconnected socket: the socket itself has generation 0.
		if (object.isDestination) return;
		// A pointer is reused after its socket is gone: the youngest has it.
		if (object.hasSock) this.#bySock.set(object.sockLow, object.sockHigh, object);
		this.#byInode.set(object.inoLow, object.inoHigh, object);
	}

	#await(object: KernelObject): void {
		const waiting = this.#waiting.get(object.peerLow, object.peerHigh) ?? new Set();
		waiting.add(object);
		this.#waiting.set(object.peerLow, object.peerHigh, waiting);
	}

	/** The socket at the other end, if known. */
	peerOf(object: KernelObject): KernelObject | null {
		if (object.hasPeer) {
			const peer = this.#bySock.get(object.peerLow, object.peerHigh);
			if (peer !== undefined && peer !== object && this.#isEnd(object, peer)) return peer;
		}
		if (object.hasPeerInode) {
			const peer = this.#byInode.get(object.peerInoLow, object.peerInoHigh);
			if (peer !== undefined && peer !== object) return peer;
		}
		return object.kind === WireKind.UNIX_DGRAM ? this.#named.receiverOf(object) : null;
	}

	/**
	 * Whether `peer`, which has the pointer of the other end, is that end. Pointers are reused, so one of the two must
	 * know the other's inode. Neither does if the client was gone before accept(): then one was accepted and the other
	 * was not.
	 */
	#isEnd(object: KernelObject, peer: KernelObject): boolean {
		if (object.hasPeerInode && !object.isPeerInodeOf(peer)) return false;
		if (object.kind === WireKind.UNIX_DGRAM) return object.hasPeerInode; // its receiver may have another peer
		if (peer.hasPeerInode && !peer.isPeerInodeOf(object)) return false;
		if (this.#isPaired(peer) && !this.#isPaired(object)) return false;
		const isMutual = peer.peerLow === object.sockLow && peer.peerHigh === object.sockHigh;
		return isMutual && (object.hasPeerInode || peer.hasPeerInode || !(object.isPeerName && peer.isPeerName));
	}

	/**
	 * A connected socket has the same peer all its life. Pointers do not prove it: a later pair may have the same two,
	 * swapped.
	 */
	#isPaired(object: KernelObject): boolean {
		return object.kind !== WireKind.UNIX_DGRAM && this.#channels.of(object).size > 0;
	}

	/** Opens the channel between two sockets that do not have one yet. */
	#join(object: KernelObject, peer: KernelObject): void {
		if (this.#isPaired(object) || this.#channels.areJoined(object, peer)) return;
		const kind = KINDS[object.kind];
		if (kind === undefined || object.kind !== peer.kind) return;
		const [first, second] = [object, peer].sort((a, b) => Number(a.inode) - Number(b.inode)) as [
			KernelObject,
			KernelObject,
		];
		const label = () => `unix:[${first.inode},${second.inode}]`;
		const name = () => (first.isPeerName ? null : first.name) ?? second.name ?? first.name;
		const isConnected = peer.peerLow === object.sockLow && peer.peerHigh === object.sockHigh;
		const isOneWay = object.kind === WireKind.UNIX_DGRAM && !isConnected;
		const channel = isOneWay
			? new DatagramChannel(kind, object, peer, label, name)
			: new PairChannel(kind, first, second, label, name);
		this.#channels.open(channel, object, peer);
	}
}
