/** A folder to write into: of this user alone, and held open, wherever its path leads later. */

import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { NotAFileError } from "../model/feed/regular-file.ts";

const FOLDER_MODE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;

export interface OwnFolder {
	readonly fd: number;
	/** Leads to the folder that was opened. */
	readonly path: string;
}

/** Makes it if there is none. Throws NotAFileError or the system's error. */
export function openOwnFolder(name: string): OwnFolder {
	const path = name.replace(/(?<=.)\/+$/, "");
	try {
		mkdirSync(path, FOLDER_MODE);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	}
	if (lstatSync(path).isSymbolicLink()) throw new NotAFileError("it is a symbolic link, name the folder itself");
	const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
	const { uid, mode } = fstatSync(fd);
	const why =
		uid !== process.geteuid?.()
			? "it belongs to another user"
			: (mode & WRITABLE_BY_OTHERS) !== 0
				? "others may write to it (chmod go-w helps)"
				: null;
	if (why === null) return { fd, path: `/proc/self/fd/${fd}` };
	closeSync(fd);
	throw new NotAFileError(why);
}
