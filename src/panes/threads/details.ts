/** The details of one thread. */

import { formatDurationNs } from "../../format/duration.ts";
import { formatPercent } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import type { Snapshot, ThreadRow } from "../../model/snapshot.ts";
import { left, ownerPairs, right } from "../blocks.ts";
import type { Block } from "../pane.ts";
import { wakerText } from "./columns.ts";

const MOST_ROWS = 200;

/** Blocks of the details view. */
export function threadDetails(row: ThreadRow, snapshot: Snapshot): readonly Block[] {
	const owner = snapshot.processes.find(({ pid }) => pid === row.pid);
	const others = snapshot.threads.filter(({ pid, tid }) => pid === row.pid && tid !== row.tid);
	return [
		{
			kind: "pairs",
			title: "Thread",
			pairs: [
				["thread", `${row.comm} ${ownPid(row.tid)}`],
				...ownerPairs(row.pid, owner?.comm ?? row.comm, snapshot),
				["state", row.state],
				["waits in", row.waitsIn ?? "(nothing)"],
				...schedulingPairs(row),
				["woken by", row.wokenBy === null ? "(not seen)" : wakerWithThread(row)],
			],
		},
		{
			kind: "table",
			title: "Other threads of this process",
			heads: [right("TID"), left("COMM"), left("S"), right("CPU%"), left("WAITS IN")],
			rows: others
				.sort((a, b) => b.cpuPercent - a.cpuPercent)
				.slice(0, MOST_ROWS)
				.map((other) => [
					String(ownPid(other.tid)),
					other.comm,
					other.state,
					formatPercent(other.cpuPercent),
					other.waitsIn ?? "",
				]),
			empty: "none",
		},
	];
}

function schedulingPairs({ waitNs, voluntary, involuntary }: ThreadRow): (readonly [string, string])[] {
	const waited: (readonly [string, string])[] =
		waitNs === null ? [] : [["waits for CPUs", `${formatDurationNs(waitNs)} since it began`]];
	if (voluntary === null || involuntary === null) return waited;
	return [...waited, ["switches", `${voluntary} voluntary, ${involuntary} involuntary`]];
}

function wakerWithThread(row: ThreadRow): string {
	const { wokenBy } = row;
	const isThread = wokenBy !== null && wokenBy.tid !== wokenBy.pid;
	return wakerText(row) + (isThread ? `, thread ${ownPid(wokenBy.tid)}` : "");
}

/** Its summary in one row. */
export function threadSummary(row: ThreadRow): readonly (readonly [string, string])[] {
	return [
		["STATE", row.state],
		["CPU%", formatPercent(row.cpuPercent)],
		["WOKEN BY", wakerText(row) || "-"],
	];
}
