/** The processes that `process.*` metrics are about: bounded in number, with totals since ebtop began. */

import type { ProcessRow, Snapshot } from "../model/snapshot.ts";

/** Processes with metrics of their own: those that used most CPU, then most memory. */
export const MOST_PROCESSES = 500;

export interface Measured {
	readonly row: ProcessRow;
	/** Since ebtop began. */
	cpuSeconds: number;
	/** When its totals begin, milliseconds since 1970: its start, or that of ebtop. */
	readonly sinceMs: number;
	/** When it was started, milliseconds since 1970. */
	readonly createdMs: number;
}

export class Processes {
	#known = new Map<string, Measured>();
	#beginMs: number | null = null;

	/** Takes each snapshot once. */
	add({ processes, intervalMs, time, system }: Snapshot): void {
		const nowMs = Date.parse(time);
		this.#beginMs ??= nowMs;
		const bootMs = nowMs - system.uptimeMs;
		const next = new Map<string, Measured>();
		for (const row of processes) {
			if (row.exit !== null) continue;
			const key = `${row.pid}/${row.start}`;
			const before = this.#known.get(key);
			const createdMs = before?.createdMs ?? Math.round(bootMs + Number(row.start) / 1e6);
			const sinceMs = before?.sinceMs ?? Math.max(createdMs, this.#beginMs);
			const cpuSeconds = (before?.cpuSeconds ?? 0) + (row.cpuPercent / 100) * (intervalMs / 1000);
			next.set(key, { row, cpuSeconds, sinceMs, createdMs });
		}
		this.#known = next;
	}

	/** At most MOST_PROCESSES of the last snapshot; and how many there are besides. */
	listed(): { readonly processes: readonly Measured[]; readonly others: number } {
		const all = [...this.#known.values()];
		if (all.length <= MOST_PROCESSES) return { processes: all, others: 0 };
		all.sort((a, b) => b.cpuSeconds - a.cpuSeconds || b.row.rssBytes - a.row.rssBytes);
		return { processes: all.slice(0, MOST_PROCESSES), others: all.length - MOST_PROCESSES };
	}
}
