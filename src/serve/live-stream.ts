/**
 * Snapshots as the blocks of a recording, for readers that take them at their own pace. Each refresh is encoded once for all of
 * them. A reader that is too slow is left out until it has taken everything; then it continues with the newest refresh, whole.
 */

import { StateBlocks } from "../history/state-blocks.ts";
import type { RecordingInfo } from "../model/feed/recorder.ts";
import { encodeBegin, encodeEnd } from "../model/feed/recording-format.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { type RunningSteps, runInTurns } from "../model/steps.ts";

/** Accepts bytes at once and passes them on at the pace of its reader. */
export interface Outlet {
	/** Bytes that it has not passed on yet. */
	readonly waitingBytes: number;
	/** The bytes are not changed any more. */
	write(bytes: Uint8Array): void;
}

/** A reader with more bytes waiting is left out; the next refresh may come on top of these. */
const MOST_WAITING_BYTES = 1 << 20;
/** How long it encodes in one turn of the event loop. */
const TURN_MS = 4;

/** A refresh as a whole. */
interface Whole {
	/** The readers that wait for it, each with its `onBegun`. */
	readonly readers: Map<LiveReader, () => void>;
	blocks: readonly Uint8Array[] | null;
	writing: RunningSteps | null;
}

export class LiveReader {
	readonly outlet: Outlet;
	/** The next refresh that it gets must be a whole one. */
	needsWhole = true;
	/** It was left out, and gets nothing before it has taken everything. */
	isLeftOut = false;

	constructor(outlet: Outlet) {
		this.outlet = outlet;
	}

	hasRoom(mostWaitingBytes: number): boolean {
		return this.outlet.waitingBytes <= (this.isLeftOut ? 0 : mostWaitingBytes);
	}
}

export class LiveStream {
	readonly #begin: Uint8Array;
	readonly #mostWaitingBytes: number;
	readonly #blocks = new StateBlocks();
	readonly #readers = new Set<LiveReader>();
	/** Encodes the refresh that was published last. */
	#writing: RunningSteps | null = null;
	/** The newest refresh, encoded once for all readers that come before the next. */
	readonly #wholes = new Map<Snapshot, Whole>();
	#skipped = 0;

	constructor(info: RecordingInfo, mostWaitingBytes = MOST_WAITING_BYTES) {
		this.#mostWaitingBytes = mostWaitingBytes;
		this.#begin = encodeBegin(info);
	}

	/** How many refreshes were left out, of all readers. */
	get skipped(): number {
		return this.#skipped;
	}

	/**
	 * The reader gets the beginning of the recording, `latest` as soon as it is encoded, and then what is published. Calls `onBegun`
	 * after `latest`.
	 */
	add(outlet: Outlet, latest: Snapshot | null, onBegun: () => void = () => {}): LiveReader {
		const reader = new LiveReader(outlet);
		this.#readers.add(reader);
		outlet.write(this.#begin);
		if (latest !== null) this.#sendWhole(reader, latest, onBegun);
		return reader;
	}

	remove(reader: LiveReader): void {
		this.#readers.delete(reader);
		for (const { readers } of this.#wholes.values()) readers.delete(reader);
	}

	/** `snapshot` has only the events of its own interval. */
	publish(snapshot: Snapshot): void {
		this.#writing?.finish();
		for (const { writing } of this.#wholes.values()) writing?.finish();
		this.#wholes.clear();
		const takers: LiveReader[] = [];
		for (const reader of this.#readers) {
			if (reader.hasRoom(this.#mostWaitingBytes)) takers.push(reader);
			else this.#leaveOut(reader);
		}
		if (takers.length === 0 || takers.some(({ needsWhole }) => needsWhole)) this.#blocks.beginAnew();
		if (takers.length === 0) return;
		this.#writing = runInTurns(this.#blocks.writeInSteps(snapshot), TURN_MS, (blocks) => {
			for (const reader of takers) if (this.#readers.has(reader)) send(reader, blocks);
		});
	}

	/** Tells all readers that nothing more comes. */
	end(): void {
		this.#writing?.finish();
		for (const { outlet } of this.#readers) outlet.write(encodeEnd());
		this.#readers.clear();
	}

	#leaveOut(reader: LiveReader): void {
		reader.needsWhole = true;
		reader.isLeftOut = true;
		this.#skipped++;
	}

	#sendWhole(reader: LiveReader, latest: Snapshot, onBegun: () => void): void {
		const whole = this.#wholes.get(latest) ?? this.#writeWhole(latest);
		if (whole.blocks === null) {
			whole.readers.set(reader, onBegun);
			return;
		}
		write(reader, whole.blocks);
		onBegun();
	}

	#writeWhole(latest: Snapshot): Whole {
		const whole: Whole = { readers: new Map(), blocks: null, writing: null };
		this.#wholes.set(latest, whole);
		whole.writing = runInTurns(new StateBlocks().writeInSteps(latest), TURN_MS, (blocks) => {
			whole.blocks = blocks;
			for (const [reader, onBegun] of whole.readers) {
				write(reader, blocks);
				onBegun();
			}
		});
		return whole;
	}
}

function send(reader: LiveReader, blocks: readonly Uint8Array[]): void {
	reader.needsWhole = false;
	reader.isLeftOut = false;
	write(reader, blocks);
}

function write({ outlet }: LiveReader, blocks: readonly Uint8Array[]): void {
	for (const block of blocks) outlet.write(block);
}
