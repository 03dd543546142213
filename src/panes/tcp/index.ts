/** The TCP pane. */

import type { TcpRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { localText, remoteText, TCP_COLUMNS } from "./columns.ts";
import { tcpDetails, tcpSummary } from "./details.ts";

/** Among connections without traffic, open ones come first. */
const AT_REST: Readonly<Record<string, number>> = { ESTABLISHED: 0.9, LISTEN: 0.5 };

export const TCP = definePane<TcpRow>({
	name: "tcp",
	title: "TCP",
	tables: ["tcp"],
	probes: ["tcp"],
	empty: "No TCP socket is open.",
	place: { side: "left", weight: 2 },
	defaultSort: "activity",
	initialView: null,
	columns: () => TCP_COLUMNS,
	rows: (snapshot) => snapshot.tcp,
	matches: (row, matcher) => matcher.tcp(row),
	pids: (row) => (row.pid === 0 ? [] : [row.pid]),
	tie: (row) => row.rxBytes + row.txBytes + (AT_REST[row.state] ?? 0),
	id: (row) => {
		return row.others === undefined
			? `${row.host ?? ""} ${row.pid} ${localText(row)} ${remoteText(row)} ${row.state === "LISTEN"}`
			: `${row.pid} other`;
	},
	isDead: (row, deadPids) => row.state === "CLOSE" || deadPids.has(row.pid),
	thing: (row) => `${localText(row)} ${remoteText(row)}`,
	heading: (row) => `TCP ${localText(row)} to ${remoteText(row)}`,
	summary: tcpSummary,
	details: tcpDetails,
	block: {
		title: "TCP",
		columns: ["role", "state", "local", "remote", "rxBytes", "txBytes"],
		empty: "no connection",
	},
});
