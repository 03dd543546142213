/** The columns of the table of events. */

import { formatClock } from "../../format/duration.ts";
import type { Style } from "../../format/theme.ts";
import type { EventRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { commColumn, pidColumn, textColumn } from "../shared-columns.ts";

/** Failures stand out. */
function eventStyle(row: EventRow): Style | null {
	if (row.type === "loss" || row.type === "oom-kill") return "bad";
	if (row.type === "exit") return row.data.signal !== null || row.data.code !== 0 ? "warn" : null;
	return row.type.endsWith("-failed") ? "warn" : null;
}

export const EVENT_COLUMNS: readonly Column<EventRow>[] = [
	textColumn({
		key: "time",
		header: "TIME",
		width: 8,
		drop: 4,
		isDescending: true,
		of: (row) => row.time,
		value: (row) => formatClock(row.time),
		whole: (row) => row.time,
	}),
	textColumn({ key: "type", header: "TYPE", width: 14, drop: 0, of: (row) => row.type, style: eventStyle }),
	pidColumn(),
	commColumn(),
	textColumn({ key: "what", header: "WHAT", width: 20, grow: 1, drop: 0, of: (row) => row.text, style: eventStyle }),
];
