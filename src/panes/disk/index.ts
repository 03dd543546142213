/** The Disk pane: which processes request what from which block device, and how long it takes. */

import { formatProcess } from "../../model/names/processes.ts";
import type { DiskRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { DISK_COLUMNS } from "./columns.ts";
import { diskDetails, diskSummary } from "./details.ts";

export const DISK = definePane<DiskRow>({
	name: "disk",
	title: "Disk",
	isOffAtFirst: true,
	namedBy: ["disk"],
	tables: ["disks"],
	probes: ["disk", "disk-issue", "disk-merge", "disk-done", "writeback", "mapped-reads"],
	maps: ["disk", "disk-requests", "disks"],
	unmeasured: "Block I/O is only measured on request: start ebtop, or its service, with --disk.",
	empty: "No block device was used since the start.",
	place: { side: "left", weight: 2 },
	defaultSort: "rate",
	hidesUnchanged: true,
	initialView: null,
	columns: () => DISK_COLUMNS,
	rows: (snapshot) => snapshot.disks,
	matches: (row, matcher) => matcher.disks(row),
	pids: (row) => [row.pid],
	tie: (row) => row.bytes,
	id: (row) => `${row.pid} ${row.device} ${row.operation} ${row.cgroup ?? ""} ${row.dirtier?.pid ?? ""}`,
	heading: (row) => `${row.operation} on ${row.name} by ${formatProcess(row)}`,
	summary: diskSummary,
	details: diskDetails,
	block: {
		title: "Block I/O",
		columns: ["name", "operation", "count", "bytes", "rate", "served.avgNs"],
		empty: "none, or not measured (--disk)",
	},
});
