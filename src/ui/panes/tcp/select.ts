/** Which connections are shown, and in which order. */

import type { Snapshot, TcpRow } from "../../../model/snapshot.ts";
import type { Line, Query } from "../pane.ts";
import { plainLines } from "../plain-lines.ts";
import { TCP_COLUMNS } from "./columns.ts";

/** The lines of the TCP table. */
export function selectTcp(snapshot: Snapshot, query: Query): Line<TcpRow>[] {
	const { matcher } = query;
	return plainLines({
		rows: snapshot.tcp,
		columns: TCP_COLUMNS,
		query,
		isMatch: matcher && ((row) => matcher.tcp(row)),
		isLinked: (row, pids) => pids.has(row.pid),
		tie: (row) => (row.rxRate + row.txRate) * 1e12 + row.rxBytes + row.txBytes + (row.state === "LISTEN" ? 0 : 0.5),
	});
}
