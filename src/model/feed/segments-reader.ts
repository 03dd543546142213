/** Reads a recording in a folder, one segment after the other. */

import { join } from "node:path";
import type { RecordingInfo } from "./recorder.ts";
import { FileBytes } from "./recording-bytes.ts";
import { RecordingError } from "./recording-format.ts";
import { type RecordedBlock, type RecordingInput, RecordingReader } from "./recording-reader.ts";
import { listSegmentsToPlay, type SegmentName } from "./segment-names.ts";

/** That of the longest --delay. */
const LONGEST_PAUSE_NS = 61_000_000_000n;

export class SegmentsReader implements RecordingInput {
	readonly info: RecordingInfo;
	readonly #folder: string;
	readonly #segments: SegmentName[];
	#reader: RecordingReader | null = null;
	/** The last block was of another segment. */
	#isFirst = true;
	#isDamaged = false;
	/** The segment that is read, and the one before it, as far as they are read. */
	#hasEnd = true;
	#hasEndBefore = true;
	#lastNs: bigint | null = null;

	/** `fromMs`: segments that ended before then are left out. Throws RecordingError or the system's error. */
	constructor(folder: string, fromMs: number | null = null) {
		this.#folder = folder;
		const all = listSegmentsToPlay(folder);
		const begun = fromMs === null ? 0 : all.findLastIndex(({ beginMs }) => beginMs <= fromMs);
		this.#segments = all.slice(Math.max(0, begun));
		this.#reader = this.#open();
		if (this.#reader === null) throw new RecordingError("it is damaged");
		this.info = this.#reader.info;
	}

	next(): RecordedBlock | null {
		for (; this.#reader !== null; this.#reader = this.#open()) {
			const block = this.#nextOf(this.#reader);
			if (block !== null) {
				const isAfterGap = block.isAfterGap || (this.#isFirst && !this.#goesOn(block.timeNs));
				this.#isFirst = false;
				this.#lastNs = block.timeNs;
				return { ...block, isAfterGap };
			}
			this.#reader.close();
		}
		if (this.#isDamaged) throw new RecordingError("it is damaged");
		if (!this.#hasEnd) throw new RecordingError("its end is missing");
		return null;
	}

	/** Files have all they will have. */
	onMore(): void {}

	close(): void {
		this.#reader?.close();
		this.#reader = null;
	}

	/** Whether it follows upon the last block of the segment before; true for the very first. */
	#goesOn(timeNs: bigint): boolean {
		if (this.#lastNs === null) return true;
		const pauseNs = timeNs - this.#lastNs;
		return this.#hasEndBefore && pauseNs >= 0n && pauseNs <= LONGEST_PAUSE_NS;
	}

	/** Null at the end of the segment, whole or not. */
	#nextOf(reader: RecordingReader): RecordedBlock | null {
		try {
			const block = reader.next();
			if (this.#isFirst) this.#hasEndBefore = this.#hasEnd;
			this.#hasEnd = true;
			return block === "later" ? null : block;
		} catch (error) {
			if (!(error instanceof RecordingError)) throw error;
			// Where recording was cut short, the next segment goes on after a gap.
			if (reader.isDamaged) this.#isDamaged = true;
			this.#hasEnd = false;
			return null;
		}
	}

	/** The next one that can be read; null where there is none. */
	#open(): RecordingReader | null {
		for (let next = this.#segments.shift(); next !== undefined; next = this.#segments.shift()) {
			this.#isFirst = true;
			try {
				return new RecordingReader(new FileBytes(join(this.#folder, next.name)));
			} catch (error) {
				// It may have been removed meanwhile, as the oldest.
				if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#isDamaged = true;
			}
		}
		return null;
	}
}
