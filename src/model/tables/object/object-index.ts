/** Finds objects by identity. Memory: one entry for each object that a process in the registry has or had open. */

import { IdMap } from "../../stats/id-map.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import { isOfDestination, isSocket, KernelObject } from "./kernel-object.ts";

/** In /proc all terminal masters share one inode: the key that both ends of a terminal share distinguishes them. */
function isKnownByPointer(kind: number): boolean {
	return kind === WireKind.EVENTFD || kind === WireKind.PTY;
}

/**
 * A new file may get the inode number of a deleted one, with another generation. So a process that creates and deletes
 * files has very many with one number: device and generation are part of the key. The hash has a secret, since a FUSE
 * file system chooses all of these numbers. Generations of one device never collide.
 */
const [SECRET = 0] = crypto.getRandomValues(new Uint32Array(1));

function hashOfIdentity(dev: number, inoHigh: number, gen: number): number {
	const ofDevice = Math.imul(dev ^ SECRET, 0x9e3779b1);
	const ofFile = Math.imul(ofDevice ^ (ofDevice >>> 15) ^ gen, 0x85ebca6b);
	return Math.imul(ofFile ^ (ofFile >>> 13) ^ inoHigh, 0xc2b2ae35);
}

export class ObjectIndex {
	readonly #byIdentity = new IdMap<KernelObject>();
	/** Sockets themselves, without their destinations. */
	readonly #sockets = new IdMap<Set<KernelObject>>();

	/** The socket that sends to this destination. */
	socketOf(destination: KernelObject): KernelObject | null {
		for (const socket of this.#sockets.get(destination.inoLow, destination.inoHigh) ?? []) {
			if (isSameSocket(socket, destination)) return socket;
		}
		return null;
	}

	/** A known object; null for others. */
	find(dev: number, ino: Words, gen: number): KernelObject | null {
		return this.#find(dev, ino, gen, WireKind.OTHER, NO_SOCK);
	}

	/** `sock` decides if the inode does not. */
	obtain(dev: number, ino: Words, gen: number, kind: number, sock: Words): KernelObject {
		const object = this.#find(dev, ino, gen, kind, sock) ?? this.#add(new KernelObject(dev, ino.low, ino.high, gen));
		if (isSocket(kind) && !isOfDestination(gen)) this.#noteSocket(object);
		return object;
	}

	remove(object: KernelObject): void {
		this.#forgetSocket(object);
		const key = hashOfIdentity(object.dev, object.inoHigh, object.gen);
		let current = this.#byIdentity.get(object.inoLow, key) ?? null;
		if (current === object) {
			if (object.sibling === null) this.#byIdentity.delete(object.inoLow, key);
			else this.#byIdentity.set(object.inoLow, key, object.sibling);
			return;
		}
		while (current !== null && current.sibling !== object) current = current.sibling;
		if (current !== null) current.sibling = object.sibling;
	}

	#find(dev: number, ino: Words, gen: number, kind: number, sock: Words): KernelObject | null {
		const isByPointer = isKnownByPointer(kind) && (sock.low !== 0 || sock.high !== 0);
		let object = this.#byIdentity.get(ino.low, hashOfIdentity(dev, ino.high, gen)) ?? null;
		for (; object !== null; object = object.sibling) {
			const isSame = object.inoHigh === ino.high && object.is(dev, gen);
			if (isSame && (!isByPointer || isSameSock(object, sock))) return object;
		}
		return null;
	}

	#add(object: KernelObject): KernelObject {
		const key = hashOfIdentity(object.dev, object.inoHigh, object.gen);
		object.sibling = this.#byIdentity.get(object.inoLow, key) ?? null;
		this.#byIdentity.set(object.inoLow, key, object);
		return object;
	}

	#noteSocket(object: KernelObject): void {
		const sockets = this.#sockets.get(object.inoLow, object.inoHigh);
		if (sockets === undefined) this.#sockets.set(object.inoLow, object.inoHigh, new Set([object]));
		else sockets.add(object);
	}

	#forgetSocket(object: KernelObject): void {
		const sockets = this.#sockets.get(object.inoLow, object.inoHigh);
		if (sockets?.delete(object) && sockets.size === 0) this.#sockets.delete(object.inoLow, object.inoHigh);
	}
}

const NO_SOCK: Words = { low: 0, high: 0 };

export interface Words {
	readonly low: number;
	readonly high: number;
}

function isSameSocket(a: KernelObject, b: KernelObject): boolean {
	return a.dev === b.dev && a.sockLow === b.sockLow && a.sockHigh === b.sockHigh;
}

function isSameSock(object: KernelObject, sock: Words): boolean {
	return !object.hasSock || (object.sockLow === sock.low && object.sockHigh === sock.high);
}
