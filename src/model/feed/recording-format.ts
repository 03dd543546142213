/**
 * The file format of recordings, all numbers little-endian.
 *
 *     preamble   16 bytes: magic, u32 format version, u32 zero
 *     block      32 bytes of head, then `storedBytes` of payload; a reader hops over types it does not know
 *       0 u32 mark   4 u16 type   6 u16 flags   8 u32 storedBytes   12 u32 rawBytes
 *      16 u64 timeNs (of the tick in it, CLOCK_BOOTTIME)   24 u32 crc32 of the payload   28 u32 crc32 of bytes 0-27
 *
 * Every block is a zstd frame, has its time and can be found by its mark, so that a later version can seek, rotate files and
 * recover after damage without a change to this one. A block with flag AFTER is compressed with what the blocks before it held as a
 * dictionary, from the last one on that has no such flag (see `BlockDictionary`): that saves a third. All others are self-contained.
 */

import { constants, crc32, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const FORMAT_VERSION = 1;
export const PREAMBLE_BYTES = 16;
export const BLOCK_HEAD_BYTES = 32;

const MAGIC = Buffer.from([0x89, 0x65, 0x62, 0x74, 0x6f, 0x70, 0x0a, 0x00]);
const MARK = 0x4b4c4265;
const MARK_BYTES = Buffer.from(Uint32Array.of(MARK).buffer);
/** Larger than any refresh of a large machine; a larger block is damaged or hostile. */
export const MAX_BLOCK_BYTES = 256 * 1024 * 1024;
/**
 * Of a small block most of the time goes into clearing and filling tables for the dictionary. With smaller ones than zstd would take
 * it needs 30 % less, and the same room. Level 3 takes half the time and 15 % more room. Of a large block all of the time is
 * compression, and there are many on a busy machine: with level 1 it is a quarter of it, and 10 % (of snapshots 20 %) more room.
 */
const SMALL = {
	[constants.ZSTD_c_compressionLevel]: 6,
	[constants.ZSTD_c_hashLog]: 16,
	[constants.ZSTD_c_chainLog]: 14,
};
const LARGE = { [constants.ZSTD_c_compressionLevel]: 1 };
const SMALL_BYTES = 128 * 1024;

export const BlockType = {
	/** JSON, see `RecordingInfo`; the first block. */
	INFO: 1,
	/** Batches, each after its u32 length. */
	BATCHES: 2,
	/** Empty: the recording was closed properly. */
	END: 3,
	/** A refresh as a whole, see `history/state-blocks.ts`. */
	STATE: 4,
	/** What changes from the refresh before. */
	DELTA: 5,
	/** A piece of what was before the first refresh (`serve/protocol.ts`); only a service sends it, on request. */
	PAST: 6,
	/** The answer to a question about the clock (`hosts/clock.ts`); only `--record - --clock` sends it. */
	CLOCK: 7,
} as const;

const BlockFlag = { ZSTD: 1, AFTER: 2 } as const;

/** More takes longer and saves little. */
const DICTIONARY_BYTES = 128 * 1024;

/** The last bytes of a group of blocks so far. Writer and reader keep the same. */
export class BlockDictionary {
	/** Several times as long as the dictionary, so that its bytes are seldom moved. */
	#room: Buffer | null = null;
	#end = 0;
	#isEmpty = true;

	/** Null if there is none, or a block of the group is missing. Valid until the next `add`. */
	get bytes(): Buffer | null {
		if (this.#isEmpty || this.#room === null) return null;
		return this.#room.subarray(Math.max(0, this.#end - DICTIONARY_BYTES), this.#end);
	}

	/** The next block begins a group. */
	clear(): void {
		this.#isEmpty = true;
		this.#end = 0;
	}

	/** `isAfter`: the block was compressed with what is in here. */
	add(payload: Buffer, isAfter: boolean): void {
		if (!isAfter) this.#end = 0;
		this.#room ??= Buffer.allocUnsafeSlow(4 * DICTIONARY_BYTES);
		const added = payload.subarray(-DICTIONARY_BYTES);
		if (this.#end + added.length > this.#room.length) {
			const from = Math.max(0, this.#end - DICTIONARY_BYTES);
			this.#room.copyWithin(0, from, this.#end);
			this.#end -= from;
		}
		added.copy(this.#room, this.#end);
		this.#end += added.length;
		this.#isEmpty = false;
	}
}

export interface BlockHead {
	readonly type: number;
	readonly flags: number;
	readonly storedBytes: number;
	readonly rawBytes: number;
	readonly timeNs: bigint;
	readonly payloadCrc: number;
}

/** A recording that cannot be read (further); the message says why. */
export class RecordingError extends Error {}

export function encodePreamble(): Buffer {
	const preamble = Buffer.alloc(PREAMBLE_BYTES);
	MAGIC.copy(preamble);
	preamble.writeUInt32LE(FORMAT_VERSION, 8);
	return preamble;
}

/** Throws unless the bytes begin a recording of a version that this program can read. */
export function checkPreamble(bytes: Buffer): void {
	if (bytes.length < PREAMBLE_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
		throw new RecordingError("it is not a recording of ebtop");
	}
	const version = bytes.readUInt32LE(8);
	if (version > FORMAT_VERSION) {
		throw new RecordingError(`a newer ebtop wrote it (format ${version}, this one reads up to ${FORMAT_VERSION})`);
	}
}

/** `dictionary`: of the group that it goes on; null: it is self-contained. */
export function encodeBlock(
	type: number,
	timeNs: bigint,
	payload: Uint8Array,
	dictionary: Buffer | null = null,
): Buffer {
	const stored = zstdCompressSync(payload, {
		params: {
			...(payload.length < SMALL_BYTES ? SMALL : LARGE),
			// With another dictionary it would become something else, and nothing would show that.
			[constants.ZSTD_c_checksumFlag]: dictionary === null ? 0 : 1,
		},
		pledgedSrcSize: payload.length,
		...(dictionary === null ? {} : { dictionary }),
	});
	return encodeStored(
		type,
		timeNs,
		stored,
		payload.length,
		BlockFlag.ZSTD | (dictionary === null ? 0 : BlockFlag.AFTER),
	);
}

/** The same for a payload that is compressed already. */
export function encodePlainBlock(type: number, payload: Uint8Array): Buffer {
	return encodeStored(type, 0n, payload, payload.length, 0);
}

function encodeStored(type: number, timeNs: bigint, stored: Uint8Array, rawBytes: number, flags: number): Buffer {
	const head = Buffer.alloc(BLOCK_HEAD_BYTES);
	head.writeUInt32LE(MARK, 0);
	head.writeUInt16LE(type, 4);
	head.writeUInt16LE(flags, 6);
	head.writeUInt32LE(stored.length, 8);
	head.writeUInt32LE(rawBytes, 12);
	head.writeBigUInt64LE(timeNs, 16);
	head.writeUInt32LE(crc32(stored), 24);
	head.writeUInt32LE(crc32(head.subarray(0, 28)), 28);
	return Buffer.concat([head, stored]);
}

/** What is in front of all other blocks; `info` says what is recorded (RecordingInfo). */
export function encodeBegin(info: object): Buffer {
	return Buffer.concat([encodePreamble(), encodeBlock(BlockType.INFO, 0n, Buffer.from(JSON.stringify(info)))]);
}

/** The block by which a reader knows that nothing is missing. */
export function encodeEnd(timeNs = 0n): Buffer {
	return encodeBlock(BlockType.END, timeNs, Buffer.alloc(0));
}

/** The offset of the first valid head; if there is none, the first offset that is too late for a whole head. */
export function findHead(bytes: Buffer): number {
	const end = Math.max(0, bytes.length - BLOCK_HEAD_BYTES + 1);
	for (let at = bytes.indexOf(MARK_BYTES); at >= 0 && at < end; at = bytes.indexOf(MARK_BYTES, at + 1)) {
		if (decodeBlockHead(bytes.subarray(at)) !== null) return at;
	}
	return end;
}

/** Null if the bytes are not a valid head. */
export function decodeBlockHead(bytes: Buffer): BlockHead | null {
	const isHead = bytes.readUInt32LE(0) === MARK && bytes.readUInt32LE(28) === crc32(bytes.subarray(0, 28));
	const storedBytes = bytes.readUInt32LE(8);
	const rawBytes = bytes.readUInt32LE(12);
	if (!isHead || storedBytes > MAX_BLOCK_BYTES || rawBytes > MAX_BLOCK_BYTES) return null;
	return {
		type: bytes.readUInt16LE(4),
		flags: bytes.readUInt16LE(6),
		storedBytes,
		rawBytes,
		timeNs: bytes.readBigUInt64LE(16),
		payloadCrc: bytes.readUInt32LE(24),
	};
}

export function isAfter({ flags }: BlockHead): boolean {
	return (flags & BlockFlag.AFTER) !== 0;
}

/** The payload, decompressed; null if it is damaged, or what it was compressed with is missing. */
export function decodePayload(head: BlockHead, stored: Buffer, dictionary: Buffer | null = null): Buffer | null {
	if (crc32(stored) !== head.payloadCrc) return null;
	if ((head.flags & ~(BlockFlag.ZSTD | BlockFlag.AFTER)) !== 0) throw new RecordingError("a newer ebtop wrote it");
	if (isAfter(head) && dictionary === null) return null;
	if ((head.flags & BlockFlag.ZSTD) === 0) return stored;
	try {
		const payload = zstdDecompressSync(stored, {
			maxOutputLength: Math.max(head.rawBytes, 1),
			...(isAfter(head) && dictionary !== null ? { dictionary } : {}),
		});
		if (payload.length === head.rawBytes) return payload;
	} catch {
		// not a zstd frame, or one larger than the head says
	}
	return null;
}
