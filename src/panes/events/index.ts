/** The Events pane: recent events, newest first. */

import { formatProcess } from "../../model/names/processes.ts";
import type { EventRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { EVENT_COLUMNS } from "./columns.ts";
import { eventDetails, eventSummary } from "./details.ts";

/** Probes that are attached if `--events` requests their events. */
const CALL_PROBES = [
	...["open-events", "stat-events", "name-events", "connect-events", "bind-events"],
	...["mount-events", "ptrace-events", "bpf-events", "credential-events", "module-events", "seccomp", "seccomp-entry"],
	...["lookups", "dcache", "disk-error"],
	...["sleep", "sleep-entry", "sleep-signal", "sleep-exit"],
];

export const EVENTS = definePane<EventRow>({
	name: "events",
	title: "Events",
	isOffAtFirst: true,
	tables: ["events"],
	probes: ["fork", "exec", "exit", "signal", "oom", ...CALL_PROBES],
	maps: ["events"],
	empty: "No recent events.",
	place: { side: "right", weight: 2 },
	defaultSort: "time",
	initialView: null,
	columns: () => EVENT_COLUMNS,
	rows: (snapshot) => snapshot.events,
	matches: (row, matcher) => matcher.events(row),
	pids: (row) => (row.pid === 0 ? [] : [row.pid]),
	tie: (row) => row.id,
	id: (row) => `${row.id} ${row.time}`, // a demo that starts over reuses ids
	isDead: () => false,
	thing: (row) => row.text,
	heading: (row) => `${row.type} by ${formatProcess(row)}`,
	summary: eventSummary,
	details: eventDetails,
});
