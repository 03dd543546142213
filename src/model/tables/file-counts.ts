/** Calls on files and their bytes: all that is done with each count of struct wire_io alike. */

import { growth } from "../stats/rate.ts";
import * as wire from "../wire/layout.gen.ts";

export const FILE_TOTALS = ["opens", "reads", "writes", "readBytes", "writeBytes", "mappedReadBytes"] as const;

export type FileCounts = Record<(typeof FILE_TOTALS)[number], number>;

/** A copy of just the counts. */
export function countsOf(counts: Readonly<FileCounts>): FileCounts {
	const { opens, reads, writes, readBytes, writeBytes, mappedReadBytes } = counts;
	return { opens, reads, writes, readBytes, writeBytes, mappedReadBytes };
}

/** What was counted after `from`. */
export function countsSince(to: Readonly<FileCounts>, from: Readonly<FileCounts> | undefined): FileCounts {
	const counts = countsOf(to);
	for (const name of FILE_TOTALS) counts[name] -= from?.[name] ?? 0;
	return counts;
}

export class FileCounter implements FileCounts {
	opens = 0;
	reads = 0;
	writes = 0;
	readBytes = 0;
	writeBytes = 0;
	/** Read from the disk by page faults. */
	mappedReadBytes = 0;

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
		return this.opens === 0 && this.mappedReadBytes === 0 && !this.hasMoved;
	}

	add(counts: Readonly<FileCounts>): void {
		this.opens += counts.opens;
		this.reads += counts.reads;
		this.writes += counts.writes;
		this.readBytes += counts.readBytes;
		this.writeBytes += counts.writeBytes;
		this.mappedReadBytes += counts.mappedReadBytes;
	}
}

export const NO_COUNTS: Readonly<FileCounts> = countsOf(new FileCounter());

/** Sets the counts to those of a struct wire_io. Returns by how much they grew, null if nothing changed. */
export function takeCounts(known: FileCounts, view: DataView, at: number): FileCounts | null {
	const opens = wire.ioOpens(view, at);
	const reads = wire.ioReads(view, at);
	const writes = wire.ioWrites(view, at);
	const readBytes = wire.ioReadBytes(view, at);
	const writeBytes = wire.ioWriteBytes(view, at);
	const mappedReadBytes = wire.ioMappedBytes(view, at);
	const hasSameCalls = opens === known.opens && reads === known.reads && writes === known.writes;
	const hasSameBytes = readBytes === known.readBytes && writeBytes === known.writeBytes;
	if (hasSameCalls && hasSameBytes && mappedReadBytes === known.mappedReadBytes) return null;
	const grown = {
		opens: growth(opens, known.opens),
		reads: growth(reads, known.reads),
		writes: growth(writes, known.writes),
		readBytes: growth(readBytes, known.readBytes),
		writeBytes: growth(writeBytes, known.writeBytes),
		mappedReadBytes: growth(mappedReadBytes, known.mappedReadBytes),
	};
	known.opens = opens;
	known.reads = reads;
	known.writes = writes;
	known.readBytes = readBytes;
	known.writeBytes = writeBytes;
	known.mappedReadBytes = mappedReadBytes;
	return grown;
}
