/** The process pane. */

import type { ProcessRow } from "../../model/snapshot.ts";
import type { PaneDefinition } from "../pane.ts";
import { PROCESS_COLUMNS } from "./columns.ts";
import { processDetails, processSummary } from "./details.ts";
import { selectProcesses } from "./select.ts";

const processId = (row: ProcessRow) => `${row.pid}/${row.start}`;

export const PROCESSES: PaneDefinition<ProcessRow> = {
	name: "processes",
	title: "Processes",
	probes: ["process", "fork", "exec", "exit", "rename", "oom"],
	empty: "No process is visible here.",
	defaultSort: "pid",
	columns: () => PROCESS_COLUMNS,
	select: selectProcesses,
	find: (snapshot, id) => snapshot.processes.find((row) => processId(row) === id),
	id: processId,
	isDead: (row) => row.exit !== null,
	pidOf: (row) => row.pid,
	mode: (query) => (query.isTree ? "tree" : "flat"),
	heading: (row) => `Process ${row.pid} ${row.comm}`,
	summary: processSummary,
	details: processDetails,
};
