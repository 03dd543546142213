/**
 * All uses, one for each pair of process and object.
 *
 * Memory: the kernel's table bounds those that it counts for, passes remove those that are only held open; if there are
 * still too many, processes of the user with the most get no more (see FairTable).
 */

import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import type { Process } from "../process/process.ts";
import type { KernelObject } from "./kernel-object.ts";
import { ObjectIndex } from "./object-index.ts";
import { Use } from "./use.ts";

/**
 * At this multiple of the limit even uses that the kernel counts for are refused: only a recording can have that many.
 */
const MOST_TIMES = 2;

export class UseSet {
	readonly objects = new ObjectIndex();
	readonly all = new Set<Use>();
	readonly #places: FairTable<Process, Use>;

	/** `evict` drops a use to make room for another. */
	constructor(bounds: Bounds, evict: (use: Use) => void) {
		this.#places = bounds.fair<Process, Use>("file-uses", { userOf: (process) => process.holder, evict });
	}

	/** Null if there is no room: only idle uses are refused, see Use.isIdle. */
	obtain(process: Process, object: KernelObject, isIdle: boolean): Use | null {
		const known = process.uses.get(object);
		if (known !== undefined) return known;
		if (!this.#places.admit(process, isIdle) && (isIdle || this.all.size >= MOST_TIMES * this.#places.limit)) {
			if (object.useCount === 0) this.objects.remove(object);
			return null;
		}
		const use = new Use(process, object);
		this.#places.add(process, use, use.isIdle);
		process.uses.set(object, use);
		object.addUse(use);
		this.all.add(use);
		return use;
	}

	/** Use.isIdle may have changed. */
	noteIdle(use: Use, wasIdle: boolean): void {
		if (use.isIdle !== wasIdle) this.#places.setIdle(use.process, use, use.isIdle);
	}

	remove(use: Use): void {
		const { object, process } = use;
		use.isDropped = true;
		process.uses.delete(object);
		object.removeUse(use);
		this.all.delete(use);
		this.#places.remove(process, use);
		if (object.useCount === 0) this.objects.remove(object);
	}
}
