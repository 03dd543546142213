/** Finds objects by identity. Memory: one entry for each object that a process of the registry has or had open. */

import { IdMap } from "../../stats/id-map.ts";
import { WireKind } from "../../wire/layout.gen.ts";
import { KernelObject } from "./kernel-object.ts";

/** All anonymous inodes share one number; only the kernel's pointer tells two of these apart. */
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

function isSameSock(object: KernelObject, dev: number, gen: number, sock: Words): boolean {
	const isNew = !object.hasSock;
	return object.is(dev, gen) && (isNew || (object.sockLow === sock.low && object.sockHigh === sock.high));
}
