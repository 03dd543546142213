/** Writes a recording: batches are collected until a tick, then stored as one block. */

import * as wire from "../wire/layout.gen.ts";
import type { FeedInfo } from "./feed.ts";
import { OUR_LAYOUT, type RecordLayout } from "./record-converter.ts";
import { BlockDictionary, BlockType, encodeBegin, encodeBlock, encodeEnd } from "./recording-format.ts";
import type { OutputFile } from "./regular-file.ts";

/** The first block of a recording. */
export interface RecordingInfo {
	/** The version of the program that wrote it. */
	readonly version: string;
	readonly host: string;
	readonly kernel: string;
	readonly machine: string;
	readonly source: FeedInfo["source"];
	readonly events?: FeedInfo["events"];
	/** It was sent while it was made, as with `--record -`. */
	readonly isStreamed?: boolean;
	/** What its blocks hold: records, or what was shown (see `history/state-blocks.ts`), which needs no layout. */
	readonly content: "records" | "snapshots";
	readonly wireVersion?: number;
	readonly wireSizes?: RecordLayout["sizes"];
	readonly wireFields?: RecordLayout["fields"];
	/** Of one that was thinned: for how long each refresh stands, in ms. */
	readonly windowMs?: number;
	/** The options that affected the recording, as on the command line; for display. */
	readonly options: Readonly<Record<string, unknown>>;
}

/** Of a recording of what was shown. */
export function snapshotsInfo(feed: FeedInfo, version: string, options: RecordingInfo["options"]): RecordingInfo {
	return { version, ...feed, content: "snapshots", options };
}

/** This much is stored as a block even without a tick. */
const FLUSH_BYTES = 4 * 1024 * 1024;

/** Refreshes that are compressed one with the other: damage costs as many at most. */
const MOST_REFRESHES = 16;

export class Recorder {
	readonly #file: OutputFile;
	#pending: Uint8Array[] = [];
	#pendingBytes = 0;
	#timeNs = 0n;
	readonly #dictionary = new BlockDictionary();
	#blocks = 0;

	/** Takes over the file and begins the recording. */
	constructor(file: OutputFile, feed: FeedInfo, version: string, options: RecordingInfo["options"]) {
		this.#file = file;
		const info: RecordingInfo = {
			version,
			...feed,
			content: "records",
			wireVersion: wire.WIRE_VERSION,
			wireSizes: OUR_LAYOUT.sizes,
			wireFields: OUR_LAYOUT.fields,
			options,
		};
		this.#file.write(encodeBegin(info));
	}

	/** Keeps the batch, which must not change any more. Throws if it cannot be written. */
	write(batch: Uint8Array): void {
		if (batch.length === 0) return;
		const length = Buffer.alloc(4);
		length.writeUInt32LE(batch.length);
		this.#pending.push(length, batch);
		this.#pendingBytes += length.length + batch.length;
		const tickNs = tickTime(batch);
		this.#timeNs = tickNs ?? this.#timeNs;
		if (tickNs !== null || this.#pendingBytes >= FLUSH_BYTES) this.#flush();
	}

	close(): void {
		try {
			this.#flush();
			this.#file.write(encodeEnd(this.#timeNs));
		} finally {
			this.#file.close();
		}
	}

	#flush(): void {
		if (this.#pending.length === 0) return;
		const payload = Buffer.concat(this.#pending);
		this.#pending = [];
		this.#pendingBytes = 0;
		if (this.#blocks++ % MOST_REFRESHES === 0) this.#dictionary.clear();
		const { bytes } = this.#dictionary;
		this.#file.write(encodeBlock(BlockType.BATCHES, this.#timeNs, payload, bytes));
		this.#dictionary.add(payload, bytes !== null);
	}
}

export const TICK_BYTES = wire.WIRE_SIZES.wire_tick;

/** The time of the tick that ends a batch; null if there is none. */
export function tickTime(batch: Uint8Array): bigint | null {
	if (batch.length < TICK_BYTES) return null;
	const tick = new DataView(batch.buffer, batch.byteOffset + batch.length - TICK_BYTES, TICK_BYTES);
	const isTick = wire.headType(tick, 0) === wire.WireType.TICK && wire.headSize(tick, 0) === TICK_BYTES;
	return isTick ? BigInt(wire.headTime(tick, 0)) : null;
}
