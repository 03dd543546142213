/** The system call pane. */

import { formatProcess } from "../../model/names/processes.ts";
import type { SyscallRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { SYSCALL_COLUMNS } from "./columns.ts";
import { syscallDetails, syscallSummary } from "./details.ts";

export const SYSCALLS = definePane<SyscallRow>({
	name: "syscalls",
	title: "Syscalls",
	tables: ["syscalls"],
	probes: ["syscall", "interrupt", "latency"],
	maps: ["syscall"],
	empty: "No system call was made since the start.",
	place: { side: "right", weight: 2 },
	defaultSort: "rate",
	hidesUnchanged: true,
	initialView: null,
	columns: () => SYSCALL_COLUMNS,
	rows: (snapshot) => snapshot.syscalls,
	matches: (row, matcher) => matcher.syscalls(row),
	pids: (row) => [row.pid],
	tie: (row) => row.count,
	id: (row) => `${row.pid} ${row.name}`,
	heading: (row) => `${row.name} by ${formatProcess(row)}`,
	summary: syscallSummary,
	details: syscallDetails,
	block: {
		title: "System calls",
		columns: ["name", "count", "rate", "errors", "errorRate"],
		empty: "none since the start",
	},
});
