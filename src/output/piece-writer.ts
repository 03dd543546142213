/** Writes texts in pieces; the next pieces are made when there is room for them. */

import type { Failure } from "../failure.ts";
import { type OutputForm, openOutput, type Writer } from "./door.ts";

/** How many characters are written at a time. */
const CHUNK_LENGTH = 64 * 1024;

export interface PieceWriterEvents {
	/** True: output is held back from now on; false: it is written at once again. */
	onHold(isHeld: boolean): void;
	/** null: the reader closed its end, which ends the program normally. */
	onClosed(error: Failure | null): void;
}

export class PieceWriter {
	readonly #writer: Writer;
	readonly #onHold: PieceWriterEvents["onHold"];
	/** The first one is being written. */
	#texts: Iterator<string>[] = [];
	#isFull = false;
	#onEmpty: () => void = () => {};

	constructor(form: OutputForm, { onHold, onClosed }: PieceWriterEvents) {
		this.#onHold = onHold;
		this.#writer = openOutput(form, {
			onDrain: () => {
				this.#isFull = false;
				this.#proceed();
				if (!this.#isFull) onHold(false);
			},
			onClosed: (error) => {
				this.#texts = [];
				this.#onEmpty();
				onClosed(error);
			},
		});
	}

	write(pieces: Iterable<string>): void {
		this.#texts.push(pieces[Symbol.iterator]());
		this.#proceed();
		if (this.#isFull) this.#onHold(true);
	}

	/** Resolves when all was taken, the reader is gone or `timeoutMs` has passed; null waits without a limit. */
	async flush(timeoutMs: number | null): Promise<void> {
		const { promise, resolve } = Promise.withResolvers<void>();
		const timer = timeoutMs === null ? undefined : setTimeout(resolve, timeoutMs);
		this.#onEmpty = resolve;
		if (this.#texts.length === 0) resolve();
		await promise;
		clearTimeout(timer);
		await this.#writer.flush(timeoutMs);
	}

	#proceed(): void {
		while (!this.#isFull && this.#texts.length > 0) this.#isFull = !this.#writer.write(this.#nextChunk());
		if (this.#texts.length === 0) this.#onEmpty();
	}

	#nextChunk(): string {
		let chunk = "";
		while (chunk.length < CHUNK_LENGTH) {
			const next = this.#texts[0]?.next();
			if (next === undefined) break;
			if (next.done) this.#texts.shift();
			else chunk += next.value;
		}
		return chunk;
	}
}
