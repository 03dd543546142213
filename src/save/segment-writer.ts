/**
 * Writes what is shown into a folder of segments. Each begins with a whole state, so it can be played without the others. The
 * oldest segments are removed when there are too many bytes, or when they are too old.
 */

import { StateBlocks } from "../history/state-blocks.ts";
import { DiskSync } from "../model/feed/disk-sync.ts";
import type { RecordingInfo } from "../model/feed/recorder.ts";
import { encodeBegin, encodeEnd } from "../model/feed/recording-format.ts";
import { writeWhole } from "../model/feed/regular-file.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { type RunningSteps, runInTurns, type Steps } from "../model/steps.ts";
import type { SegmentFolder } from "./segment-folder.ts";
import type { Thinner } from "./thinner.ts";

/** The longest segment: one is removed, and read, as a whole. */
const MOST_SEGMENT_MS = 10 * 60_000;
/** At least so many share the bytes that may be kept, so that little is removed at once. */
const LEAST_SEGMENTS = 8;
/** How often ages are compared with the bound. */
const AGES_MS = 60_000;
/** How long is written in one turn of the event loop. */
const TURN_MS = 4;

export interface Retention {
	/** Of all segments. */
	readonly bytes: number;
	/** Since a segment was last written. */
	readonly ms: number;
}

interface OpenSegment {
	readonly name: string;
	readonly fd: number;
	readonly disk: DiskSync;
	/** Of refreshes that were written as a whole. */
	bytes: number;
	readonly beginUptimeMs: number;
}

export class SegmentWriter {
	readonly #folder: SegmentFolder;
	readonly #info: RecordingInfo;
	readonly #retention: Retention;
	readonly #blocks = new StateBlocks();
	#open: OpenSegment | null = null;
	/** Bytes of all segments, the open one too. */
	#total: number;
	#count: number;
	#writing: RunningSteps | null = null;
	#hasFailed = false;
	/** When ages were last looked at. */
	#lookedUptimeMs = Number.NEGATIVE_INFINITY;
	readonly #onError: (error: Error) => void;
	readonly #thinner: Thinner | null;

	/** `onError`: writing in a later turn has failed, and nothing more will be written. `thinner`: null: all refreshes stay. */
	constructor(
		folder: SegmentFolder,
		info: RecordingInfo,
		retention: Retention,
		onError: (error: Error) => void,
		thinner: Thinner | null = null,
	) {
		this.#thinner = thinner;
		this.#folder = folder;
		this.#info = info;
		this.#retention = retention;
		this.#onError = onError;
		const segments = folder.segments();
		this.#total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
		this.#count = segments.length;
	}

	/** Of all segments. */
	get bytes(): number {
		return this.#total;
	}

	get segments(): number {
		return this.#count;
	}

	/** Writes in turns, after what is left of the snapshot before. `snapshot` has only the events of its own interval. */
	write(snapshot: Snapshot): void {
		this.#writing?.finish();
		if (!this.#hasFailed) this.#writing = runInTurns(this.#writeOrFail(snapshot), TURN_MS, () => {});
	}

	/** Throws the system's error. */
	close(): void {
		this.#writing?.finish();
		this.#thinner?.stop();
		try {
			this.#endSegment();
		} finally {
			const open = this.#open;
			this.#open = null;
			this.#folder.close();
			open?.disk.close(true);
		}
	}

	*#writeOrFail(snapshot: Snapshot): Steps {
		try {
			yield* this.#writeInSteps(snapshot);
		} catch (error) {
			this.#fail(error as Error);
		}
	}

	*#writeInSteps(snapshot: Snapshot): Steps {
		const { uptimeMs } = snapshot.system;
		const segment = this.#segmentFor(snapshot);
		const blocks = yield* this.#blocks.writeInSteps(snapshot);
		const bytes = Buffer.concat(blocks);
		writeWhole(segment.fd, segment.bytes, bytes);
		segment.bytes += bytes.length;
		this.#total += bytes.length;
		this.#forget(segment, Date.parse(snapshot.time), uptimeMs);
		segment.disk.wrote();
	}

	/** The segment for this refresh: the open one, or a new one. */
	#segmentFor(snapshot: Snapshot): OpenSegment {
		const { uptimeMs } = snapshot.system;
		const open = this.#open;
		if (open !== null) {
			const isLong = uptimeMs - open.beginUptimeMs >= MOST_SEGMENT_MS;
			const isLarge = open.bytes >= this.#retention.bytes / LEAST_SEGMENTS;
			if (!isLong && !isLarge) return open;
			this.#endSegment();
			open.disk.close(false);
			this.#open = null;
		}
		const { name, fd } = this.#folder.create(Date.parse(snapshot.time));
		this.#count++;
		const segment = { name, fd, disk: new DiskSync(fd), bytes: 0, beginUptimeMs: uptimeMs };
		this.#open = segment;
		this.#blocks.beginAnew();
		const head = encodeBegin(this.#info);
		writeWhole(fd, 0, head);
		segment.bytes = head.length;
		this.#total += head.length;
		return segment;
	}

	#endSegment(): void {
		if (this.#open === null) return;
		const end = encodeEnd();
		writeWhole(this.#open.fd, this.#open.bytes, end);
		this.#open.bytes += end.length;
		this.#total += end.length;
	}

	/** Removes the oldest finished segments if there is too much, or they are too old. */
	#forget(open: OpenSegment, nowMs: number, uptimeMs: number): void {
		const { bytes: mostBytes, ms: mostMs } = this.#retention;
		const isTime = mostMs !== Number.POSITIVE_INFINITY && uptimeMs - this.#lookedUptimeMs >= AGES_MS;
		if (isTime) this.#lookedUptimeMs = uptimeMs;
		this.#total -= this.#thinner?.look(open.name, nowMs, uptimeMs) ?? 0;
		if (!isTime && this.#total <= mostBytes) return;
		const segments = this.#folder.segments();
		this.#total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
		this.#count = segments.length;
		for (const segment of segments) {
			const isOld = nowMs - segment.endMs > mostMs;
			if (segment.name === open.name || !(isOld || this.#total > mostBytes)) return;
			this.#folder.remove(segment);
			this.#total -= segment.bytes;
			this.#count--;
		}
	}

	/** Stops writing. A segment without any bytes is removed. */
	#fail(error: Error): void {
		const open = this.#open;
		this.#hasFailed = true;
		this.#open = null;
		open?.disk.close(false);
		if (open?.bytes === 0) this.#folder.remove(open);
		this.#onError(error);
	}
}
