/** The system call pane. */

import type { SyscallRow } from "../../model/snapshot.ts";
import type { PaneDefinition } from "../pane.ts";
import { SYSCALL_COLUMNS } from "./columns.ts";
import { syscallDetails, syscallSummary } from "./details.ts";
import { selectSyscalls } from "./select.ts";

const syscallId = (row: SyscallRow) => `${row.pid} ${row.name}`;

export const SYSCALLS: PaneDefinition<SyscallRow> = {
	name: "syscalls",
	title: "Syscalls",
	probes: ["syscall", "interrupt"],
	empty: "No system call was made since the start.",
	defaultSort: "rate",
	columns: () => SYSCALL_COLUMNS,
	select: selectSyscalls,
	find: (snapshot, id) => snapshot.syscalls.find((row) => syscallId(row) === id),
	id: syscallId,
	isDead: (row, deadPids) => deadPids.has(row.pid),
	pidOf: (row) => row.pid,
	mode: () => "",
	heading: (row) => `${row.name} by ${row.comm} ${row.pid}`,
	summary: syscallSummary,
	details: syscallDetails,
};
