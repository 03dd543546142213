/**
 * Connections that closed and are still shown. If there are too many, the oldest of the user with the most is dropped,
 * shown or not: so a flood of connections takes a bounded amount of memory, however long a refresh takes.
 */

import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import type { Connection } from "./connection.ts";

/** The user of connections without a process. */
export const NOBODY = -1;

export class ClosedConnections {
	readonly #places: FairTable<number, Connection>;
	readonly #userOf = new Map<Connection, number>();

	/** `drop` is called for a connection that is evicted. */
	constructor(bounds: Bounds, drop: (connection: Connection) => void) {
		this.#places = bounds.fair<number, Connection>("tcp-closed", {
			userOf: (user) => user,
			evict: (connection) => {
				this.remove(connection);
				drop(connection);
			},
		});
	}

	/** It has closed. */
	add(connection: Connection): void {
		if (this.#userOf.has(connection)) return;
		const user = connection.owner?.holder ?? NOBODY;
		this.#places.admit(user, false);
		this.#userOf.set(connection, user);
		this.#places.add(user, connection, true);
	}

	/** It was dropped, or is not closed after all. */
	remove(connection: Connection): void {
		const user = this.#userOf.get(connection);
		if (user === undefined) return;
		this.#userOf.delete(connection);
		this.#places.remove(user, connection);
	}
}
