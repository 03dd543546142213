/** The system calls that some processes made, and what may be missing. */

import type { Health, Snapshot, SyscallRow } from "../model/snapshot.ts";

/** How many calls of one process were made by ebtop's own code. */
export interface CallsBeforeExec {
	readonly pid: number;
	readonly calls: ReadonlyMap<string, number>;
}

export class SeenCalls {
	readonly #names = new Set<string>();
	/** Calls with a number but no name, or a number too large for any kernel. */
	readonly #nameless = new Set<string>();
	/** Rows, by process and call, that were handled already. */
	readonly #beforeExec: CallsBeforeExec | null;
	#health: Health | null = null;

	/** `beforeExec`: what a process called before it became the watched program. */
	constructor(beforeExec: CallsBeforeExec | null = null) {
		this.#beforeExec = beforeExec;
	}

	/** Names as in rows. */
	get names(): ReadonlySet<string> {
		return this.#names;
	}

	/** All rows of a snapshot of these processes only. */
	take({ syscalls, health }: Snapshot): void {
		this.#health = health;
		for (const row of syscalls) if (!this.#isBeforeExec(row)) this.add(row.name);
	}

	/** A name as in `SyscallRow`. */
	add(name: string): void {
		if (/^(other|syscall_\w+)(\/|$)/.test(name)) this.#nameless.add(name);
		else this.#names.add(name);
	}

	/** What was lost or has no name, in sentences. */
	gaps(): string[] {
		const gaps: string[] = [];
		const { records, maps } = this.#health ?? { records: { lost: 0, malformed: 0 }, maps: [] };
		const lost = records.lost + records.malformed;
		if (lost > 0) gaps.push(`${lost} records were lost.`);
		for (const { map, overflow } of maps) {
			if (overflow > 0) gaps.push(`The table ${map} was full, and ${overflow} did not fit.`);
		}
		const numbers = [...this.#nameless].filter((name) => !name.startsWith("other"));
		if (numbers.length > 0) gaps.push(`Calls without a known name were made: ${numbers.sort().join(", ")}.`);
		return gaps;
	}

	#isBeforeExec({ pid, name, count }: SyscallRow): boolean {
		return this.#beforeExec?.pid === pid && count <= (this.#beforeExec.calls.get(name) ?? 0);
	}
}
