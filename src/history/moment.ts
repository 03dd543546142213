/** What is known about each remembered refresh without decoding it: its time and activity. */

import type { EventRow, Snapshot } from "../model/snapshot.ts";

/** The marks of one refresh, or of several together. */
export interface Marks {
	readonly oomKills: number;
	/** Processes that ended with a status other than 0, or by a signal. */
	readonly failedExits: number;
	/** Events that report a loss. */
	readonly losses: number;
	/** Refreshes before which something of a recording is missing, or nothing was measured for long, as while the machine slept. */
	readonly gaps: number;
}

/** One remembered refresh. Rates are per second. */
export interface Moment extends Marks {
	/** The number of the refresh in the run. */
	readonly no: number;
	/** Measured time since the first refresh: unaffected by changes of the clock. */
	readonly atMs: number;
	/** The same without gaps: what was kept before the machine slept is not old after it. */
	readonly gaplessMs: number;
	/** By the machine's clock, milliseconds since 1970. */
	readonly clockMs: number;
	/** Since the machine started. */
	readonly uptimeMs: number;
	/** Percent of all CPUs. */
	readonly cpuPercent: number;
	readonly forkRate: number;
	/** Null if calls are not counted. */
	readonly syscallRate: number | null;
	/** Bytes that processes requested from disks; null if that is not measured. */
	readonly diskRate: number | null;
	/** Bytes over TCP. */
	readonly netRate: number;
	/** How many events its own interval has. */
	readonly events: number;
}

/** A longer interval is a gap: the longest --delay, and the longest window of --thin. */
const LONGEST_INTERVAL_MS = 121_000;

/** `snapshot` has only the events of its own interval. `isAfterGap`: something of a recording is missing before it. */
export function momentOf(before: Moment | undefined, snapshot: Snapshot, isAfterGap = false): Moment {
	const { system, processes, events } = snapshot;
	const isGap = isAfterGap || system.suspendedMs > 0 || snapshot.intervalMs > LONGEST_INTERVAL_MS;
	const missedMs = isAfterGap && before !== undefined ? system.uptimeMs - before.uptimeMs : 0;
	let netRate = 0;
	let diskRate: number | null = null;
	for (const row of processes) {
		netRate += row.rxRate + row.txRate;
		if (row.diskReadRate !== null) diskRate = (diskRate ?? 0) + row.diskReadRate + (row.diskWriteRate ?? 0);
	}
	return {
		no: before === undefined ? 0 : before.no + 1,
		atMs: before === undefined ? 0 : before.atMs + Math.max(snapshot.intervalMs, missedMs),
		gaplessMs: before === undefined ? 0 : before.gaplessMs + (isGap ? 0 : snapshot.intervalMs),
		clockMs: Date.parse(snapshot.time),
		uptimeMs: system.uptimeMs,
		cpuPercent: system.cpuPercent,
		forkRate: system.forkRate,
		syscallRate: system.syscallRate,
		diskRate,
		netRate,
		events: events.length,
		oomKills: total(events, ({ type }) => type === "oom-kill"),
		failedExits: total(events, isFailedExit),
		gaps: isGap ? 1 : 0,
		losses: total(events, ({ type }) => type === "loss"),
	};
}

function isFailedExit(row: EventRow): boolean {
	return row.type === "exit" && ((row.data.code ?? 0) !== 0 || row.data.signal !== null);
}

function total(events: readonly EventRow[], isMeant: (row: EventRow) => boolean): number {
	return events.reduce((sum, row) => (isMeant(row) ? sum + row.count : sum), 0);
}
