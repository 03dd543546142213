/** Calls on files and their bytes. */

export interface FileCounts {
	opens: number;
	reads: number;
	writes: number;
	readBytes: number;
	writeBytes: number;
}

/** A copy of just the counts. */
export function countsOf({ opens, reads, writes, readBytes, writeBytes }: Readonly<FileCounts>): FileCounts {
	return { opens, reads, writes, readBytes, writeBytes };
}

export class FileCounter implements FileCounts {
	opens = 0;
	reads = 0;
	writes = 0;
	readBytes = 0;
	writeBytes = 0;

	get hasRead(): boolean {
		return this.reads > 0 || this.readBytes > 0;
	}

	get hasWritten(): boolean {
		return this.writes > 0 || this.writeBytes > 0;
	}

	get hasMoved(): boolean {
		return this.hasRead || this.hasWritten;
	}

	get isEmpty(): boolean {
		return this.opens === 0 && !this.hasMoved;
	}

	add(counts: Readonly<FileCounts>): void {
		this.opens += counts.opens;
		this.reads += counts.reads;
		this.writes += counts.writes;
		this.readBytes += counts.readBytes;
		this.writeBytes += counts.writeBytes;
	}
}
