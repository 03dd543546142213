/**
 * The only file that writes to stdout and stderr (`scripts/lint/door.grit` checks it). All output is made safe for a
 * terminal here, and no write waits for its reader: what a slow reader has not taken is buffered, and the caller is
 * asked to wait. A reader that is gone is not an error.
 */

import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { isatty } from "node:tty";
import { Failure, systemReason } from "../failure.ts";
import { safeJson, safeLines, safeText } from "../model/safe-text.ts";
import { COLUMNS, ScreenOutput } from "./screen-output.ts";

export interface Writer<Data = string> {
	/** True while there is room; false asks to wait for `onDrain`. */
	write(data: Data): boolean;
	/** What was written and not taken yet. */
	readonly waitingBytes: number;
	/** Resolves when all was taken, the reader is gone or `timeoutMs` has passed; null waits without a limit. */
	flush(timeoutMs: number | null): Promise<void>;
}

export interface WriterEvents {
	/** There is room again after a `write` that returned false. */
	onDrain(): void;
	/** null: the reader closed its end, which ends the program normally. */
	onClosed(error: Failure | null): void;
}

/** Lines of plain text, or JSON Lines: unsafe characters become escapes of either format. */
export type OutputForm = "text" | "json";

const STDOUT = 1;
const STDERR = 2;
const SAFE = { text: safeLines, json: safeJson } as const;
/** How long to wait for the reader of errors, which may hang too. */
const ERROR_MS = 500;

/** Writes to stdout. */
export function openOutput(form: OutputForm, events: WriterEvents): Writer {
	return createWriter(STDOUT, SAFE[form], events);
}

/** Writes bytes to stdout, which must not be a terminal. Throws a Failure of status 2. */
export function openBytesOutput(events: WriterEvents): Writer<Uint8Array> {
	if (!isatty(STDOUT)) return createWriter(STDOUT, (bytes: Uint8Array) => bytes, events);
	throw new Failure("A recording cannot be shown on a terminal: pipe it into a program, or name a file.", 2);
}

/** Reports an error, in one line on stderr. Resolves when it was taken, or if nothing reads it in time. */
export function writeError(message: string): Promise<void> {
	return writeToStderr(`ebtop: ${safeText(message)}\n`);
}

/** Lines for developers, on stderr. */
export function writeDebugText(lines: string): Promise<void> {
	return lines === "" ? Promise.resolve() : writeToStderr(lines);
}

async function writeToStderr(lines: string): Promise<void> {
	const writer = createWriter(STDERR, safeLines, { onDrain: () => {}, onClosed: () => {} });
	writer.write(lines);
	await writer.flush(ERROR_MS);
}

/**
 * For libraries that use `stream.pipe()`: it compares its target with process.stdout and process.stderr, which opens them,
 * and a pipe that is open here cannot be opened again. Where they are no terminals, they become undefined.
 */
export function hideStandardStreams(): void {
	for (const [name, fd] of Object.entries({ stdout: STDOUT, stderr: STDERR }))
		if (!isatty(fd)) Object.defineProperty(process, name, { value: undefined, configurable: true });
}

/** The terminal as the screen draws on it. */
export function openScreenOutput(): ScreenOutput {
	return new ScreenOutput(openTerminal(STDOUT));
}

/** The width of the terminal; null if stdout is not one. */
export function outputColumns(): number | null {
	return isatty(STDOUT) ? openTerminal(STDOUT).columns || COLUMNS : null;
}

/** Makes what is written of what is given: text safe for a terminal. */
type Prepare<Data> = (data: Data) => string | Uint8Array;

/** Pipes, sockets and terminals are written in the background; files take everything at once. */
function createWriter<Data>(fd: number, prepare: Prepare<Data>, events: WriterEvents): Writer<Data> {
	if (isatty(fd)) return new StreamWriter(openTerminal(fd), prepare, events);
	const stat = fstatSync(fd);
	if (!stat.isFIFO() && !stat.isSocket()) return new FileWriter(fd, prepare, events);
	return new StreamWriter(new Socket({ fd, readable: false, writable: true }), prepare, events);
}

/** In Node a write to a terminal blocks the program, so a terminal that takes nothing would stop everything. */
function openTerminal(fd: number): NodeJS.WriteStream {
	const stream = fd === STDOUT ? process.stdout : process.stderr;
	const { _handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): number } };
	_handle?.setBlocking?.(false);
	return stream;
}

/** A terminal that was closed answers EIO. */
function closedBecause(error: unknown): Failure | null {
	const { code } = error as NodeJS.ErrnoException;
	if (code === "EPIPE" || code === "ECONNRESET" || code === "EIO") return null;
	return new Failure(`Cannot write the output: ${systemReason(error)}.`, 1);
}

class StreamWriter<Data> implements Writer<Data> {
	readonly #stream: Writable;
	readonly #prepare: Prepare<Data>;
	#isClosed = false;

	constructor(stream: Writable, prepare: Prepare<Data>, { onDrain, onClosed }: WriterEvents) {
		this.#stream = stream;
		this.#prepare = prepare;
		stream.on("drain", onDrain);
		stream.on("error", (error) => {
			this.#isClosed = true;
			onClosed(closedBecause(error));
		});
	}

	get waitingBytes(): number {
		return this.#isClosed ? 0 : this.#stream.writableLength;
	}

	write(data: Data): boolean {
		return this.#isClosed || this.#stream.write(this.#prepare(data));
	}

	flush(timeoutMs: number | null): Promise<void> {
		return new Promise((resolve) => {
			if (this.#isClosed || this.#stream.writableLength === 0) return resolve();
			const timer = timeoutMs === null ? undefined : setTimeout(resolve, timeoutMs);
			const done = (): void => {
				clearTimeout(timer);
				resolve();
			};
			this.#stream.once("close", done);
			this.#stream.once("error", done);
			this.#stream.write("", done);
		});
	}
}

class FileWriter<Data> implements Writer<Data> {
	readonly waitingBytes = 0;
	readonly #fd: number;
	readonly #prepare: Prepare<Data>;
	readonly #onClosed: WriterEvents["onClosed"];
	#isClosed = false;

	constructor(fd: number, prepare: Prepare<Data>, { onClosed }: WriterEvents) {
		this.#fd = fd;
		this.#prepare = prepare;
		this.#onClosed = onClosed;
	}

	write(data: Data): boolean {
		if (this.#isClosed) return true;
		const prepared = this.#prepare(data);
		const bytes = typeof prepared === "string" ? Buffer.from(prepared) : prepared;
		try {
			for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
		} catch (error) {
			this.#isClosed = true;
			this.#onClosed(closedBecause(error));
		}
		return true;
	}

	async flush(): Promise<void> {}
}
