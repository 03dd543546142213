/** Batches that were read but not delivered yet, in order. */

import type { Steps } from "../steps.ts";
import type { Sink } from "./feed.ts";
import { slicesOf } from "./slices.ts";

interface Waiting {
	readonly slices: Iterator<Uint8Array>;
	/** Called when all of it is delivered. */
	readonly onDone: (() => void) | undefined;
}

export class Backlog {
	readonly #waiting: Waiting[] = [];
	#bytes = 0;
	/** The remaining steps of the piece that was delivered last. */
	#steps: Steps | null = null;

	/** The number of waiting bytes. */
	get bytes(): number {
		return this.#bytes;
	}

	get isEmpty(): boolean {
		return this.#waiting.length === 0;
	}

	add(batch: Uint8Array, onDone?: () => void): void {
		this.#waiting.push({ slices: slicesOf(batch), onDone });
		this.#bytes += batch.length;
	}

	/** Delivers the next piece (some records), or continues with the last one; does nothing if nothing waits. */
	deliver(sink: Sink): void {
		if (this.#steps !== null) {
			if (this.#steps.next().done) this.#steps = null;
			return;
		}
		const first = this.#waiting[0];
		if (first === undefined) return;
		const { value, done } = first.slices.next();
		if (done) {
			this.#waiting.shift();
			first.onDone?.();
			return;
		}
		this.#bytes -= value.length;
		this.#steps = sink(value) ?? null;
	}
}
