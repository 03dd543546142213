/** The details of one system call of one process. */

import { formatDurationNs } from "../../format/duration.ts";
import { formatPercent, formatRate, wholeRate } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import type { Snapshot, SyscallRow } from "../../model/snapshot.ts";
import { left, ownerPairs, right } from "../blocks.ts";
import { histogramBlock } from "../histogram.ts";
import type { Block } from "../pane.ts";

/** Blocks of the details view. */
export function syscallDetails(row: SyscallRow, snapshot: Snapshot): readonly Block[] {
	const share = row.count === 0 ? 0 : (100 * row.errors) / row.count;
	const sameCall = snapshot.syscalls.filter((other) => other.name === row.name).sort((a, b) => b.count - a.count);
	return [
		{
			kind: "pairs",
			title: "Call",
			pairs: [
				["call", `${row.name} (number ${row.nr})`],
				...ownerPairs(row.pid, row.comm, snapshot),
				["calls", `${row.count}, ${wholeRate(row.rate)} per second`],
				["errors", `${row.errors} (${formatPercent(share)} %), ${wholeRate(row.errorRate)} per second`],
				...latencyPairs(row),
			],
		},
		...(row.latency === null
			? []
			: [
					histogramBlock("How long it took", [{ head: "CALLS", buckets: row.latency.buckets }], "no call has returned"),
				]),
		{
			kind: "table",
			title: "Other processes that make this call",
			heads: [right("PID"), left("COMM"), right("CALLS"), right("CALL/s")],
			rows: sameCall
				.slice(0, 100)
				.map((other) => [String(ownPid(other.pid)), other.comm, String(other.count), formatRate(other.rate)]),
			empty: "nobody",
		},
	];
}

function latencyPairs(row: SyscallRow): (readonly [string, string])[] {
	const { latency } = row;
	if (!latency) return [["latency", "not measured; start ebtop with --latency"]];
	return [
		["time in it", formatDurationNs(latency.totalNs)],
		["average", formatDurationNs(latency.avgNs)],
		["median", formatDurationNs(latency.p50Ns)],
		["99th percentile", formatDurationNs(latency.p99Ns)],
		["longest", formatDurationNs(latency.maxNs)],
	];
}

/** Its summary in one row. */
export function syscallSummary(row: SyscallRow): readonly (readonly [string, string])[] {
	const figures: (readonly [string, string])[] = [
		["CALLS", String(row.count)],
		["CALL/s", wholeRate(row.rate)],
		["ERRORS", String(row.errors)],
		["ERR/s", wholeRate(row.errorRate)],
	];
	if (row.latency)
		figures.push(["P50", formatDurationNs(row.latency.p50Ns)], ["P99", formatDurationNs(row.latency.p99Ns)]);
	return figures;
}
