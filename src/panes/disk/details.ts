/** The details of one process's requests to one device. */

import { formatDurationNs } from "../../format/duration.ts";
import { formatBytes } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import { isKernelThread } from "../../model/kernel-threads.ts";
import type { DiskRow, LatencyHistogram, Snapshot } from "../../model/snapshot.ts";
import { left, ownerPairs, right } from "../blocks.ts";
import { histogramBlock } from "../histogram.ts";
import type { Block } from "../pane.ts";
import { diskRate, writtenFor } from "./columns.ts";

const MOST_ROWS = 100;

/** Blocks of the details view. */
export function diskDetails(row: DiskRow, snapshot: Snapshot): readonly Block[] {
	const others = snapshot.disks.filter(({ device }) => device === row.device).sort((a, b) => b.bytes - a.bytes);
	return [
		{
			kind: "pairs",
			title: "Block I/O",
			pairs: [
				["device", `${row.name} (${row.device})`],
				["operation", row.operation],
				...ownerPairs(row.pid, row.comm, snapshot),
				...writtenForPairs(row, snapshot),
				["requests", `${row.count}, ${row.bytes} bytes, ${diskRate(row) || "0"} per second`],
				["waited", latencyText(row.queued)],
				["served", latencyText(row.served)],
			],
		},
		histogramBlock(
			"How long requests took",
			[
				{ head: "WAITED", buckets: row.queued.buckets },
				{ head: "SERVED", buckets: row.served.buckets },
			],
			"none is complete",
		),
		{
			kind: "table",
			title: "Other processes that use this device",
			heads: [right("PID"), left("COMM"), left("OP"), right("REQS"), right("BYTES")],
			rows: others
				.filter((other) => other.pid !== row.pid)
				.slice(0, MOST_ROWS)
				.map((other) => [
					String(ownPid(other.pid)),
					other.comm,
					other.operation,
					String(other.count),
					formatBytes(other.bytes),
				]),
			empty: "nobody",
		},
	];
}

/** Kernel threads write what others made dirty. */
function writtenForPairs(row: DiskRow, { processes }: Snapshot): readonly (readonly [string, string])[] {
	const whom = writtenFor(row);
	if (whom !== "") return [["written for", row.dirtier === null ? whom : `${whom}, the last that wrote to the file`]];
	const process = processes.find(({ pid }) => pid === row.pid);
	if (row.operation !== "write" || process === undefined || !isKernelThread(process)) return [];
	return [
		["written for", "not known: the file system itself, a loop device, or what was dirty before disks were measured"],
	];
}

function latencyText({ avgNs, p50Ns, p99Ns, maxNs }: LatencyHistogram): string {
	const [average, median, most, longest] = [avgNs, p50Ns, p99Ns, maxNs].map(formatDurationNs);
	return `${average} on average, half below ${median}, 99 % below ${most}, longest ${longest}`;
}

/** Its summary in one row. */
export function diskSummary(row: DiskRow): readonly (readonly [string, string])[] {
	return [
		["REQS", String(row.count)],
		["BYTES", formatBytes(row.bytes)],
		["RATE", diskRate(row) || "0"],
		["WAIT", formatDurationNs(row.queued.avgNs)],
		["SERVE", formatDurationNs(row.served.avgNs)],
		["P99", formatDurationNs(row.served.p99Ns)],
	];
}
