/** Creation times of files, so that an event of a removal can say how long the file existed. */

import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import type { Process } from "../process/process.ts";

interface Life {
	readonly bornNs: number;
	readonly holder: number;
	key: string;
}

/**
 * By path in one mount namespace: the lifetime of a file that is removed from another namespace is unknown.
 */
export class FileLives {
	readonly #lives = new Map<string, Life>();
	readonly #places: FairTable<number, Life>;

	constructor(bounds: Bounds) {
		this.#places = bounds.fair<number, Life>("file-lives", {
			userOf: (holder) => holder,
			evict: (life) => this.#remove(life),
		});
	}

	begin(process: Process, path: string, timeNs: number): void {
		this.end(process, path);
		if (!this.#places.admit(process.holder, false)) return;
		this.#put({ bornNs: timeNs, holder: process.holder, key: keyOf(process, path) });
	}

	/** When it was created; null if that was not seen. */
	end(process: Process, path: string): number | null {
		const life = this.#lives.get(keyOf(process, path));
		if (life === undefined) return null;
		this.#remove(life);
		return life.bornNs;
	}

	/** The file at `to` is replaced, or moves to `from` if the two are exchanged. */
	move(process: Process, from: string, to: string, isExchange: boolean): void {
		const [moved, other] = [from, to].map((path) => this.#lives.get(keyOf(process, path)));
		for (const life of [moved, other]) if (life !== undefined) this.#remove(life);
		if (moved !== undefined) this.#put({ ...moved, key: keyOf(process, to) });
		if (isExchange && other !== undefined) this.#put({ ...other, key: keyOf(process, from) });
	}

	#put(life: Life): void {
		this.#lives.set(life.key, life);
		this.#places.add(life.holder, life, true);
	}

	#remove(life: Life): void {
		this.#lives.delete(life.key);
		this.#places.remove(life.holder, life);
	}
}

function keyOf({ recorded }: Process, path: string): string {
	return `${recorded.namespaces.mnt} ${path}`;
}
