/** Connections that closed within the last seconds. Beyond the bound those of the user with most go earlier. */

import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import type { Connection } from "./connection.ts";

/** The user of connections without a process. */
export const NOBODY = -1;

export class Graves {
	readonly #places: FairTable<number, Connection>;
	readonly #userOf = new Map<Connection, number>();

	constructor(bounds: Bounds) {
		this.#places = bounds.fair<number, Connection>("tcp-closed", {
			userOf: (user) => user,
			evict: (connection) => this.remove(connection),
		});
	}

	/** It has closed. */
	add(connection: Connection): void {
		if (this.has(connection)) return;
		const user = connection.owner?.holder ?? NOBODY;
		if (!this.#places.admit(user, false)) return;
		this.#userOf.set(connection, user);
		this.#places.add(user, connection, true);
	}

	/** Without a place here it goes as soon as it was shown once. */
	has(connection: Connection): boolean {
		return this.#userOf.has(connection);
	}

	/** It was dropped, or is not closed after all. */
	remove(connection: Connection): void {
		const user = this.#userOf.get(connection);
		if (user === undefined) return;
		this.#userOf.delete(connection);
		this.#places.remove(user, connection);
	}
}
