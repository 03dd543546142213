/** Syncs a file that is written to, so that a loss of power takes at most the last five seconds of it. */

import { closeSync, fdatasync, fdatasyncSync } from "node:fs";

/** How long something stays unsynced; the sync itself takes time too. */
const SYNC_MS = 4000;
/** Not every file system can do it. */
const CANNOT = ["EINVAL", "ENOSYS", "ENOTSUP"];

export class DiskSync {
	readonly #fd: number;
	#timer: NodeJS.Timeout | null = null;
	#isSyncing = false;
	#isClosed = false;
	#error: Error | null = null;

	constructor(fd: number) {
		this.#fd = fd;
	}

	/** Something was written. Throws the system's error of a sync before. */
	wrote(): void {
		if (this.#error !== null) throw this.#error;
		this.#start();
	}

	/** The same for all of it, and closes the file; on another thread if something else will be written. */
	close(isLast: boolean): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#isClosed = true;
		if (isLast) this.#closeNow();
		else if (!this.#isSyncing) this.#sync(); // a sync under way closes it
	}

	#closeNow(): void {
		try {
			fdatasyncSync(this.#fd);
		} catch (error) {
			if (isFailure(error as Error)) throw error;
		} finally {
			if (!this.#isSyncing) closeSync(this.#fd);
		}
	}

	#start(): void {
		this.#timer ??= setTimeout(() => this.#sync(), SYNC_MS).unref();
	}

	#sync(): void {
		this.#timer = null;
		// On a slow disk the one before may not be done.
		if (this.#isSyncing) {
			this.#start();
			return;
		}
		this.#isSyncing = true;
		fdatasync(this.#fd, (error) => {
			this.#isSyncing = false;
			if (error !== null && isFailure(error)) this.#error = error;
			if (this.#isClosed) closeSync(this.#fd);
		});
	}
}

const isFailure = (error: NodeJS.ErrnoException): boolean => !CANNOT.includes(error.code ?? "");
