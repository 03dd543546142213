/** The TCP pane. */

import type { TcpRow } from "../../model/snapshot.ts";
import type { PaneDefinition } from "../pane.ts";
import { localText, remoteText, TCP_COLUMNS } from "./columns.ts";
import { tcpDetails, tcpSummary } from "./details.ts";
import { selectTcp } from "./select.ts";

const socketId = (row: TcpRow) => `${row.pid} ${localText(row)} ${remoteText(row)} ${row.state === "LISTEN"}`;

export const TCP: PaneDefinition<TcpRow> = {
	name: "tcp",
	title: "TCP",
	probes: ["tcp"],
	empty: "No TCP socket is open.",
	defaultSort: "activity",
	columns: () => TCP_COLUMNS,
	select: selectTcp,
	find: (snapshot, id) => snapshot.tcp.find((row) => socketId(row) === id),
	id: socketId,
	isDead: (row, deadPids) => row.state === "CLOSE" || deadPids.has(row.pid),
	pidOf: (row) => (row.pid === 0 ? null : row.pid),
	mode: () => "",
	heading: (row) => `TCP ${localText(row)} to ${remoteText(row)}`,
	summary: tcpSummary,
	details: tcpDetails,
};
