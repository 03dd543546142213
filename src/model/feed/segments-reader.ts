/** Reads a recording in a folder, one segment after the other. */

import { statSync } from "node:fs";
import { join } from "node:path";
import type { RecordingInfo } from "./recorder.ts";
import { FileBytes, lookUntil } from "./recording-bytes.ts";
import { RecordingError } from "./recording-format.ts";
import { type IsBefore, type RecordedBlock, type RecordingInput, RecordingReader } from "./recording-reader.ts";
import { listSegments, listSegmentsToPlay, type SegmentName } from "./segment-names.ts";

/** The longest --delay, and a second. */
const LONGEST_PAUSE_NS = 61_000_000_000n;

/** From where a recording is to be played. */
export interface Beginning {
	/**
	 * Milliseconds since 1970, for a recording that begins at `firstMs`; null if it is given by the time since the machine
	 * started.
	 */
	clockMs(firstMs: number): number | null;
	readonly isBefore: IsBefore;
}

export class SegmentsReader implements RecordingInput {
	readonly info: RecordingInfo;
	readonly #folder: string;
	readonly #segments: SegmentName[];
	readonly #quietMs: number | null;
	#lastNumber: number;
	#reader: RecordingReader | null = null;
	/** Since when it waits for the next segment; null if it does not. */
	#waitingMs: number | null = null;
	#looks: NodeJS.Timeout | undefined;
	/** The next block is the first of its segment. */
	#isFirst = true;
	#isDamaged = false;
	/** Whether the segment that is read, and the one before it, are whole as far as they were read. */
	#hasEnd = true;
	#hasEndBefore = true;
	#lastNs: bigint | null = null;

	/**
	 * `beginning`: what ended before it is left out. `quietMs`: it is still being written, and counts as ended after
	 * so many quiet milliseconds. Throws RecordingError or the system's error.
	 */
	constructor(folder: string, beginning: Beginning | null = null, quietMs: number | null = null) {
		this.#folder = folder;
		this.#quietMs = quietMs;
		const all = listSegmentsToPlay(folder);
		this.#segments = beginning === null ? all : all.slice(Math.max(0, segmentOf(folder, all, beginning)));
		this.#lastNumber = all.at(-1)?.number ?? 0;
		this.#reader = this.#open();
		if (this.#reader === null) throw new RecordingError("it is damaged");
		if (beginning !== null) this.#reader.skipTo(beginning.isBefore);
		this.info = this.#reader.info;
	}

	next(): RecordedBlock | null | "later" {
		for (;;) {
			this.#reader ??= this.#open();
			if (this.#reader === null) {
				if (this.#mayGoOn()) return "later";
				break;
			}
			const block = this.#nextOf(this.#reader);
			if (block === "later") return block;
			if (block !== null) {
				const isAfterGap = block.isAfterGap || (this.#isFirst && !this.#goesOn(block.timeNs));
				this.#isFirst = false;
				this.#lastNs = block.timeNs;
				return { ...block, isAfterGap };
			}
			this.#reader.close();
			this.#reader = null;
		}
		if (this.#isDamaged) throw new RecordingError("it is damaged");
		if (!this.#hasEnd) throw new RecordingError("its end is missing");
		return null;
	}

	onMore(listener: () => void): void {
		if (this.#reader !== null) {
			this.#reader.onMore(listener);
			return;
		}
		clearInterval(this.#looks);
		this.#looks = lookUntil(() => this.#findMore() || !this.#mayGoOn(), listener);
	}

	close(): void {
		clearInterval(this.#looks);
		this.#reader?.close();
		this.#reader = null;
	}

	/** Whether nothing is missing between this segment and the one before it. */
	#goesOn(timeNs: bigint): boolean {
		if (this.#lastNs === null) return true;
		const pauseNs = timeNs - this.#lastNs;
		return this.#hasEndBefore && pauseNs >= 0n && pauseNs <= LONGEST_PAUSE_NS;
	}

	/** Whether the writer may begin another segment. */
	#mayGoOn(): boolean {
		if (this.#quietMs === null) return false;
		this.#waitingMs ??= performance.now();
		return performance.now() - this.#waitingMs <= this.#quietMs;
	}

	/** Finds new segments, except those that are still empty. */
	#findMore(): boolean {
		const isBegun = ({ name }: SegmentName) =>
			(statSync(join(this.#folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0;
		const more = listSegments(this.#folder).filter(({ number }) => number > this.#lastNumber);
		for (const segment of more.filter(isBegun)) {
			this.#segments.push(segment);
			this.#lastNumber = segment.number;
		}
		return this.#segments.length > 0;
	}

	/** Null at the end of the segment, whole or not. */
	#nextOf(reader: RecordingReader): RecordedBlock | null | "later" {
		try {
			const block = reader.next();
			if (block === "later") return block;
			if (this.#isFirst) this.#hasEndBefore = this.#hasEnd;
			this.#hasEnd = true;
			return block;
		} catch (error) {
			if (!(error instanceof RecordingError)) throw error;
			// Where recording was cut short, the next segment goes on after a gap.
			if (reader.isDamaged) this.#isDamaged = true;
			this.#hasEnd = false;
			return null;
		}
	}

	/** The next one that can be read; null if there is none. */
	#open(): RecordingReader | null {
		if (this.#quietMs !== null && this.#segments.length === 0) this.#findMore();
		for (let next = this.#segments.shift(); next !== undefined; next = this.#segments.shift()) {
			this.#isFirst = true;
			this.#waitingMs = null;
			const quietMs = this.#segments.length === 0 ? this.#quietMs : null;
			try {
				return new RecordingReader(new FileBytes(join(this.#folder, next.name), quietMs));
			} catch (error) {
				// It may have been removed meanwhile, as the oldest.
				if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#isDamaged = true;
			}
		}
		return null;
	}
}

/** The index of the segment that has the beginning, or of the first one. */
function segmentOf(folder: string, all: readonly SegmentName[], { clockMs, isBefore }: Beginning): number {
	const fromMs = clockMs(all[0]?.beginMs ?? 0);
	if (fromMs !== null) return all.findLastIndex(({ beginMs }) => beginMs <= fromMs);
	let laterNs: bigint | null = null;
	for (let at = all.length - 1; at > 0; at--) {
		const first = firstStateOf(join(folder, all[at]?.name ?? ""));
		if (first === null) continue;
		if (laterNs !== null && first.timeNs > laterNs) return at + 1; // the machine was started after that one
		if (isBefore(first.timeNs, first.state)) return at;
		laterNs = first.timeNs;
	}
	return 0;
}

/** Null if it cannot be read. */
function firstStateOf(path: string): { readonly timeNs: bigint; readonly state: Uint8Array } | null {
	let reader: RecordingReader | null = null;
	try {
		reader = new RecordingReader(path);
		const block = reader.next();
		if (block === null || block === "later") return null;
		const [state] = block.batches;
		return state === undefined ? null : { timeNs: block.timeNs, state };
	} catch {
		return null;
	} finally {
		reader?.close();
	}
}
