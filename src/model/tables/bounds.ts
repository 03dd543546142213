/** The tables that have a bound: each gets its size here, and health hears from here how full they are. */

import type { Limits } from "../limits.ts";
import type { MapHealth } from "../snapshot.ts";
import { FairTable, type FairTableOptions } from "../stats/fair-table.ts";

export class Bounds {
	readonly #limits: Limits;
	readonly #tables = new Map<string, { readonly used: number; readonly limit: number; readonly overflow: number }>();

	constructor(limits: Limits) {
		this.#limits = limits;
	}

	fair<Holder, Item>(
		name: keyof Limits,
		options: Omit<FairTableOptions<Holder, Item>, "limit">,
	): FairTable<Holder, Item> {
		const table = new FairTable({ ...options, limit: this.#limits[name] });
		this.#tables.set(name, table);
		return table;
	}

	/** For what has a bound and is no table that health tells of. */
	limitOf(name: keyof Limits): number {
		return this.#limits[name];
	}

	health(): MapHealth[] {
		return [...this.#tables].map(([map, { used, limit, overflow }]) => ({ map, used, capacity: limit, overflow }));
	}
}
