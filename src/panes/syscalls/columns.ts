/** The columns of the system call table; those of latency only if it is measured. */

import { formatDurationNs } from "../../format/duration.ts";
import { formatCount, formatRate } from "../../format/quantity.ts";
import type { Latency, Snapshot, SyscallRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { commColumn, countColumn, hasRow, numberColumn, pidColumn, textColumn, UNKNOWN } from "../shared-columns.ts";

const hasLatencies = hasRow((row: SyscallRow) => row.latency !== null);
const hasLatency = ({ syscalls }: Snapshot) => hasLatencies(syscalls);

function latencyColumn(key: keyof Latency, header: string, drop: number): Column<SyscallRow> {
	return numberColumn({
		key,
		header,
		drop,
		of: (row) => row.latency?.[key] ?? UNKNOWN,
		format: (ns) => (ns === UNKNOWN ? "" : formatDurationNs(ns)),
		isShown: hasLatency,
	});
}

export const SYSCALL_COLUMNS: readonly Column<SyscallRow>[] = [
	pidColumn(),
	commColumn(),
	textColumn({ key: "name", header: "SYSCALL", width: 14, grow: 1, drop: 0, of: (row) => row.name }),
	numberColumn({
		key: "rate",
		header: "CALL/s",
		width: 7,
		drop: 1,
		of: (row) => row.rate,
		format: formatRate,
		style: () => "good",
	}),
	numberColumn({ key: "count", header: "CALLS", drop: 2, of: (row) => row.count, format: formatCount }),
	numberColumn({
		key: "errorRate",
		header: "ERR/s",
		drop: 5,
		of: (row) => row.errorRate,
		format: formatRate,
		style: () => "bad",
	}),
	countColumn({ key: "errors", header: "ERRS", drop: 4, of: (row) => row.errors, style: () => "warn" }),
	latencyColumn("avgNs", "AVG", 6),
	latencyColumn("p50Ns", "P50", 8),
	latencyColumn("p99Ns", "P99", 7),
	latencyColumn("maxNs", "MAX", 9),
	latencyColumn("totalNs", "TIME", 10),
];
