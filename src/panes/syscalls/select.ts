/** Which system calls are shown, and in which order. */

import type { Snapshot, SyscallRow } from "../../model/snapshot.ts";
import type { Lines, Query } from "../pane.ts";
import { plainLines } from "../plain-lines.ts";
import { SYSCALL_COLUMNS } from "./columns.ts";

/** The lines of the system call table. */
export function selectSyscalls(snapshot: Snapshot, query: Query): Lines<SyscallRow> {
	const { matcher } = query;
	return plainLines({
		rows: snapshot.syscalls,
		columns: SYSCALL_COLUMNS,
		query,
		isMatch: matcher && ((row) => matcher.syscalls(row)),
		isLinked: (row, pids) => pids.has(row.pid),
		tie: (row) => row.count,
	});
}
