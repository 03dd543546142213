/** Reads a recording block by block. Damaged blocks are left out; an error at the end says so. */

import { EVENT_TYPES, type EventType } from "../event-types.ts";
import { WIRE_SIZES, WIRE_VERSION } from "../wire/layout.gen.ts";
import { converterFrom, parseLayout } from "./record-converter.ts";
import type { RecordingInfo } from "./recorder.ts";
import { FileBytes, type RecordingBytes } from "./recording-bytes.ts";
import {
	BLOCK_HEAD_BYTES,
	BlockDictionary,
	type BlockHead,
	BlockType,
	checkPreamble,
	decodeBlockHead,
	decodePayload,
	findHead,
	isAfter,
	MAX_BLOCK_BYTES,
	PREAMBLE_BYTES,
	RecordingError,
} from "./recording-format.ts";

export interface RecordedBlock {
	readonly timeNs: bigint;
	/** Created one at a time; throws RecordingError if one is invalid. */
	readonly batches: Iterable<Uint8Array>;
	/** True if damaged blocks before it were left out. */
	readonly isAfterGap: boolean;
}

interface Block {
	readonly type: number;
	readonly timeNs: bigint;
	/** Decompressed; of a block of unknown type as it is stored. */
	readonly payload: Buffer;
}

/** How much is searched at once for the next block after damage. */
const SEARCH_BYTES = 64 * 1024;

/** What a replay reads. */
export interface RecordingInput {
	readonly info: RecordingInfo;
	/** The next batches; null at the end; "later" if they have not arrived yet. Throws RecordingError if something is missing. */
	next(): RecordedBlock | null | "later";
	/** Calls `listener` once when there is more. */
	onMore(listener: () => void): void;
	close(): void;
}

/** Whether a full state, the payload of a block of that time, is before the place from which a recording is to be played. */
export type IsBefore = (timeNs: bigint, state: Uint8Array) => boolean;

/** Takes a block that belongs to no refresh. */
export type OnAside = (type: number, payload: Buffer) => void;

const ASIDES: readonly number[] = [BlockType.PAST, BlockType.CLOCK];

/** Resolves when enough has come to open it. */
export async function openStream(
	bytes: RecordingBytes,
	onAside?: OnAside,
	mostBlockBytes = MAX_BLOCK_BYTES,
): Promise<RecordingReader> {
	const until = async (length: number): Promise<void> => {
		while (!bytes.has(length)) await new Promise<void>((resolve) => bytes.onMore(resolve));
	};
	await until(PREAMBLE_BYTES + BLOCK_HEAD_BYTES);
	const head = decodeHeadAt(bytes.peek(PREAMBLE_BYTES + BLOCK_HEAD_BYTES), PREAMBLE_BYTES);
	if (head !== null && fits(head, mostBlockBytes)) await until(PREAMBLE_BYTES + BLOCK_HEAD_BYTES + head.storedBytes);
	return new RecordingReader(bytes, onAside, mostBlockBytes);
}

function fits({ storedBytes, rawBytes }: BlockHead, mostBytes: number): boolean {
	return storedBytes <= mostBytes && rawBytes <= mostBytes;
}

/** The time of the last refresh (0 if there is none), and whether the recording has an end. Reads only heads; closes the bytes. */
export function lastRefreshOf(bytes: RecordingBytes): { readonly timeNs: bigint; readonly hasEnd: boolean } {
	let last = 0n;
	let hasEnd = false;
	bytes.skip(PREAMBLE_BYTES);
	for (let head = bytes.peek(BLOCK_HEAD_BYTES); head.length === BLOCK_HEAD_BYTES; head = bytes.peek(BLOCK_HEAD_BYTES)) {
		const block = decodeBlockHead(head);
		if (block === null) {
			if (!findBlock(bytes)) break;
			continue;
		}
		if (GROUPED_TYPES.includes(block.type)) last = block.timeNs;
		hasEnd = block.type === BlockType.END;
		bytes.skip(BLOCK_HEAD_BYTES + block.storedBytes);
	}
	bytes.close();
	return { timeNs: last, hasEnd };
}

/** Skips to the next head after this place; false if there is none. */
function findBlock(bytes: RecordingBytes): boolean {
	bytes.skip(1);
	for (;;) {
		const next = bytes.peek(SEARCH_BYTES);
		const at = findHead(next);
		bytes.skip(at);
		if (at + BLOCK_HEAD_BYTES <= next.length) return true;
		if (next.length < SEARCH_BYTES) return false;
	}
}

/** Null at the end, and at damage. */
function headHere(bytes: RecordingBytes): BlockHead | null {
	return decodeHeadAt(bytes.peek(BLOCK_HEAD_BYTES), 0);
}

function decodeHeadAt(bytes: Buffer, at: number): BlockHead | null {
	return bytes.length < at + BLOCK_HEAD_BYTES ? null : decodeBlockHead(bytes.subarray(at));
}

export class RecordingReader implements RecordingInput {
	readonly info: RecordingInfo;
	readonly #bytes: RecordingBytes;
	readonly #onAside: OnAside;
	/** A larger block ends it; MAX_BLOCK_BYTES at most. */
	readonly #mostBlockBytes: number;
	readonly #convert: ((batch: Uint8Array) => Uint8Array) | null;
	/** Damage since the last block, and in all. */
	#isInGap = false;
	#gaps = 0;
	/** Changes are only used after a whole state. */
	#hasState = false;
	readonly #dictionary = new BlockDictionary();

	/** Opens the file, or takes over the bytes; throws RecordingError, NotAFileError or the system's error. */
	constructor(source: string | RecordingBytes, onAside: OnAside = () => {}, mostBlockBytes = MAX_BLOCK_BYTES) {
		this.#onAside = onAside;
		this.#mostBlockBytes = mostBlockBytes;
		this.#bytes = typeof source === "string" ? new FileBytes(source) : source;
		try {
			checkPreamble(this.#bytes.peek(PREAMBLE_BYTES));
			this.#bytes.skip(PREAMBLE_BYTES);
			const first = this.#nextBlock();
			if (first === null || first === "later" || first.type !== BlockType.INFO || this.#gaps > 0)
				throw new RecordingError("it is damaged");
			this.info = parseInfo(first.payload);
			this.#convert = this.info.content === "snapshots" ? null : converterOf(this.info);
		} catch (error) {
			this.close();
			throw error;
		}
	}

	/** True if damaged blocks were left out so far. */
	get isDamaged(): boolean {
		return this.#gaps > 0;
	}

	/**
	 * Skips to the last full state that is before the place; of what is between it reads only heads. Of records nothing is skipped,
	 * since the model needs them all, and nothing of a stream.
	 */
	skipTo(isBefore: IsBefore): void {
		const bytes = this.#bytes;
		if (this.info.content !== "snapshots" || !(bytes instanceof FileBytes)) return;
		let at = 0;
		let found = 0;
		for (let head = headHere(bytes); head !== null; head = headHere(bytes)) {
			const length = BLOCK_HEAD_BYTES + head.storedBytes;
			if (head.type === BlockType.STATE) {
				const state = fits(head, this.#mostBlockBytes)
					? decodePayload(head, bytes.peek(length).subarray(BLOCK_HEAD_BYTES))
					: null;
				if (state === null || !isBefore(head.timeNs, state)) break;
				found = at;
			}
			bytes.skip(length);
			at += length;
		}
		bytes.skip(found - at);
	}

	next(): RecordedBlock | null | "later" {
		for (;;) {
			const block = this.#nextBlock();
			if (block === "later") return block;
			if (block === null) throw new RecordingError(this.#gaps > 0 ? "it is damaged" : "its end is missing");
			if (block.type === BlockType.END) {
				if (this.#gaps > 0) throw new RecordingError("it is damaged");
				return null;
			}
			if (ASIDES.includes(block.type)) this.#onAside(block.type, block.payload);
			const batches = this.#batchesOf(block);
			if (batches === null) continue;
			const isAfterGap = this.#isInGap;
			this.#isInGap = false;
			return { timeNs: block.timeNs, batches, isAfterGap };
		}
	}

	onMore(listener: () => void): void {
		this.#bytes.onMore(listener);
	}

	close(): void {
		this.#bytes.close();
	}

	/** Null if the block has nothing that can be used. */
	#batchesOf({ type, payload }: Block): Iterable<Uint8Array> | null {
		if (this.info.content === "snapshots") {
			if (type === BlockType.STATE) this.#hasState = true;
			const isUsed = type === BlockType.STATE || (type === BlockType.DELTA && this.#hasState);
			return isUsed ? [payload] : null;
		}
		if (type !== BlockType.BATCHES) return null;
		if (areBatches(payload)) return this.#split(payload);
		this.#noteGap();
		return null;
	}

	/** The next undamaged block, null at the end. */
	#nextBlock(): Block | null | "later" {
		for (;;) {
			if (!this.#bytes.has(BLOCK_HEAD_BYTES)) return "later";
			const bytes = this.#bytes.peek(BLOCK_HEAD_BYTES);
			if (bytes.length < BLOCK_HEAD_BYTES) return null;
			const head = decodeBlockHead(bytes);
			if (head === null) {
				this.#noteGap();
				if (!findBlock(this.#bytes)) return null;
				continue;
			}
			if (!fits(head, this.#mostBlockBytes)) throw new RecordingError("a block of it is too large");
			if (!this.#bytes.has(BLOCK_HEAD_BYTES + head.storedBytes)) return "later";
			const stored = this.#bytes.peek(BLOCK_HEAD_BYTES + head.storedBytes).subarray(BLOCK_HEAD_BYTES);
			if (stored.length < head.storedBytes) return null;
			this.#bytes.skip(BLOCK_HEAD_BYTES + head.storedBytes);
			const payload = this.#payloadOf(head, stored);
			if (payload !== null) return { type: head.type, timeNs: head.timeNs, payload };
			this.#noteGap();
		}
	}

	#noteGap(): void {
		if (!this.#isInGap) this.#gaps++;
		this.#isInGap = true;
		this.#hasState = false;
		this.#dictionary.clear();
	}

	/** Null if it is damaged. */
	#payloadOf(head: BlockHead, stored: Buffer): Buffer | null {
		if (!KNOWN_TYPES.includes(head.type)) return stored;
		const payload = decodePayload(head, stored, this.#dictionary.bytes);
		if (payload !== null && GROUPED_TYPES.includes(head.type)) this.#dictionary.add(payload, isAfter(head));
		return payload;
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
}

const KNOWN_TYPES: readonly number[] = Object.values(BlockType);
/** Those with refreshes. */
const GROUPED_TYPES: readonly number[] = [BlockType.BATCHES, BlockType.STATE, BlockType.DELTA];

/** True if the payload consists of batches with room for at least one record: no others are ever written. */
function areBatches(payload: Buffer): boolean {
	for (let at = 0; at < payload.length; ) {
		const length = at + 4 <= payload.length ? payload.readUInt32LE(at) : 0;
		at += 4 + length;
		if (length < WIRE_SIZES.wire_head || at > payload.length) return false;
	}
	return true;
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
	const content: RecordingInfo["content"] = info.content === "snapshots" ? "snapshots" : "records";
	const isStreamed = info.isStreamed === true;
	return { ...info, content, isStreamed, events: knownEvents(info.events) } as unknown as RecordingInfo;
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
