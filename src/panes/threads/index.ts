/** The Threads pane: what each thread waits for, and which thread woke it. */

import { ownPid } from "../../model/host-pids.ts";
import type { ThreadRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { THREAD_COLUMNS } from "./columns.ts";
import { threadDetails, threadSummary } from "./details.ts";

export const THREADS = definePane<ThreadRow>({
	name: "threads",
	title: "Threads",
	isOffAtFirst: true,
	namedBy: ["threads"],
	extraKey: { key: "H", help: "threads: what each waits for, who woke it" },
	tables: ["threads"],
	probes: ["threads"],
	unmeasured: "Threads are only measured on request: start ebtop, or its service, with --threads.",
	empty: "No thread is known.",
	place: { side: "left", weight: 2 },
	defaultSort: "cpu",
	initialView: null,
	columns: () => THREAD_COLUMNS,
	rows: (snapshot) => snapshot.threads,
	matches: (row, matcher) => matcher.threads(row),
	pids: (row) => [row.pid],
	tie: (row) => row.cpuPercent,
	id: (row) => `${row.pid} ${row.tid}`,
	heading: (row) => `Thread ${row.comm} ${ownPid(row.tid)} of ${ownPid(row.pid)}`,
	summary: threadSummary,
	details: threadDetails,
	block: {
		title: "Threads",
		columns: ["tid", "comm", "state", "cpu", "waitsIn", "wokenBy"],
		empty: "none seen, or not measured (--threads)",
	},
});
