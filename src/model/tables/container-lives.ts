/** When containers began and ended: when the first of their processes was there, and when the last was gone. */

import type { ContainerRow, ProcessRow } from "../snapshot.ts";
import type { EventTable } from "./event.ts";
import { NS_PER_MS, type Tick } from "./tick.ts";

export class ContainerLives {
	readonly #events: EventTable;
	/** By key, at the last refresh; null before the first: those that exist then did not begin in this run. */
	#before: ReadonlyMap<string, ContainerRow> | null = null;

	constructor(events: EventTable) {
		this.#events = events;
	}

	/** `rows` by the keys of their containers; a container that lived only between two refreshes is among them once. */
	tick(rows: ReadonlyMap<string, ContainerRow>, processes: readonly ProcessRow[], tick: Tick): void {
		const before = this.#before;
		this.#before = rows;
		if (before === null) return;
		for (const [key, row] of rows) {
			const known = before.get(key);
			if (known === row) continue;
			const hasBegun = known === undefined || (known.processes === 0 && row.processes > 0);
			const hasEnded = row.processes === 0 && known?.processes !== 0;
			if (!hasBegun && !hasEnded) continue;
			const members = membersOf(row, processes);
			if (hasBegun) this.#add("container-start", row, members, beginOf(members), tick);
			if (hasEnded) this.#add("container-stop", row, members, endOf(members), tick);
		}
		for (const [key, row] of before)
			if (row.processes > 0 && !rows.has(key)) this.#add("container-stop", row, [], tick.nowNs, tick);
	}

	#add(
		type: "container-start" | "container-stop",
		{ runtime, id, name, image, cgroup }: ContainerRow,
		members: readonly ProcessRow[],
		timeNs: number,
		{ nowNs, intervalNs }: Tick,
	): void {
		const who = members[0] === undefined ? undefined : { pid: members[0].pid, comm: members[0].comm };
		const text = `${runtime} ${name ?? id}`;
		const data = { runtime, id, name, image, cgroup };
		// A process may have moved into the container long after its own start.
		const withinNs = Math.min(Math.max(timeNs, nowNs - intervalNs), nowNs);
		this.#events.add({ timeNs: withinNs, type, process: null, text, data, ...(who === undefined ? {} : { who }) });
	}
}

/** Its processes, the oldest first. */
function membersOf({ pids }: ContainerRow, processes: readonly ProcessRow[]): readonly ProcessRow[] {
	const owned = new Set(pids);
	return processes
		.filter(({ pid, container }) => container !== null && owned.has(pid))
		.sort((a, b) => startOf(a) - startOf(b));
}

const startOf = ({ start }: ProcessRow): number => Number(start);

const beginOf = ([first]: readonly ProcessRow[]): number => (first === undefined ? 0 : startOf(first));

function endOf(members: readonly ProcessRow[]): number {
	return Math.max(
		0,
		...members.map((row) => startOf(row) + (row.exit?.durationMs ?? Number.POSITIVE_INFINITY) * NS_PER_MS),
	);
}
