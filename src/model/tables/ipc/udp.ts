/**
 * UDP between processes of this machine: the receiver is the socket bound to a datagram's destination. A connected
 * socket has one destination; an unconnected one is an object for each destination (see wire.h).
 */

import { addressAt, endpoint, isLoopback } from "../../wire/address.ts";
import * as wire from "../../wire/layout.gen.ts";
import type { KernelObject } from "../object/kernel-object.ts";
import type { Channels } from "./channels.ts";
import { DatagramChannel } from "./datagram.ts";
import type { LinkFinder } from "./finder.ts";
import { PairChannel } from "./pair.ts";

interface Socket {
	readonly object: KernelObject;
	netns: number;
	localAddress: string;
	localPort: number;
	remoteAddress: string;
	remotePort: number;
	channel: DatagramChannel | PairChannel | null;
	receiver: Socket | null;
}

export class UdpSockets implements LinkFinder {
	readonly #channels: Channels;
	readonly #sockets = new Map<KernelObject, Socket>();
	readonly #byLocalPort = new Map<number, Set<Socket>>();
	readonly #byRemotePort = new Map<number, Set<Socket>>();

	constructor(channels: Channels) {
		this.#channels = channels;
	}

	handles(object: KernelObject): boolean {
		return object.kind === wire.WireKind.UDP;
	}

	announce(object: KernelObject, view: DataView, at: number): void {
		const fresh = socketAt(object, view, at);
		const known = this.#sockets.get(object);
		if (known !== undefined && isSame(known, fresh)) return;
		if (known !== undefined) this.#remove(known);
		this.#sockets.set(object, fresh);
		if (!object.isDestination) addTo(this.#byLocalPort, fresh.localPort, fresh);
		addTo(this.#byRemotePort, fresh.remotePort, fresh);
		this.#link(fresh);
		for (const sender of this.#byRemotePort.get(fresh.localPort) ?? []) this.#link(sender);
	}

	forget(object: KernelObject): void {
		const socket = this.#sockets.get(object);
		if (socket !== undefined) this.#remove(socket);
	}

	#remove(socket: Socket): void {
		this.#sockets.delete(socket.object);
		removeFrom(this.#byLocalPort, socket.localPort, socket);
		removeFrom(this.#byRemotePort, socket.remotePort, socket);
		this.#close(socket);
		for (const sender of this.#byRemotePort.get(socket.localPort) ?? []) {
			if (sender.receiver === socket) this.#close(sender);
		}
	}

	#close(socket: Socket): void {
		const { channel, receiver } = socket;
		socket.channel = null;
		socket.receiver = null;
		if (channel === null || receiver === null) return;
		if (receiver.channel === channel) {
			receiver.channel = null;
			receiver.receiver = null;
		}
		this.#channels.close(channel, socket.object, receiver.object);
	}

	#link(sender: Socket): void {
		if (sender.remotePort === 0) return;
		const receiver = this.#receiverOf(sender);
		if (receiver === null || receiver === sender.receiver) return;
		this.#close(sender);
		const isMutual = !sender.object.isDestination && this.#receiverOf(receiver) === sender;
		if (isMutual) this.#close(receiver);
		const label = () => labelOf(sender, receiver);
		const ends = [sender.object, receiver.object] as const;
		const channel = isMutual
			? new PairChannel("udp", ...ends, label, () => null)
			: new DatagramChannel("udp", ...ends, label, () => null);
		sender.channel = channel;
		sender.receiver = receiver;
		if (isMutual) {
			receiver.channel = channel;
			receiver.receiver = sender;
		}
		this.#channels.open(channel, ...ends);
	}

	#hasSentTo(socket: Socket, other: Socket): boolean {
		for (const { object, remoteAddress } of this.#byRemotePort.get(other.localPort) ?? []) {
			if (!isSameSocket(object, socket.object)) continue;
			if (remoteAddress === other.localAddress || isAny(other.localAddress)) return true;
		}
		return false;
	}

	#receiverOf(sender: Socket): Socket | null {
		let best: Socket | null = null;
		let bestFit = 0;
		if (sender.remotePort === 0) return null;
		for (const socket of this.#byLocalPort.get(sender.remotePort) ?? []) {
			const fit = fitOf(sender, socket, this.#hasSentTo(socket, sender));
			if (fit <= bestFit || isSameSocket(socket.object, sender.object)) continue;
			best = socket;
			bestFit = fit;
		}
		return best;
	}
}

/**
 * How well `socket` fits as the receiver of `sender`, by the kernel's rules; 0: not at all. In another namespace, a
 * socket without a bound address is recognised by what it sent in the other direction.
 */
function fitOf(sender: Socket, socket: Socket, isAnswer: boolean): number {
	const isConnected = socket.remotePort !== 0;
	if (isConnected && socket.remotePort !== sender.localPort) return 0;
	const isExact = socket.localAddress === sender.remoteAddress;
	const isNear = socket.netns === sender.netns;
	if (!isNear && ((!isExact && !isAnswer) || isLoopback(sender.remoteAddress))) return 0;
	if (!isExact && !isAny(socket.localAddress)) return 0;
	return 1 + (isConnected ? 4 : 0) + (isExact ? 2 : 0) + (isNear ? 1 : 0);
}

/** Each destination of a socket is an object of its own. */
function isSameSocket(a: KernelObject, b: KernelObject): boolean {
	return a === b || (a.hasSock && a.sockLow === b.sockLow && a.sockHigh === b.sockHigh);
}

function isAny(address: string): boolean {
	return address === "0.0.0.0" || address === "::";
}

function socketAt(object: KernelObject, view: DataView, at: number): Socket {
	const family = wire.objectFamily(view, at);
	return {
		object,
		netns: wire.objectNetns(view, at),
		localAddress: addressAt(view, wire.objectLocalAt(at), family),
		localPort: wire.objectLocalPort(view, at),
		remoteAddress: addressAt(view, wire.objectRemoteAt(at), family),
		remotePort: wire.objectRemotePort(view, at),
		channel: null,
		receiver: null,
	};
}

function isSame(a: Socket, b: Socket): boolean {
	const isSameLocal = a.localPort === b.localPort && a.localAddress === b.localAddress && a.netns === b.netns;
	return isSameLocal && a.remotePort === b.remotePort && a.remoteAddress === b.remoteAddress;
}

/** The same label for both directions: the lower port is most likely the server's, and comes last. */
function labelOf(sender: Socket, receiver: Socket): string {
	const local = isAny(sender.localAddress) ? receiver.remoteAddress : sender.localAddress;
	const isUnknown = isAny(local) || local === "";
	const isHere = isLoopback(sender.remoteAddress) || sender.netns === receiver.netns;
	const from = endpoint(isUnknown && isHere ? sender.remoteAddress : local, sender.localPort);
	const to = endpoint(sender.remoteAddress, sender.remotePort);
	return sender.localPort >= sender.remotePort ? `udp:${from}-${to}` : `udp:${to}-${from}`;
}

function addTo(map: Map<number, Set<Socket>>, port: number, socket: Socket): void {
	if (port === 0) return;
	const sockets = map.get(port) ?? new Set();
	map.set(port, sockets);
	sockets.add(socket);
}

function removeFrom(map: Map<number, Set<Socket>>, port: number, socket: Socket): void {
	const sockets = map.get(port);
	sockets?.delete(socket);
	if (sockets?.size === 0) map.delete(port);
}
