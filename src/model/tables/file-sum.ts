/** What one process did to some files, as one row of the file table has it. */

import { NO_ROW } from "../stats/row-list.ts";
import type { Process } from "./process/process.ts";

export interface FileCounts {
	opens: number;
	reads: number;
	writes: number;
	readBytes: number;
	writeBytes: number;
}

export function addCounts(to: FileCounts, counts: Readonly<FileCounts>): void {
	to.opens += counts.opens;
	to.reads += counts.reads;
	to.writes += counts.writes;
	to.readBytes += counts.readBytes;
	to.writeBytes += counts.writeBytes;
}

/** A copy of the counts alone. */
export function countsOf({ opens, reads, writes, readBytes, writeBytes }: Readonly<FileCounts>): FileCounts {
	return { opens, reads, writes, readBytes, writeBytes };
}

export class FileSum implements FileCounts {
	readonly process: Process;
	opens = 0;
	reads = 0;
	writes = 0;
	readBytes = 0;
	writeBytes = 0;
	/** At the last refresh, for the rates. */
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

	/** A refresh has shown it. */
	settle(): void {
		this.readBytesBefore = this.readBytes;
		this.writeBytesBefore = this.writeBytes;
	}

	/** What another row had until now, with what moved in this interval. */
	takeOver(other: FileSum): void {
		addCounts(this, other);
		this.readBytesBefore += other.readBytesBefore;
		this.writeBytesBefore += other.writeBytesBefore;
	}
}
