/** The details of one event, and other recent events of its process. */

import { ownPid } from "../../model/host-pids.ts";
import type { EventRow, Snapshot } from "../../model/snapshot.ts";
import { eventBlock, ownerPairs } from "../blocks.ts";
import type { Block } from "../pane.ts";

/** Blocks of the details view. */
export function eventDetails(row: EventRow, snapshot: Snapshot): readonly Block[] {
	const pairs: (readonly [string, string])[] = [
		["time", row.time],
		["type", row.type],
		["what", row.text],
		...(row.pid === 0 ? [] : ownerPairs(row.pid, row.comm, snapshot)),
		...(row.count === 1 ? [] : [["stands for", `${row.count} events; the details are those of the last one`] as const]),
		...Object.entries(row.data).map(([key, value]) => [wordsOf(key), textOf(value)] as const),
	];
	const blocks: Block[] = [{ kind: "pairs", title: "Event", pairs }];
	return row.pid === 0 ? blocks : [...blocks, eventBlock(snapshot.events, (pid) => pid === row.pid)];
}

/** "duration ms" for "durationMs". */
function wordsOf(key: string): string {
	return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function textOf(value: unknown): string {
	if (Array.isArray(value)) return value.join(" ");
	if (typeof value === "boolean") return value ? "yes" : "no";
	if (typeof value === "object" && value !== null) {
		return Object.entries(value)
			.map(([key, each]) => `${wordsOf(key)} ${textOf(each)}`)
			.join(", ");
	}
	return value === null ? "-" : String(value);
}

/** Its summary in one row. */
export function eventSummary(row: EventRow): readonly (readonly [string, string])[] {
	return [
		["TYPE", row.type],
		["PID", row.pid === 0 ? "-" : String(ownPid(row.pid))],
		["COMM", row.comm],
		["COUNT", String(row.count)],
	];
}
