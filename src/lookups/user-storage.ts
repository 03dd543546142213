/**
 * Podman's lists in folders that users choose: mostly in their homes, whose file systems may hang. So of each user one is
 * read at a time, and nobody waits for it for long.
 */

import type { ForeignFiles } from "../model/feed/foreign-files.ts";
import type { Monitor } from "./monitor-process.ts";
import { type Named, nameFromStorage } from "./runtime-files.ts";
import { within } from "./within.ts";

const WAIT_MS = 1000;
/** Of one user. */
const WAITING_MAX = 64;

interface Queue {
	last: Promise<Named | null>;
	length: number;
}

export class UserStorage {
	readonly #files: ForeignFiles;
	readonly #queues = new Map<number, Queue>();

	constructor(files: ForeignFiles) {
		this.#files = files;
	}

	/** Null if there is nothing, or it takes too long. */
	async find({ storage, owner }: Monitor, id: string): Promise<Named | null> {
		const queue = this.#queues.get(owner) ?? { last: Promise.resolve(null), length: 0 };
		if (storage === null || queue.length >= WAITING_MAX) return null;
		this.#queues.set(owner, queue);
		queue.length++;
		const read = queue.last
			.then(() => nameFromStorage(this.#files, storage, id, owner))
			.catch(() => null) // no thread or memory
			.finally(() => {
				queue.length--;
				if (queue.length === 0) this.#queues.delete(owner);
			});
		queue.last = read;
		return within(WAIT_MS, read);
	}
}
