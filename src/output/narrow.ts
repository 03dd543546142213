/** What `--filter` and `--panes` leave of a snapshot that is printed. */

import { createMatcher, type Filter } from "../model/filter/index.ts";
import type { PaneName, Snapshot } from "../model/snapshot.ts";

/** Rows that match, of the wanted panes; the machine, the health and, without a filter, the events stay. */
export function narrowSnapshot(snapshot: Snapshot, filter: Filter | null, panes: readonly PaneName[]): Snapshot {
	const matcher = filter === null ? null : createMatcher(filter, snapshot);
	const rows = <Row>(pane: PaneName, all: readonly Row[], isMatch: ((row: Row) => boolean) | undefined) => {
		if (!panes.includes(pane)) return [];
		return isMatch === undefined ? all : all.filter(isMatch);
	};
	return {
		...snapshot,
		processes: rows("processes", snapshot.processes, matcher?.process),
		syscalls: rows("syscalls", snapshot.syscalls, matcher?.syscall),
		ipc: rows("ipc", snapshot.ipc, matcher?.ipc),
		files: rows("files", snapshot.files, matcher?.file),
		tcp: rows("tcp", snapshot.tcp, matcher?.tcp),
		events: matcher === null ? snapshot.events : snapshot.events.filter(matcher.event),
	};
}
