/** Connections that were dropped before they were shown: one row per process. Memory: one sum for each process. */

import type { TcpRow } from "../../snapshot.ts";
import { DirtyList } from "../../stats/dirty-list.ts";
import { perSecond } from "../../stats/rate.ts";
import { NO_ROW, type RowList } from "../../stats/row-list.ts";
import type { Process } from "../process/process.ts";
import type { ProcessRegistry } from "../process/registry.ts";
import type { Tick } from "../tick.ts";
import { type Connection, stateName, TcpState } from "./connection.ts";
import { addGrowth, noNumbers } from "./numbers.ts";

class Sum {
	readonly process: Process | null;
	connections = 0;
	readonly numbers = noNumbers();
	/** At the last refresh. */
	readonly before = noNumbers();
	isDirty = false;
	rowIndex = NO_ROW;

	constructor(process: Process | null) {
		this.process = process;
	}

	/** Adds what no row has shown, so that each byte is counted once. */
	add(connection: Connection): void {
		this.connections++;
		addGrowth(this.numbers, connection.numbers, connection.before);
	}

	row({ seconds }: Tick): TcpRow {
		const { process, numbers, before } = this;
		const row = {
			pid: process?.pid ?? 0,
			comm: process?.comm ?? "",
			role: "unknown",
			family: 4,
			...{ localAddress: "0.0.0.0", localPort: 0, remoteAddress: "0.0.0.0", remotePort: 0 },
			state: stateName(TcpState.CLOSE),
			...numbers,
			txRate: perSecond(numbers.txBytes - before.txBytes, seconds),
			rxRate: perSecond(numbers.rxBytes - before.rxBytes, seconds),
			durationMs: 0,
			others: this.connections,
		} as const;
		Object.assign(before, numbers);
		return row;
	}
}

export class OtherConnections {
	readonly #rows: RowList<TcpRow>;
	readonly #sums = new Map<Process | null, Sum>();
	readonly #dirty = new DirtyList<Sum>();

	constructor(processes: ProcessRegistry, rows: RowList<TcpRow>) {
		this.#rows = rows;
		processes.listen({
			renamed: (process) => {
				const sum = this.#sums.get(process);
				if (sum !== undefined) this.#dirty.add(sum);
			},
			evicted: (process) => {
				const sum = this.#sums.get(process);
				if (sum === undefined) return;
				this.#sums.delete(process);
				this.#rows.remove(sum);
			},
		});
	}

	add(connection: Connection): void {
		const { owner } = connection;
		const sum = this.#sums.get(owner) ?? new Sum(owner);
		this.#sums.set(owner, sum);
		sum.add(connection);
		this.#dirty.add(sum);
	}

	tick(tick: Tick): void {
		for (const sum of this.#dirty.take()) {
			if (this.#sums.get(sum.process) !== sum) continue;
			const row = sum.row(tick);
			this.#rows.put(sum, row);
			if (row.txRate > 0 || row.rxRate > 0) this.#dirty.add(sum);
		}
	}
}
