/**
 * Bounds how many of the processes that died within the last seconds keep something. Beyond the bound, those of the user with
 * the most lose it.
 */

import type { Limits } from "../../limits.ts";
import type { FairTable } from "../../stats/fair-table.ts";
import type { Bounds } from "../bounds.ts";
import type { Process } from "./process.ts";

export class DeadPlaces {
	/** By the user against whose share a process counts. */
	readonly #table: FairTable<number, Process>;
	readonly #users = new Map<Process, number>();
	readonly #lose: (process: Process) => void;

	/** `lose` is called for each process that finds no place, or loses it to another one. */
	constructor(bounds: Bounds, name: keyof Limits, lose: (process: Process) => void = () => {}) {
		this.#lose = lose;
		this.#table = bounds.fair<number, Process>(name, {
			userOf: (user) => user,
			evict: (process) => {
				this.leave(process);
				lose(process);
			},
		});
	}

	has(process: Process): boolean {
		return this.#users.has(process);
	}

	take(process: Process): void {
		const user = process.holder;
		if (!this.#table.admit(user, false)) {
			this.#lose(process);
			return;
		}
		this.#users.set(process, user);
		this.#table.add(user, process, true);
	}

	leave(process: Process): void {
		const user = this.#users.get(process);
		if (user === undefined) return;
		this.#users.delete(process);
		this.#table.remove(user, process);
	}
}
