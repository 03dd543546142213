/** Which connections are shown, and in which order. */

import type { Snapshot, TcpRow } from "../../model/snapshot.ts";
import type { Lines, Query } from "../pane.ts";
import { plainLines } from "../plain-lines.ts";
import { TCP_COLUMNS } from "./columns.ts";

/** Of connections that have moved nothing, those that still can come first. */
const AT_REST: Readonly<Record<string, number>> = { ESTABLISHED: 0.9, LISTEN: 0.5 };

/** The lines of the TCP table. */
export function selectTcp(snapshot: Snapshot, query: Query): Lines<TcpRow> {
	const { matcher } = query;
	return plainLines({
		rows: snapshot.tcp,
		columns: TCP_COLUMNS,
		query,
		isMatch: matcher && ((row) => matcher.tcp(row)),
		isLinked: (row, pids) => pids.has(row.pid),
		tie: (row) => row.rxBytes + row.txBytes + (AT_REST[row.state] ?? 0),
	});
}
