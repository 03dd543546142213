/**
 * Converts the records of a recording to this program's layout by the names of the fields, so that recordings of any
 * version can be read: fields that are new here are 0, fields that are unknown here are dropped.
 */

import * as wire from "../wire/layout.gen.ts";
import { writeRecordSize } from "../wire/record-head.ts";
import { MAX_BLOCK_BYTES, RecordingError } from "./recording-format.ts";

/** The place of a field in its struct. `count`: elements of an array, `bytes` each. */
interface FieldPlace {
	readonly at: number;
	readonly bytes: number;
	readonly count: number;
}

type Fields = Readonly<Record<string, FieldPlace>>;

/** The layout of a recording: the size and fields of each struct. */
export interface RecordLayout {
	readonly sizes: Readonly<Record<string, number>>;
	readonly fields: Readonly<Record<string, Fields>>;
}

export const OUR_LAYOUT: RecordLayout = { sizes: wire.WIRE_SIZES, fields: wire.WIRE_FIELDS };

const HEAD_BYTES = wire.WIRE_SIZES.wire_head;
/** A record's size is 16 bits wide. */
const MAX_RECORD_BYTES = 0xffff;

/** From the recording's struct to ours: which bytes to copy where. */
interface Move {
	readonly oldBytes: number;
	readonly newBytes: number;
	readonly copies: readonly { readonly from: number; readonly to: number; readonly bytes: number }[];
}

/** The layout stated in a recording; null if that is not valid. */
export function parseLayout(sizes: unknown, fields: unknown): RecordLayout | null {
	if (!isRecordOf(sizes, isStructSize) || !isRecordOf(fields, (each) => isRecordOf(each, isPlace))) return null;
	const layout = { sizes, fields } as RecordLayout;
	const isInside = (struct: string, { at, bytes, count }: FieldPlace) =>
		at + bytes * count <= (layout.sizes[struct] ?? 0);
	const isWhole = Object.entries(layout.fields).every(([struct, places]) =>
		Object.values(places).every((place) => isInside(struct, place)),
	);
	return isWhole ? layout : null;
}

/** A function that converts batches; null if the layouts are the same. The head is the same in all versions. */
export function converterFrom(layout: RecordLayout): ((batch: Uint8Array) => Uint8Array) | null {
	const moves = new Map<number, Move>();
	for (const [type, { struct }] of Object.entries(wire.WIRE_RECORDS)) {
		const move = moveOf(struct, layout);
		if (move !== null) moves.set(Number(type), move);
	}
	return moves.size === 0 ? null : (batch) => convert(batch, moves);
}

function moveOf(struct: keyof typeof wire.WIRE_SIZES, layout: RecordLayout): Move | null {
	const oldBytes = layout.sizes[struct];
	const theirs = layout.fields[struct];
	if (oldBytes === undefined || theirs === undefined) return null;
	const ours: Fields = wire.WIRE_FIELDS[struct];
	const shared = Object.entries(ours).flatMap(([name, place]) => {
		const their = Object.hasOwn(theirs, name) ? theirs[name] : undefined;
		// A field keeps its width as long as it keeps its name (wire.h).
		return their === undefined || their.bytes !== place.bytes ? [] : [{ place, their }];
	});
	const newBytes = wire.WIRE_SIZES[struct];
	const isSame =
		oldBytes === newBytes &&
		shared.length === Object.keys(ours).length &&
		shared.every(({ place, their }) => place.at === their.at && place.count === their.count);
	if (isSame) return null;
	const copies = shared.map(({ place, their }) => ({
		from: their.at,
		to: place.at,
		bytes: place.bytes * Math.min(place.count, their.count),
	}));
	return { oldBytes, newBytes, copies };
}

/** Malformed records stay malformed: the decoder counts them. */
function convert(batch: Uint8Array, moves: ReadonlyMap<number, Move>): Uint8Array {
	const result = new Uint8Array(convertedLength(batch, moves));
	let to = 0;
	eachRecord(batch, moves, (record, move) => {
		if (move === undefined) result.set(record, to);
		else moveFields(record, result.subarray(to, to + movedLength(record.length, move)), move);
		to += movedLength(record.length, move);
	});
	return result;
}

/** Throws if a few bytes claim to be many records of a struct that is far larger here. */
function convertedLength(batch: Uint8Array, moves: ReadonlyMap<number, Move>): number {
	let length = 0;
	eachRecord(batch, moves, (record, move) => {
		length += movedLength(record.length, move);
	});
	if (length <= Math.max(MAX_BLOCK_BYTES, batch.length)) return length;
	throw new RecordingError("it is damaged");
}

/** Calls `visit` with each record and how its fields move; at the end also with bytes that are not a record. */
function eachRecord(
	batch: Uint8Array,
	moves: ReadonlyMap<number, Move>,
	visit: (record: Uint8Array, move: Move | undefined) => void,
): void {
	const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
	let at = 0;
	while (at + HEAD_BYTES <= batch.length) {
		const size = wire.headSize(view, at);
		if (size < HEAD_BYTES || at + size > batch.length) break;
		visit(batch.subarray(at, at + size), moves.get(wire.headType(view, at)));
		at += size;
	}
	if (at < batch.length) visit(batch.subarray(at), undefined);
}

/** A truncated record, or one that would be too large, becomes just a head. */
function movedLength(length: number, move: Move | undefined): number {
	if (move === undefined) return length;
	const moved = length - move.oldBytes + move.newBytes;
	return length >= move.oldBytes && moved <= MAX_RECORD_BYTES ? moved : HEAD_BYTES;
}

function moveFields(record: Uint8Array, result: Uint8Array, { oldBytes, newBytes, copies }: Move): void {
	result.set(record.subarray(0, HEAD_BYTES));
	writeRecordSize(result);
	if (result.length === HEAD_BYTES) return;
	for (const { from, to, bytes } of copies) result.set(record.subarray(from, from + bytes), to);
	result.set(record.subarray(oldBytes), newBytes);
}

function isRecordOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
	return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isItem);
}

function isStructSize(value: unknown): boolean {
	return isCount(value) && value >= HEAD_BYTES && value <= MAX_RECORD_BYTES && value % 8 === 0;
}

function isPlace(value: unknown): boolean {
	const { at, bytes, count } = Object(value) as Record<string, unknown>;
	return isCount(at) && at <= MAX_RECORD_BYTES && [1, 2, 4, 8].includes(bytes as number) && isCount(count);
}

function isCount(value: unknown): value is number {
	return Number.isInteger(value) && (value as number) >= 0;
}
