/** The process pane. */

import { shellWord } from "../../format/shell-word.ts";
import { ownPid } from "../../model/host-pids.ts";
import type { ProcessRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { PROCESS_COLUMNS } from "./columns.ts";
import { PROCESS_CHARTS, processDetails, processSummary } from "./details.ts";
import { FOLD_ALL_KEY, FOLD_KEY, UNFOLD_KEY } from "./fold.ts";
import { selectProcesses } from "./select.ts";
import { childrenOf, descendantsOf } from "./tree.ts";
import { CONTAINER_KEY, idOf, KERNEL_KEY, type ProcessView, TREE_KEY } from "./view.ts";

export const PROCESSES = definePane<ProcessRow, ProcessView>({
	name: "processes",
	title: "Processes",
	tables: ["processes"],
	probes: [
		"process",
		"process-events",
		"fork",
		"exec",
		"exit",
		"rename",
		"cgroup-change",
		"namespace-change",
		"oom",
		"sched",
		"sched-exit",
		"sched-waking",
		"sched-wakeup",
		"sched-new",
		"sched-switch",
	],
	empty: "No process is visible.",
	place: { side: "left", weight: 3 },
	defaultSort: "pid",
	textSort: "cpu",
	initialView: { shape: "tree", folded: new Set(), hidesKernel: false },
	keys: [TREE_KEY, CONTAINER_KEY, KERNEL_KEY, FOLD_KEY, UNFOLD_KEY, FOLD_ALL_KEY],
	columns: () => PROCESS_COLUMNS,
	shownColumns: ({ shape }) => PROCESS_COLUMNS.filter(({ key }) => key !== "unit" || shape === "by unit"),
	rows: (snapshot) => snapshot.processes,
	matches: (row, matcher) => matcher.processes(row),
	pids: (row) => [row.pid],
	tie: (row) => row.cpuPercent + (row.syscallRate ?? 0) / 1e9,
	select: selectProcesses,
	id: idOf,
	find: ({ processes }, id) => {
		const [pid, start] = id.split("/");
		return processes.find((row) => row.start === start && String(row.pid) === pid);
	},
	charts: PROCESS_CHARTS,
	detailsNeed: ["blocks", "sched"],
	isDead: (row) => row.exit !== null,
	followed: (row, snapshot) => descendantsOf(row.pid, childrenOf(snapshot.processes)),
	thing: (row) => (row.args.length === 0 ? row.comm : row.args.map(shellWord).join(" ")),
	mode: ({ shape, hidesKernel }) => (hidesKernel ? `${shape}, no kernel threads` : shape),
	heading: (row) => `Process ${ownPid(row.pid)} ${row.comm}`,
	summary: processSummary,
	details: processDetails,
});
