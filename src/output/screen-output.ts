/**
 * The terminal as a stream that the screen draws on. It takes at most what one look at the terminal takes: who draws waits
 * for `drain`, so that a terminal that takes nothing costs nothing, and finds the newest picture when it takes again.
 */

import { Writable } from "node:stream";
import { escapeUnsafe, UNSAFE } from "../model/safe-text.ts";
import { clipboardSequence } from "./clipboard.ts";

/** What a terminal is said to be that does not know its size. */
export const COLUMNS = 80;
const ROWS = 24;

/** Colours, moves, erasing; the cursor, the mouse, the other screen, marked pastes and whole frames on and off. No other sequence is sent. */
const SEQUENCE = String.raw`\x1b\[(?:[\d;]*[A-HJKm]|\?(?:25|1000|1006|1049|2004|2026)[hl])`;
/** Most of a frame is plain, which is seen at once. */
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
		this.on("error", () => {}); // whoever draws listens too, and after that nobody has to
		this.on("drain", () => this.#isResized && this.#onResize());
	}

	get columns(): number {
		return this.#terminal.columns || COLUMNS;
	}

	get rows(): number {
		return this.#terminal.rows || ROWS;
	}

	/** Asks the terminal to take `text` into its clipboard, between two frames. */
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

	/** A new size is drawn anew, so it waits like any other frame. */
	readonly #onResize = (): void => {
		this.#isResized = this.writableNeedDrain;
		if (!this.#isResized) this.emit("resize");
	};
}
