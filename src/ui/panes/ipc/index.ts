/** The IPC pane. */

import type { IpcRow } from "../../../model/snapshot.ts";
import type { PaneDefinition } from "../pane.ts";
import { IPC_COLUMNS } from "./columns.ts";
import { linkDetails, linkSummary } from "./details.ts";
import { selectLinks } from "./select.ts";

const linkId = (row: IpcRow) => `${row.kind} ${row.channel} ${row.from.pid} ${row.to.pid}`;

export const IPC: PaneDefinition<IpcRow> = {
	name: "ipc",
	title: "IPC",
	probes: ["ipc", "pipe", "fifo", "unix", "signal", "sysv", "posix", "mq", "eventfd", "pty", "udp"],
	empty: "No two processes have talked to each other since the start.",
	defaultSort: "rate",
	columns: () => IPC_COLUMNS,
	select: selectLinks,
	find: (snapshot, id) => snapshot.ipc.find((row) => linkId(row) === id),
	id: linkId,
	isDead: (row, deadPids) => deadPids.has(row.from.pid) || deadPids.has(row.to.pid),
	pidOf: (row) => row.from.pid,
	mode: () => "",
	heading: (row) => `${row.kind} from ${row.from.comm} ${row.from.pid} to ${row.to.comm} ${row.to.pid}`,
	summary: linkSummary,
	details: linkDetails,
};
