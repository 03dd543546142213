/** The columns of the table of threads. */

import { formatDurationNs } from "../../format/duration.ts";
import { formatCount, formatPercent } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { ThreadRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { commColumn, hasRow, numberColumn, pidColumn, textColumn, UNKNOWN } from "../shared-columns.ts";

export const wakerText = ({ wokenBy }: ThreadRow): string => (wokenBy === null ? "" : formatProcess(wokenBy));

const hasWaits = hasRow((row: ThreadRow) => row.waitNs !== null);
const hasSwitches = hasRow((row: ThreadRow) => row.voluntary !== null);

function switchColumn(
	key: string,
	header: string,
	drop: number,
	of: (row: ThreadRow) => number | null,
): Column<ThreadRow> {
	return numberColumn({
		key,
		header,
		drop,
		of: (row) => of(row) ?? UNKNOWN,
		format: formatCount,
		isShown: ({ threads }) => hasSwitches(threads),
	});
}

export const THREAD_COLUMNS: readonly Column<ThreadRow>[] = [
	pidColumn(),
	numberColumn({
		key: "tid",
		header: "TID",
		width: 7,
		drop: 0,
		isDescending: false,
		of: (row) => ownPid(row.tid),
		format: String,
	}),
	commColumn(),
	textColumn({ key: "state", header: "S", width: 1, drop: 2, of: (row) => row.state, style: () => "dim" }),
	numberColumn({ key: "cpu", header: "CPU%", drop: 1, of: (row) => row.cpuPercent, format: formatPercent }),
	numberColumn({
		key: "wait",
		header: "QWAIT",
		drop: 5,
		of: (row) => row.waitNs ?? UNKNOWN,
		format: formatDurationNs,
		isShown: ({ threads }) => hasWaits(threads),
	}),
	switchColumn("voluntary", "VSW", 6, (row) => row.voluntary),
	switchColumn("involuntary", "ISW", 7, (row) => row.involuntary),
	textColumn({ key: "waitsIn", header: "WAITS IN", width: 16, grow: 2, drop: 0, of: (row) => row.waitsIn ?? "" }),
	textColumn({ key: "wokenBy", header: "WOKEN BY", width: 12, grow: 1, drop: 4, of: wakerText }),
];
