/** Finds objects by identity. Memory: one entry for each object that a process of the registry has or had open. */

import { IdMap } from "../../stats/id-map.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import { KernelObject } from "./kernel-object.ts";

/** From /proc all masters of terminals are one inode: the key that a terminal's ends share tells them apart. */
function isKnownByPointer(kind: number): boolean {
	return kind === WireKind.EVENTFD || kind === WireKind.PTY;
}

export class ObjectIndex {
	readonly #byInode = new IdMap<KernelObject>();

	find(dev: number, inoLow: number, inoHigh: number, gen: number): KernelObject | null {
		let object = this.#byInode.get(inoLow, inoHigh) ?? null;
		while (object !== null && !object.is(dev, gen)) object = object.sibling;
		return object;
	}

	/** The socket that sends to this destination. */
	socketOf(destination: KernelObject): KernelObject | null {
		let object = this.#byInode.get(destination.inoLow, destination.inoHigh) ?? null;
		while (object !== null && (object.isDestination || !isSameSocket(object, destination))) object = object.sibling;
		return object;
	}

	/** `sock` decides where the inode does not. */
	obtain(dev: number, ino: Words, gen: number, kind: number, sock: Words): KernelObject {
		let object = this.find(dev, ino.low, ino.high, gen);
		if (isKnownByPointer(kind) && (sock.low !== 0 || sock.high !== 0)) {
			while (object !== null && !isSameSock(object, dev, gen, sock)) object = object.sibling;
		}
		return object ?? this.add(new KernelObject(dev, ino.low, ino.high, gen));
	}

	add(object: KernelObject): KernelObject {
		object.sibling = this.#byInode.get(object.inoLow, object.inoHigh) ?? null;
		this.#byInode.set(object.inoLow, object.inoHigh, object);
		return object;
	}

	remove(object: KernelObject): void {
		let current = this.#byInode.get(object.inoLow, object.inoHigh) ?? null;
		if (current === object) {
			if (object.sibling === null) this.#byInode.delete(object.inoLow, object.inoHigh);
			else this.#byInode.set(object.inoLow, object.inoHigh, object.sibling);
			return;
		}
		while (current !== null && current.sibling !== object) current = current.sibling;
		if (current !== null) current.sibling = object.sibling;
	}
}

export interface Words {
	readonly low: number;
	readonly high: number;
}

function isSameSocket(a: KernelObject, b: KernelObject): boolean {
	return a.dev === b.dev && a.sockLow === b.sockLow && a.sockHigh === b.sockHigh;
}

function isSameSock(object: KernelObject, dev: number, gen: number, sock: Words): boolean {
	const isNew = !object.hasSock;
	return object.is(dev, gen) && (isNew || (object.sockLow === sock.low && object.sockHigh === sock.high));
}
