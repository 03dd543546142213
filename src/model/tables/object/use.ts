/** What one process did with one object. */

import type { KernelObject, NamedFile, Process } from "../entities.ts";
import { FileCounter, takeCounts } from "../file-counts.ts";
import { Presence } from "./presence.ts";

/** The file position of one descriptor. */
export interface Position {
	bytes: number;
	/** How far positions moved forward since the last refresh, in bytes. */
	movedForward: number;
}

export class Use extends FileCounter {
	readonly process: Process;
	readonly object: KernelObject;
	/** As this process sees it; null until it is announced. */
	path: string | null = null;
	canRead = false;
	canWrite = false;
	readonly presence = new Presence();
	/** Null if the source does not sample positions. */
	position: Position | null = null;
	/** Bytes moved through a file position that it shares with another process; they are counted for neither. */
	isShared = false;
	/** So far only mapped or held open: no system call on it was seen. */
	isOnlyHeld = true;

	/** Counts are also added there. Null for anything but a file. */
	file: NamedFile | null = null;
	#raw = new FileCounter();

	/** The kernel slot of its counters, -1 if unknown. */
	slot = -1;
	/** A WIRE_OBJECT announced it. */
	isAnnounced = false;
	lastMovedNs = 0;
	/** Its counters were removed from the kernel's table, and nothing was counted since. */
	isRetired = false;

	/** It was removed from all tables. */
	isDropped = false;

	constructor(process: Process, object: KernelObject) {
		super();
		this.process = process;
		this.object = object;
	}

	/** The kernel has no counters for it: it may be dropped if room is short, and later records create it again. */
	get isIdle(): boolean {
		return this.isOnlyHeld || this.isRetired;
	}

	/** The kernel will count from zero. */
	retire(): void {
		this.#raw = new FileCounter();
		this.isRetired = true;
	}

	/** Applies the counters of a WIRE_IO. False if nothing changed. */
	take(view: DataView, at: number): boolean {
		const grown = takeCounts(this.#raw, view, at);
		if (grown === null) return false;
		this.add(grown);
		this.file?.add(grown);
		return true;
	}
}
