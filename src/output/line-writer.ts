/**
 * Writes text to a file descriptor without ever blocking the program: what a slow reader has not taken yet is kept,
 * and the caller is told to hold back. A reader that has gone away is no error.
 */

import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isatty } from "node:tty";
import { Failure, systemReason } from "../failure.ts";

export interface Writer {
	/** True while there is room; false asks to wait for `onDrain`. */
	write(text: string): boolean;
	/** Resolves when all was taken, the reader has gone or `timeoutMs` has passed; null waits as long as it takes. */
	flush(timeoutMs: number | null): Promise<void>;
}

export interface WriterEvents {
	/** There is room again after a `write` that returned false. */
	onDrain(): void;
	/** null: the reader closed its end, which ends the program in order. */
	onClosed(error: Failure | null): void;
}

/** Pipes and sockets are written in the background; files and terminals take what they are given at once. */
export function createWriter(fd: number, events: WriterEvents): Writer {
	const stat = fstatSync(fd);
	return stat.isFIFO() || stat.isSocket() ? new PipeWriter(fd, events) : new FileWriter(fd, events);
}

function closedBecause(error: unknown, fd: number): Failure | null {
	const { code } = error as NodeJS.ErrnoException;
	const isHangUp = code === "EIO" && isatty(fd);
	if (code === "EPIPE" || code === "ECONNRESET" || isHangUp) return null;
	return new Failure(`Cannot write the output: ${systemReason(error)}.`, 1);
}

class PipeWriter implements Writer {
	readonly #socket: Socket;
	#isClosed = false;

	constructor(fd: number, { onDrain, onClosed }: WriterEvents) {
		this.#socket = new Socket({ fd, readable: false, writable: true });
		this.#socket.on("drain", onDrain);
		this.#socket.on("error", (error) => {
			this.#isClosed = true;
			onClosed(closedBecause(error, fd));
		});
	}

	write(text: string): boolean {
		return this.#isClosed || this.#socket.write(text);
	}

	flush(timeoutMs: number | null): Promise<void> {
		return new Promise((resolve) => {
			if (this.#isClosed || this.#socket.writableLength === 0) return resolve();
			const timer = timeoutMs === null ? undefined : setTimeout(resolve, timeoutMs);
			const done = (): void => {
				clearTimeout(timer);
				resolve();
			};
			this.#socket.once("close", done);
			this.#socket.write("", done);
		});
	}
}

class FileWriter implements Writer {
	readonly #fd: number;
	readonly #onClosed: WriterEvents["onClosed"];
	#isClosed = false;

	constructor(fd: number, { onClosed }: WriterEvents) {
		this.#fd = fd;
		this.#onClosed = onClosed;
	}

	write(text: string): boolean {
		if (this.#isClosed) return true;
		const bytes = Buffer.from(text);
		try {
			for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
		} catch (error) {
			this.#isClosed = true;
			this.#onClosed(closedBecause(error, this.#fd));
		}
		return true;
	}

	async flush(): Promise<void> {}
}
