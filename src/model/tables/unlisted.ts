/** What a process did with files that have no row of their own, because a table was full: one row for all of them. */

import { NO_ROW } from "../stats/row-list.ts";
import type { Process } from "./process/process.ts";

/** Counts as a file's row has them. */
export interface FileCounts {
	readonly opens: number;
	readonly reads: number;
	readonly writes: number;
	readonly readBytes: number;
	readonly writeBytes: number;
}

export class Unlisted implements FileCounts {
	readonly process: Process;
	opens = 0;
	reads = 0;
	writes = 0;
	readBytes = 0;
	writeBytes = 0;
	/** At the last refresh. */
	readBytesBefore = 0;
	writeBytesBefore = 0;
	isDirty = false;
	rowIndex = NO_ROW;

	constructor(process: Process) {
		this.process = process;
	}

	get isEmpty(): boolean {
		return this.opens + this.reads + this.writes + this.readBytes + this.writeBytes === 0;
	}

	/** Counts that other rows had until now: nothing moved in this interval. */
	takeOver(counts: FileCounts): void {
		this.opens += counts.opens;
		this.reads += counts.reads;
		this.writes += counts.writes;
		this.readBytes += counts.readBytes;
		this.writeBytes += counts.writeBytes;
		this.readBytesBefore += counts.readBytes;
		this.writeBytesBefore += counts.writeBytes;
	}
}
