/**
 * Finds old uses of long-lived processes: pipes and connections that no other process has any more and, if the kernel's
 * table is short of room, files that were closed long ago. No event reports the closing of a descriptor, so a shell or
 * a server would collect one use for each of its children or clients.
 */

import { WireKind } from "../../wire/layout.gen.ts";
import { NS_PER_SECOND, type Tick } from "../tick.ts";
import type { KernelObject } from "./kernel-object.ts";
import type { Use } from "./use.ts";

const IDLE_NS = 60 * NS_PER_SECOND;
/** Uses checked per refresh: only a part, so that the cost does not grow with the number of open objects. */
const STEP = 4096;

/** Kinds that later records identify again completely. A waiting datagram socket is not one of them. */
const DROPPABLE: ReadonlySet<number> = new Set([
	WireKind.PIPE,
	WireKind.UNIX_STREAM,
	WireKind.UNIX_SEQPACKET,
	WireKind.TCP,
	WireKind.SOCKET,
	WireKind.EVENTFD,
	WireKind.EPOLL,
	WireKind.ANON,
]);

export function isDroppable(use: Use): boolean {
	return DROPPABLE.has(use.object.kind);
}

export class IdleScan {
	readonly #all: ReadonlySet<Use>;
	readonly #isShown: (object: KernelObject) => boolean;
	#rest: Iterator<Use>;

	/** `isShown`: whether a row depends on the object. */
	constructor(all: ReadonlySet<Use>, isShown: (object: KernelObject) => boolean) {
		this.#all = all;
		this.#isShown = isShown;
		this.#rest = all.values();
	}

	/** Yields some of those that can be dropped; after enough calls every use was checked. */
	*step(tick: Tick): Generator<Use> {
		for (let count = Math.min(STEP, this.#all.size + 1); count > 0; count--) {
			const { value: use, done } = this.#rest.next();
			if (done) this.#rest = this.#all.values();
			else if (this.#isLeftBehind(use) && tick.nowNs - Math.max(use.lastMovedNs, use.presence.seenNs) >= IDLE_NS)
				yield use;
		}
	}

	#isLeftBehind(use: Use): boolean {
		const { object, process } = use;
		if (process.exit !== null || use.isEmpty) return false;
		if (use.isRetired && !use.presence.isOpen) return true;
		return isDroppable(use) && object.useCount <= 1 && !this.#isShown(object);
	}
}
