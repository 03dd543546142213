/** What a process did since the last refresh, and its disk I/O. */

import type { DiskOperation } from "../../values.ts";

export class Interval {
	calls = 0;
	readBytes = 0;
	writeBytes = 0;
	txBytes = 0;
	rxBytes = 0;

	/** `isSocket`: through a socket, not a file. */
	addIo(isSocket: boolean, readBytes: number, writeBytes: number): void {
		if (isSocket) {
			this.rxBytes += readBytes;
			this.txBytes += writeBytes;
		} else {
			this.readBytes += readBytes;
			this.writeBytes += writeBytes;
		}
	}

	restart(): void {
		this.calls = 0;
		this.readBytes = 0;
		this.writeBytes = 0;
		this.txBytes = 0;
		this.rxBytes = 0;
	}
}

/** Bytes of the process's requests to block devices, since attach. */
export class DiskBytes {
	/** The source does not know devices and reports totals. */
	isToldAsSum = false;
	read = 0;
	written = 0;
	/** At the last refresh. */
	readBefore = 0;
	writtenBefore = 0;
	/** Bytes of requests without a row, by key of a DiskUse: as many as the kernel has slots for. */
	unlisted: Map<string, number> | null = null;

	/** Discards and flushes move nothing. */
	add(operation: DiskOperation, bytes: number): void {
		if (operation === "read") this.read += bytes;
		else if (operation === "write") this.written += bytes;
	}

	restart(): void {
		this.readBefore = this.read;
		this.writtenBefore = this.written;
	}
}
