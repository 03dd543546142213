/**
 * Opens files as if they were hostile: a user who can write to the folder may have put anything there. A FIFO would
 * block the program, opening a device may have side effects, a link could lead root to another file. Only regular files
 * are opened.
 */

import {
	closeSync,
	constants,
	fchmodSync,
	fstatSync,
	ftruncateSync,
	lstatSync,
	openSync,
	type Stats,
	statSync,
	unlinkSync,
	writeSync,
} from "node:fs";
import { DiskSync } from "./disk-sync.ts";

/** In case it is replaced by a FIFO or a terminal meanwhile. */
const SAFELY = constants.O_NONBLOCK | constants.O_NOCTTY;
const OWNER_ONLY = 0o600;

/** The path is not a file that can be read or written. The message is the end of a sentence that says why. */
export class NotAFileError extends Error {}

/** Opens a file for reading; throws NotAFileError or the system's error. */
export function openToRead(path: string): number {
	refuseOther(statSync(path));
	return checked(openSync(path, constants.O_RDONLY | SAFELY), refuseOther);
}

function refuseOther(stat: Stats): void {
	if (stat.isFile()) return;
	if (stat.isDirectory()) throw new NotAFileError("it is a directory");
	if (stat.isSymbolicLink()) throw new NotAFileError("it is a symbolic link, name the file itself");
	if (stat.isFIFO()) throw new NotAFileError("it is a FIFO, not a file");
	throw new NotAFileError(`it is a ${stat.isSocket() ? "socket" : "device"}, not a file`);
}

/** A file's owner can read what is written to it, and a second link may belong to a file that only root may change. */
function refuseForeign(stat: Stats): void {
	refuseOther(stat);
	if (stat.uid !== process.geteuid?.()) throw new NotAFileError("it belongs to another user, remove it first");
	if (stat.nlink > 1) throw new NotAFileError("it has another name too, remove it first");
}

function checked(fd: number, refuse: (stat: Stats) => void): number {
	try {
		refuse(fstatSync(fd));
		return fd;
	} catch (error) {
		closeSync(fd);
		throw error;
	}
}

/** A file that is opened before there is anything to write, so that failure is known at once. */
export class OutputFile {
	readonly #path: string;
	readonly #fd: number;
	readonly #isNew: boolean;
	readonly #disk: DiskSync;
	#isWritten = false;
	#length = 0;

	/**
	 * Readable by its owner only; keeps its old content until the first write. Throws NotAFileError or the system's error.
	 */
	constructor(path: string) {
		this.#path = path;
		const fd = create(path);
		this.#isNew = fd !== null;
		this.#fd = fd ?? openToWrite(path);
		this.#disk = new DiskSync(this.#fd);
	}

	/** Bytes that were written. */
	get length(): number {
		return this.#length;
	}

	/** All of it or nothing; throws the system's error. */
	write(bytes: Uint8Array): void {
		if (!this.#isWritten) ftruncateSync(this.#fd);
		this.#isWritten = true;
		writeWhole(this.#fd, this.#length, bytes);
		this.#length += bytes.length;
		this.#disk.wrote();
	}

	/** Removes a file that was created but never written. Throws the system's error if not all of it is on the disk. */
	close(): void {
		if (this.#isNew && !this.#isWritten) unlinkSync(this.#path);
		if (this.#isWritten) this.#disk.close(true);
		else closeSync(this.#fd);
	}
}

/** Writes at the end, where the file has `length` bytes; what does not fit leaves it as it was. Throws the system's error. */
export function writeWhole(fd: number, length: number, bytes: Uint8Array): void {
	try {
		for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
	} catch (error) {
		try {
			ftruncateSync(fd, length);
		} catch {
			// who reads it leaves out what is not whole
		}
		throw error;
	}
}

/** The new file; null if something exists already. */
function create(path: string): number | null {
	try {
		return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | SAFELY, OWNER_ONLY);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
		throw error;
	}
}

function openToWrite(path: string): number {
	refuseForeign(lstatSync(path));
	const fd = checked(openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW | SAFELY), refuseForeign);
	fchmodSync(fd, OWNER_ONLY);
	return fd;
}
