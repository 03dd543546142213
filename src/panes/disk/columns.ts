/** The columns of the table of block I/O. */

import { formatDurationNs } from "../../format/duration.ts";
import { formatByteRate, formatCount, formatRate } from "../../format/quantity.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { DiskRow, Latency } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { bytesColumn, commColumn, hasRow, numberColumn, orBlank, pidColumn, textColumn } from "../shared-columns.ts";

/** Flushes move no data: requests are shown. */
export const diskRate = (row: DiskRow) => (row.operation === "flush" ? formatRate(row.rate) : formatByteRate(row.rate));

/** Whose data a kernel thread writes; a process is only the last that wrote to the file. */
export const writtenFor = ({ cgroup, dirtier }: DiskRow): string =>
	cgroup ?? (dirtier === null ? "" : `~${formatProcess(dirtier)}`);

const isForOthers = hasRow((row: DiskRow) => writtenFor(row) !== "");

function timeColumn(of: "queued" | "served", figure: keyof Latency, header: string, drop: number): Column<DiskRow> {
	return numberColumn({
		key: `${of}.${figure}`,
		header,
		drop,
		of: (row) => row[of][figure],
		format: orBlank(formatDurationNs),
	});
}

export const DISK_COLUMNS: readonly Column<DiskRow>[] = [
	pidColumn(),
	commColumn(),
	textColumn({ key: "name", header: "DISK", width: 8, grow: 1, drop: 0, of: (row) => row.name || row.device }),
	textColumn({ key: "operation", header: "OP", width: 7, drop: 0, of: (row) => row.operation }),
	numberColumn({
		key: "rate",
		header: "RATE",
		drop: 1,
		of: (row) => row.rate,
		format: formatByteRate,
		value: diskRate,
		style: () => "good",
	}),
	bytesColumn({ key: "bytes", header: "BYTES", drop: 2, of: (row) => row.bytes }),
	numberColumn({ key: "count", header: "REQS", drop: 2, of: (row) => row.count, format: formatCount }),
	timeColumn("queued", "avgNs", "WAIT", 4),
	timeColumn("queued", "p99Ns", "W-P99", 8),
	timeColumn("served", "avgNs", "SERVE", 3),
	timeColumn("served", "p50Ns", "P50", 9),
	timeColumn("served", "p99Ns", "P99", 5),
	timeColumn("served", "maxNs", "MAX", 7),
	textColumn({
		key: "cgroup",
		header: "FOR",
		width: 12,
		grow: 1,
		drop: 6,
		of: writtenFor,
		isShown: ({ disks }) => isForOthers(disks),
	}),
];
