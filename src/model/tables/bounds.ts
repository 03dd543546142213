/** The bounded tables: each gets its size from here, and reports how full it is. */

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

	/** For bounded tables that are not part of health. */
	limitOf(name: keyof Limits): number {
		return this.#limits[name];
	}

	health(): MapHealth[] {
		return [...this.#tables].map(([map, { used, limit, overflow }]) => ({ map, used, capacity: limit, overflow }));
	}
}
