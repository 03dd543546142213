/**
 * Reads a recording block by block. Damage is noticed when it is reached, so that everything before it can be shown.
 */

import { closeSync, readSync } from "node:fs";
import { EVENT_TYPES, type EventType } from "../event-types.ts";
import { WIRE_SIZES, WIRE_VERSION } from "../wire/layout.gen.ts";
import { converterFrom, parseLayout } from "./record-converter.ts";
import type { RecordingInfo } from "./recorder.ts";
import {
	BLOCK_HEAD_BYTES,
	BlockType,
	checkPreamble,
	decodeBlockHead,
	decodePayload,
	PREAMBLE_BYTES,
	RecordingError,
} from "./recording-format.ts";
import { openToRead } from "./regular-file.ts";

export interface RecordedBlock {
	readonly timeNs: bigint;
	/** Created one at a time; throws RecordingError where one is invalid. */
	readonly batches: Iterable<Uint8Array>;
}

export class RecordingReader {
	readonly info: RecordingInfo;
	readonly #fd: number;
	readonly #convert: ((batch: Uint8Array) => Uint8Array) | null;

	/** Opens the file; throws RecordingError, NotAFileError or the system's error. */
	constructor(path: string) {
		this.#fd = openToRead(path);
		try {
			checkPreamble(this.#read(PREAMBLE_BYTES));
			const first = this.#nextBlock();
			if (first?.type !== BlockType.INFO) throw new RecordingError("it is damaged");
			this.info = parseInfo(first.payload);
			this.#convert = converterOf(this.info);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	/** The next batches, null at the end; throws RecordingError where the file ends too early or is damaged. */
	next(): RecordedBlock | null {
		for (;;) {
			const block = this.#nextBlock();
			if (block === null) throw new RecordingError("its end is missing");
			if (block.type === BlockType.END) return null;
			if (block.type !== BlockType.BATCHES) continue;
			checkBatches(block.payload);
			return { timeNs: block.timeNs, batches: this.#split(block.payload) };
		}
	}

	close(): void {
		closeSync(this.#fd);
	}

	/** Blocks of unknown types are returned with their payload as stored. */
	#nextBlock(): { type: number; timeNs: bigint; payload: Buffer } | null {
		const bytes = this.#read(BLOCK_HEAD_BYTES);
		if (bytes.length === 0) return null;
		if (bytes.length < BLOCK_HEAD_BYTES) throw new RecordingError("its end is missing");
		const head = decodeBlockHead(bytes);
		const stored = this.#read(head.storedBytes);
		if (stored.length < head.storedBytes) throw new RecordingError("its end is missing");
		const isKnown = (Object.values(BlockType) as number[]).includes(head.type);
		return { type: head.type, timeNs: head.timeNs, payload: isKnown ? decodePayload(head, stored) : stored };
	}

	/** One at a time: all batches that a hostile block can hold would not fit into memory. */
	*#split(payload: Buffer): Generator<Uint8Array> {
		for (let at = 0; at < payload.length; ) {
			const begin = at + 4;
			at = begin + payload.readUInt32LE(at);
			const batch = payload.subarray(begin, at);
			yield this.#convert === null ? batch : this.#convert(batch);
		}
	}

	/** Up to `length` bytes; fewer only at the end. */
	#read(length: number): Buffer {
		const bytes = Buffer.alloc(length);
		let filled = 0;
		while (filled < length) {
			const count = readSync(this.#fd, bytes, filled, length - filled, null);
			if (count === 0) break;
			filled += count;
		}
		return bytes.subarray(0, filled);
	}
}

/** Throws unless all payload is batches with room for at least one record: no others are ever written. */
function checkBatches(payload: Buffer): void {
	for (let at = 0; at < payload.length; ) {
		const length = at + 4 <= payload.length ? payload.readUInt32LE(at) : 0;
		at += 4 + length;
		if (length < WIRE_SIZES.wire_head || at > payload.length) throw new RecordingError("it is damaged");
	}
}

const TEXT_FIELDS = ["version", "host", "kernel", "machine"] as const;
/** Longer than any host name or kernel release; they are part of every message and every snapshot. */
const TEXT_LIMIT = 256;

function parseInfo(payload: Buffer): RecordingInfo {
	let info: Record<string, unknown>;
	try {
		info = Object(JSON.parse(payload.toString()));
	} catch {
		throw new RecordingError("it is damaged");
	}
	const isComplete = TEXT_FIELDS.map((name) => info[name]).every(
		(text) => typeof text === "string" && text.length <= TEXT_LIMIT,
	);
	if (!isComplete) throw new RecordingError("it is damaged");
	return { ...info, events: knownEvents(info.events) } as unknown as RecordingInfo;
}

/** Undefined (all) for recordings from before there was a choice. */
function knownEvents(events: unknown): readonly EventType[] | undefined {
	return Array.isArray(events) ? EVENT_TYPES.filter((type) => events.includes(type)) : undefined;
}

/** Refuses records of unknown meaning: those of a newer wire version, or without a stated layout. */
function converterOf({ version, wireVersion, wireSizes, wireFields }: RecordingInfo) {
	const isNewer = typeof wireVersion === "number" && wireVersion > WIRE_VERSION;
	const layout = parseLayout(wireSizes, wireFields);
	if (wireVersion === WIRE_VERSION && layout !== null) return converterFrom(layout);
	throw new RecordingError(
		`${isNewer ? "a newer" : "another"} ebtop (${version}) wrote it, whose records this one cannot read`,
	);
}
