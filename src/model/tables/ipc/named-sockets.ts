/**
 * Datagram sockets by the names that they are bound to, and senders to a name without a known receiver. A path may be
 * relative on only one side: then the shorter one is a suffix of the longer one.
 */

import type { KernelObject } from "../object/kernel-object.ts";

export class NamedSockets {
	readonly #bound = new Map<string, Set<KernelObject>>();
	readonly #senders = new Map<string, Set<KernelObject>>();

	/** `object` is bound to its name, or sends to the name of its peer. */
	add(object: KernelObject): void {
		if (object.name !== null) put(this.#mapOf(object), baseOf(object.name), object);
	}

	remove(object: KernelObject): void {
		if (object.name === null) return;
		for (const map of [this.#bound, this.#senders]) {
			const objects = map.get(baseOf(object.name));
			objects?.delete(object);
			if (objects?.size === 0) map.delete(baseOf(object.name));
		}
	}

	/** The socket that `sender` sends to: the youngest with that name, since the others are closed. */
	receiverOf(sender: KernelObject): KernelObject | null {
		if (sender.name === null || !sender.isPeerName) return null;
		const bound = [...(this.#bound.get(baseOf(sender.name)) ?? [])].filter((object) => object !== sender).reverse();
		const exact = bound.find((object) => object.name === sender.name);
		return exact ?? bound.find((object) => isSamePath(object.name ?? "", sender.name ?? "")) ?? null;
	}

	sendersTo(bound: KernelObject): KernelObject[] {
		if (bound.name === null || bound.isPeerName) return [];
		const senders = [...(this.#senders.get(baseOf(bound.name)) ?? [])];
		return senders.filter((sender) => this.receiverOf(sender) === bound);
	}

	#mapOf(object: KernelObject): Map<string, Set<KernelObject>> {
		return object.isPeerName ? this.#senders : this.#bound;
	}
}

function put(map: Map<string, Set<KernelObject>>, base: string, object: KernelObject): void {
	const objects = map.get(base) ?? new Set();
	map.set(base, objects);
	objects.add(object);
}

/** Abstract names ("@…") are compared whole. */
function baseOf(name: string): string {
	return name.startsWith("@") ? name : name.slice(name.lastIndexOf("/") + 1);
}

function isSamePath(a: string, b: string): boolean {
	if (a.startsWith("@") || b.startsWith("@")) return false;
	return a.endsWith(`/${withoutDot(b)}`) || b.endsWith(`/${withoutDot(a)}`);
}

function withoutDot(path: string): string {
	return path.startsWith("./") ? path.slice(2) : path;
}
