/** Which files are shown, and in which order. */

import type { FileRow, Snapshot } from "../../model/snapshot.ts";
import type { Lines, Query } from "../pane.ts";
import { plainLines } from "../plain-lines.ts";
import { FILE_COLUMNS } from "./columns.ts";

/** The lines of the file table. */
export function selectFiles(snapshot: Snapshot, query: Query): Lines<FileRow> {
	const { matcher } = query;
	return plainLines({
		rows: snapshot.files,
		columns: FILE_COLUMNS,
		query,
		isMatch: matcher && ((row) => matcher.files(row)),
		isLinked: (row, pids) => pids.has(row.pid),
		tie: (row) => row.readBytes + row.writeBytes,
	});
}
