/** Which segment or process wrote which bytes of a stream, and which requests over a connection are unanswered. */

import type { Process } from "../../model/tables/process/process.ts";
import type { Segment } from "./segment.ts";

/** A process of the command, or a segment of a daemon. */
export type Writer = Segment | Process;

/** Bytes that moved in one call. */
export interface Piece {
	readonly position: number;
	readonly bytes: number;
	/** Hash of their beginning; 0 if not known. */
	readonly mark: number;
	readonly timeNs: number;
}

interface Written extends Piece {
	readonly writer: Writer;
}

/** Bytes that were read and whose writer is not known yet: the record of a write may come after that of its read. */
interface Unexplained extends Piece {
	readonly reader: Segment;
}

/** Per stream; older pieces were read long ago. */
const MOST_PIECES = 256;
/** Positions of TCP are sequence numbers. */
const SEQUENCE_SPAN = 2 ** 32;
/** Reads in a row, of different content, that confirm their positions by it, until these are believed. */
const SURE_READS = 3;
/** Calls that end this close together may have moved their bytes in the other order. */
const CLOSE_NS = 100_000;

export interface Origin {
	/** Each once; null for bytes whose writer is unknown. */
	readonly writers: readonly (Writer | null)[];
	/** It cannot be told which of several wrote them. */
	readonly isUnsure: boolean;
	/** By its content, as were the reads before it: so the position need not be believed. */
	readonly isConfirmed?: boolean;
}

export class Stream {
	readonly #written: Written[] = [];
	readonly #unexplained: Unexplained[] = [];
	readonly #isTcp: boolean;
	/** By how much positions of reads were ahead of those of their writes, how often in a row, and the last content. */
	#lead = 0;
	#confirmed = 0;
	#lastMark = 0;

	constructor(isTcp: boolean) {
		this.#isTcp = isTcp;
	}

	/** Returns the segments that have already read some of these bytes. */
	wrote(piece: Piece, writer: Writer): Segment[] {
		const { position, bytes, mark, timeNs } = piece;
		this.#written.push({ position, bytes, mark, timeNs, writer });
		if (this.#written.length > MOST_PIECES) this.#written.shift();
		const found = this.#unexplained.filter((read) => this.#isMaybe(piece, read));
		for (const read of found) this.#unexplained.splice(this.#unexplained.indexOf(read), 1);
		return found.map(({ reader }) => reader);
	}

	originOf(piece: Piece): Origin {
		const found = this.#written.filter((written) => this.#overlap(written, piece) > 0);
		const known = found.reduce((sum, written) => sum + this.#overlap(written, piece), 0);
		const writers = [...new Set(found.map(({ writer }) => writer)), ...(known < piece.bytes ? [null] : [])];
		if (this.#isTcp || piece.mark === 0) return { writers, isUnsure: false };
		const placed = found.find(({ position }) => position === piece.position);
		if (placed?.mark === piece.mark) {
			const isUnsure = this.#hasTwin(placed);
			return { writers, isUnsure, isConfirmed: !isUnsure && this.#isConfirmed(piece, 0) };
		}
		const same = this.#written.filter(({ mark, bytes }) => mark === piece.mark && bytes === piece.bytes);
		const [one] = same;
		if (one !== undefined && new Set(same.map(({ writer }) => writer)).size === 1)
			return {
				writers: [one.writer],
				isUnsure: false,
				isConfirmed: this.#isConfirmed(piece, piece.position - one.position),
			};
		// The bytes at this position differ from those that were read: two writes ended in the other order.
		return placed === undefined || placed.mark === 0
			? { writers, isUnsure: false }
			: { writers: [null], isUnsure: true };
	}

	#isConfirmed({ mark }: Piece, lead: number): boolean {
		if (lead !== this.#lead) this.#confirmed = 0;
		if (mark !== this.#lastMark) this.#confirmed++;
		this.#lead = lead;
		this.#lastMark = mark;
		return this.#confirmed >= SURE_READS;
	}

	/** Whether `read` may be of these bytes: by their hash, or else by position. */
	#isMaybe(written: Piece, read: Piece): boolean {
		if (this.#isTcp || written.mark === 0 || read.mark === 0) return this.#overlap(written, read) > 0;
		return written.bytes === read.bytes
			? written.mark === read.mark
			: this.#overlap(written, read) > 0 && written.position !== read.position;
	}

	/** The writer of these bytes will be reported later, or is not followed. */
	wait(piece: Piece, reader: Segment): void {
		this.#unexplained.push({ ...piece, reader });
		if (this.#unexplained.length > MOST_PIECES) this.#unexplained.shift();
	}

	/** Whether another writer wrote the same bytes at the same time. */
	#hasTwin({ mark, writer, timeNs }: Written): boolean {
		return this.#written.some(
			(other) => other.writer !== writer && other.mark === mark && Math.abs(other.timeNs - timeNs) < CLOSE_NS,
		);
	}

	#overlap(one: Piece, other: Piece): number {
		let from = other.position;
		if (this.#isTcp) {
			// Takes the nearest of all positions that are equal modulo 2^32.
			while (from - one.position > SEQUENCE_SPAN / 2) from -= SEQUENCE_SPAN;
			while (one.position - from > SEQUENCE_SPAN / 2) from += SEQUENCE_SPAN;
		}
		return Math.min(one.position + one.bytes, from + other.bytes) - Math.max(one.position, from);
	}
}

/**
 * The state of one end of a connection that this side did not accept, or of a pipe: which side asks and which answers.
 */
export class Asked {
	/** The side that reads first is asked, and its writes are answers. Null: not known yet. */
	isAsked: boolean | null = null;
	/** The segment that wrote and has no answer yet. */
	#asker: Segment | null = null;
	/** Two had asked at the same time: the order does not tell which answer belongs to which. */
	#isShared = false;
	#isAnswered = false;

	ask(segment: Segment): void {
		if (this.#asker !== null && this.#asker !== segment && !this.#isAnswered) this.#isShared = true;
		this.#asker = segment;
		this.#isAnswered = false;
	}

	/** The only segment that the next answer, or more of it, can be for; null if there are several. */
	answer(): Segment | null {
		this.#isAnswered = true;
		return this.#isShared ? null : this.#asker;
	}
}
