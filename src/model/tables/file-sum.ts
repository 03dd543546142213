/** What one process did to some files: a row of the file table. */

import { NO_ROW } from "../stats/row-list.ts";
import type { Process } from "./entities.ts";
import { FileCounter } from "./file-counts.ts";

export class FileSum extends FileCounter {
	readonly process: Process;
	/** At the last refresh, for the rates. */
	readBytesBefore = 0;
	writeBytesBefore = 0;
	isDirty = false;
	rowIndex = NO_ROW;

	constructor(process: Process) {
		super();
		this.process = process;
	}

	/** Called after it was in a snapshot. */
	settle(): void {
		this.readBytesBefore = this.readBytes;
		this.writeBytesBefore = this.writeBytes;
	}

	/** Adds the counts of another row, including those of this interval. */
	takeOver(other: FileSum): void {
		this.add(other);
		this.readBytesBefore += other.readBytesBefore;
		this.writeBytesBefore += other.writeBytesBefore;
	}
}
