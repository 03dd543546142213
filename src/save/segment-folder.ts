/**
 * A folder of segments, for its owner alone: opened before rights are dropped, and held open, wherever its path leads later. One
 * recorder at a time has it.
 */

import {
	closeSync,
	constants,
	fdatasyncSync,
	fsync,
	futimesSync,
	openSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	unlinkSync,
} from "node:fs";
import { loadAddon } from "../model/feed/addon.ts";
import { NotAFileError } from "../model/feed/regular-file.ts";
import { isSegment, listSegments, MOST_SEGMENT_NUMBER, segmentName } from "../model/feed/segment-names.ts";
import { openOwnFolder } from "./own-folder.ts";

const OWNER_ONLY = 0o600;

export interface Segment {
	readonly name: string;
	readonly bytes: number;
	/** When it was last written, milliseconds since 1970. */
	readonly endMs: number;
}

/** Its name while it is written, which is not that of a segment. */
const NEXT = ".next";

export interface Replacement {
	readonly fd: number;
	finish(): void;
	drop(): void;
}

export class SegmentFolder {
	readonly #fd: number;
	readonly #path: string;
	readonly #lock: number;
	#number: number;

	/** Makes it if there is none. Throws NotAFileError or the system's error. */
	constructor(path: string) {
		const { fd, path: held } = openOwnFolder(path);
		this.#fd = fd;
		this.#path = held;
		// An opening of its own: with an fsync under way, that of the folder is not closed at once.
		this.#lock = openSync(held, constants.O_RDONLY | constants.O_DIRECTORY);
		if (!loadAddon().lockFile(this.#lock)) {
			this.close();
			throw new NotAFileError("another ebtop records to it, name another folder");
		}
		this.#number = listSegments(this.#path).at(-1)?.number ?? 0;
	}

	/** The finished ones, oldest first. */
	segments(): Segment[] {
		return listSegments(this.#path).flatMap(({ name }) => {
			const stat = statSync(`${this.#path}/${name}`, { throwIfNoEntry: false });
			return stat?.isFile() ? [{ name, bytes: stat.size, endMs: stat.mtimeMs }] : [];
		});
	}

	/** A new file; throws the system's error. */
	create(beginMs: number): { readonly name: string; readonly fd: number } {
		for (;;) {
			this.#number = Math.min(this.#number + 1, MOST_SEGMENT_NUMBER);
			const name = segmentName(this.#number, beginMs);
			try {
				const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
				const fd = openSync(`${this.#path}/${name}`, flags, OWNER_ONLY);
				fsync(this.#fd, () => {}); // so that the name is there after a loss of power too
				return { name, fd };
			} catch (error) {
				const isTaken = (error as NodeJS.ErrnoException).code === "EEXIST" && this.#number < MOST_SEGMENT_NUMBER;
				if (!isTaken) throw error;
			}
		}
	}

	/** A finished one, to be read. */
	pathOf({ name }: Pick<Segment, "name">): string {
		return `${this.#path}/${name}`;
	}

	/** Takes the place of a finished one when all of it is written, with its age; it does not if that is gone by then. */
	replace({ name, endMs }: Segment): Replacement {
		const path = `${this.#path}/${name}`;
		const next = `${path}${NEXT}`;
		rmSync(next, { force: true });
		const fd = openSync(
			next,
			constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
			OWNER_ONLY,
		);
		const drop = (): void => {
			closeSync(fd);
			rmSync(next, { force: true });
		};
		return {
			fd,
			drop,
			finish() {
				if (statSync(path, { throwIfNoEntry: false }) === undefined) return drop();
				futimesSync(fd, endMs / 1000, endMs / 1000);
				fdatasyncSync(fd);
				renameSync(next, path);
				closeSync(fd);
			},
		};
	}

	/** What `replace` left behind because the program was killed. */
	removeUnfinished(): void {
		const names = readdirSync(this.#path).filter(
			(name) => name.endsWith(NEXT) && isSegment(name.slice(0, -NEXT.length)),
		);
		for (const name of names) rmSync(`${this.#path}/${name}`, { force: true });
	}

	remove({ name }: Pick<Segment, "name">): void {
		unlinkSync(`${this.#path}/${name}`);
	}

	close(): void {
		closeSync(this.#lock);
		closeSync(this.#fd);
	}
}
