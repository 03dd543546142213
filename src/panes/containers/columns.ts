/** The columns of the table of containers. */

import { formatCount, formatPercent } from "../../format/quantity.ts";
import type { ContainerRow } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import { byteRateColumn, bytesColumn, hasRow, numberColumn, textColumn, UNKNOWN } from "../shared-columns.ts";

/** As docker and podman print an id. */
const SHORT_ID = 12;

/** Its name, or its id if no name is known. */
export const containerName = ({ name, id }: ContainerRow): string => name ?? id.slice(0, SHORT_ID);

const areRefusalsWatched = hasRow((row: ContainerRow) => row.seccompRefused !== null);

export const CONTAINER_COLUMNS: readonly Column<ContainerRow>[] = [
	textColumn({ key: "runtime", header: "RUNTIME", width: 10, drop: 6, of: (row) => row.runtime, style: () => "dim" }),
	textColumn({ key: "name", header: "NAME", grow: 1, drop: 0, of: containerName, style: () => "accent" }),
	textColumn({
		key: "id",
		header: "ID",
		width: SHORT_ID,
		drop: 8,
		of: (row) => row.id,
		value: (row) => row.id.slice(0, SHORT_ID),
		whole: (row) => row.id,
		style: () => "dim",
	}),
	numberColumn({ key: "processes", header: "PROCS", width: 5, drop: 2, of: (row) => row.processes, format: String }),
	numberColumn({ key: "cpu", header: "CPU%", drop: 1, of: (row) => row.cpuPercent, format: formatPercent }),
	// The sum over processes counts shared memory more than once.
	bytesColumn({ key: "rss", header: "RES<", drop: 3, of: (row) => row.rssBytes }),
	byteRateColumn({ key: "readRate", header: "RD/s", drop: 4, of: (row) => row.readRate }),
	byteRateColumn({ key: "writeRate", header: "WR/s", drop: 5, of: (row) => row.writeRate }),
	byteRateColumn({ key: "rxRate", header: "RX/s", drop: 4, of: (row) => row.rxRate }),
	byteRateColumn({ key: "txRate", header: "TX/s", drop: 5, of: (row) => row.txRate }),
	numberColumn({
		key: "refused",
		header: "REFUSED",
		width: 7,
		drop: 6,
		of: (row) => row.seccompRefused ?? UNKNOWN,
		format: (count) => (count <= 0 ? "" : formatCount(count)),
		style: () => "warn",
		isShown: ({ containers }) => areRefusalsWatched(containers),
	}),
	textColumn({
		key: "image",
		header: "IMAGE",
		grow: 1,
		cut: "start",
		drop: 7,
		of: (row) => row.image ?? "-",
	}),
];
