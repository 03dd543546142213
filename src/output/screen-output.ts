/**
 * The terminal as a stream that the screen draws on. It takes one frame at a time: the screen waits for `drain`, so
 * that a stuck terminal costs nothing, and gets the newest frame when it accepts output again.
 */

import { Writable } from "node:stream";
import { escapeUnsafe, UNSAFE } from "../model/safe-text.ts";
import { clipboardSequence } from "./clipboard.ts";

/** The assumed size of a terminal that does not know its own. */
export const COLUMNS = 80;
const ROWS = 24;

/**
 * All sequences that may be sent: colours, moves, erasing; cursor, mouse, alternate screen, bracketed paste and
 * synchronized output on and off.
 */
const SEQUENCE = String.raw`\x1b\[(?:[\d;]*[A-HJKm]|\?(?:25|1000|1006|1049|2004|2026)[hl])`;
/** Most of a frame is plain, which is checked quickly. */
const FOREIGN = new RegExp(String.raw`(?![\x20-\x7e\r\n])(?!${SEQUENCE})${UNSAFE}`, "gu");

export class ScreenOutput extends Writable {
	readonly isTTY = true;
	readonly #terminal: NodeJS.WriteStream;
	#isResized = false;

	constructor(terminal: NodeJS.WriteStream) {
		super({ decodeStrings: false });
		this.#terminal = terminal;
		terminal.on("resize", this.#onResize);
		terminal.on("error", (error) => this.destroy(error));
		this.on("error", () => {}); // the screen listens too; after it has stopped, no other listener is needed
		this.on("drain", () => this.#isResized && this.#onResize());
	}

	get columns(): number {
		return this.#terminal.columns || COLUMNS;
	}

	get rows(): number {
		return this.#terminal.rows || ROWS;
	}

	/** Asks the terminal to put `text` into its clipboard, between two frames. */
	copy(text: string, isInTmux: boolean): void {
		this.#terminal.write(clipboardSequence(text, isInTmux));
	}

	override _write(chunk: string, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#terminal.write(chunk.replace(FOREIGN, escapeUnsafe), done);
	}

	override _destroy(error: Error | null, done: (error: Error | null) => void): void {
		this.#terminal.off("resize", this.#onResize);
		done(error);
	}

	/** A resize needs a new frame, so it waits like any other. */
	readonly #onResize = (): void => {
		this.#isResized = this.writableNeedDrain;
		if (!this.#isResized) this.emit("resize");
	};
}
