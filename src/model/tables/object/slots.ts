/** Uses by the kernel slot of their counters: a shortcut that is verified each time. */

import * as wire from "../../wire/layout.gen.ts";
import type { Use } from "./use.ts";

const LIMIT = 1 << 20;

export class SlotIndex {
	/** Grows with the slots in use, up to the size of the kernel's table. */
	readonly #uses: (Use | undefined)[] = [];

	/** The use that a WIRE_IO is about; undefined if its slot is unknown or was reused. */
	find(view: DataView, at: number): Use | undefined {
		const use = this.#uses[wire.ioSlot(view, at)];
		if (use === undefined || use.process.isEvicted) return undefined;
		const { process, object } = use;
		if (process.pid !== wire.headPid(view, at)) return undefined;
		if (process.startLow !== wire.headStartLow(view, at)) return undefined;
		if (process.startHigh !== wire.headStartHigh(view, at)) return undefined;
		if (object.inoLow !== wire.ioInoLow(view, at)) return undefined;
		if (object.inoHigh !== wire.ioInoHigh(view, at)) return undefined;
		const isSame = object.is(wire.ioDev(view, at), wire.ioGen(view, at));
		return isSame ? use : undefined;
	}

	remember(slot: number, use: Use): void {
		if (slot >= LIMIT) return;
		while (this.#uses.length <= slot) this.#uses.push(undefined);
		this.#uses[slot] = use;
		use.slot = slot;
	}

	forget(use: Use): void {
		if (this.#uses[use.slot] === use) this.#uses[use.slot] = undefined;
	}
}
