/**
 * What the service and its viewers tell each other over a unix socket. A viewer sends one line; the service answers with a
 * recording of snapshots that does not end: the newest refresh as a whole, then each one as it comes.
 */

import { BlockType, encodePlainBlock } from "../model/feed/recording-format.ts";

/** Where a service offers what it measures, and where a viewer looks for one. */
export const USUAL_SOCKET = "/run/ebtop/ebtop.sock";

/** The members of this group may view. */
export const VIEWERS_GROUP = "ebtop";

/** All that a viewer may send. */
export const MOST_REQUEST_BYTES = 256;

export interface ViewRequest {
	/** How much of the past it wants, milliseconds. */
	readonly pastMs: number;
}

/** How much of the past a block holds, so that no refresh waits long behind it. */
const PIECE_BYTES = 128 << 10;
/** More is not taken for one stretch of the past. */
const MOST_PAST_BYTES = 64 << 20;

/** A stretch of the past as blocks; the first byte of a payload says whether it is the last. */
export function* pastBlocks(past: Uint8Array): Generator<Buffer> {
	for (let at = 0; at < past.length; at += PIECE_BYTES) {
		const isLast = at + PIECE_BYTES >= past.length;
		const piece = past.subarray(at, at + PIECE_BYTES);
		yield encodePlainBlock(BlockType.PAST, Buffer.concat([Uint8Array.of(isLast ? 1 : 0), piece]));
	}
}

/** Puts the pieces together again, and gives each stretch of the past to `take`; too long ones are not kept. */
export function pastTaker(take: (past: Buffer) => void): (payload: Buffer) => void {
	let pieces: Buffer[] = [];
	let bytes = 0;
	return (payload) => {
		bytes += payload.length;
		if (bytes <= MOST_PAST_BYTES) pieces.push(payload.subarray(1));
		if (payload[0] !== 1) return;
		const past = bytes <= MOST_PAST_BYTES ? Buffer.concat(pieces) : null;
		pieces = [];
		bytes = 0;
		if (past !== null) take(past);
	};
}

/** One line of JSON, so that a later version can ask for more. */
export function encodeRequest(request: ViewRequest): string {
	return `${JSON.stringify({ view: request })}\n`;
}

/** Null if it is not a request. */
export function parseRequest(line: string): ViewRequest | null {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return null;
	}
	const { view } = Object(value) as { view?: unknown };
	const { pastMs } = Object(view) as { pastMs?: unknown };
	return typeof pastMs === "number" && pastMs >= 0 ? { pastMs } : null;
}
