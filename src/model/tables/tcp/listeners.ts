/** Ports that had a listener: they tell later which side of a connection is the server. */

import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import { NOBODY } from "./closed.ts";
import type { Connection } from "./connection.ts";

interface Listener {
	readonly key: string;
	readonly user: number;
}

function keyOf({ tuple, netns }: Connection): string | null {
	return tuple === null ? null : `${netns}:${tuple.localPort}`;
}

export class Listeners {
	readonly #byKey = new Map<string, Listener>();
	readonly #places: FairTable<number, Listener>;

	constructor(bounds: Bounds) {
		this.#places = bounds.fair<number, Listener>("tcp-listeners", {
			userOf: (user) => user,
			evict: (listener) => this.#drop(listener),
		});
	}

	add(connection: Connection): void {
		const key = keyOf(connection);
		if (key === null) return;
		const known = this.#byKey.get(key);
		const user = connection.owner?.holder ?? NOBODY;
		connection.isListed = user !== NOBODY; // otherwise it is tried again
		if (known !== undefined) {
			if (known.user !== NOBODY || user === NOBODY) return;
			this.#drop(known);
		}
		if (!this.#places.admit(user, false)) return;
		const listener = { key, user };
		this.#byKey.set(key, listener);
		this.#places.add(user, listener, true);
	}

	#drop(listener: Listener): void {
		this.#byKey.delete(listener.key);
		this.#places.remove(listener.user, listener);
	}

	/** Whether the port of this end had a listener. */
	had(connection: Connection): boolean {
		const key = keyOf(connection);
		return key !== null && this.#byKey.has(key);
	}
}
