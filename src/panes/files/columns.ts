/** The columns of the file table. */

import { formatByteRate, formatBytes } from "../../format/quantity.ts";
import type { FileRow, Snapshot } from "../../model/snapshot.ts";
import type { Column } from "../pane.ts";
import {
	activityColumn,
	byteRateColumn,
	bytesColumn,
	commColumn,
	countColumn,
	estimated,
	hasRow,
	numberColumn,
	pidColumn,
	textColumn,
	UNKNOWN,
} from "../shared-columns.ts";

const TYPE_LETTERS: Record<FileRow["type"], string> = {
	regular: "-",
	directory: "d",
	char: "c",
	block: "b",
	fifo: "p",
	link: "l",
	other: "?",
};

const openedAs = (row: FileRow) => `${row.flags.replaceAll("O_", "")}${row.shared ? " shared" : ""}`;

/** The path, with the screen's truncation mark if only its end is known. */
function pathText(row: FileRow): string {
	return row.path.startsWith("…") ? `+${row.path.slice(1)}` : row.path;
}

/** Whether positions are sampled instead of counting calls. */
const hasPositions = hasRow((row: FileRow) => row.position !== null);
const isSampled = ({ files }: Snapshot) => hasPositions(files);
const isCounted = (snapshot: Snapshot) => !isSampled(snapshot);

const hasMapped = hasRow((row: FileRow) => row.mappedReadBytes !== null);

/** Positions that moved say less than counted calls. */
function rateColumn(traits: Parameters<typeof byteRateColumn<FileRow>>[0]): Column<FileRow> {
	return byteRateColumn<FileRow>({
		...traits,
		value: (row) => estimated(row.position !== null, formatByteRate(traits.of(row))),
	});
}

export const FILE_COLUMNS: readonly Column<FileRow>[] = [
	activityColumn((row) => row.readRate + row.writeRate),
	pidColumn(),
	commColumn(),
	textColumn({
		key: "type",
		header: "T",
		width: 1,
		drop: 8,
		of: (row) => row.type,
		value: (row) => TYPE_LETTERS[row.type],
		whole: (row) => row.type,
		style: () => "dim",
	}),
	countColumn({ key: "opens", header: "OPENS", width: 5, drop: 9, of: (row) => row.opens }),
	countColumn({ key: "reads", header: "READS", width: 5, drop: 7, of: (row) => row.reads, isShown: isCounted }),
	countColumn({ key: "writes", header: "WRITES", drop: 6, of: (row) => row.writes, isShown: isCounted }),
	numberColumn({
		key: "position",
		header: "POS",
		width: 5,
		drop: 3,
		of: (row) => row.position ?? UNKNOWN,
		format: (bytes) => (bytes <= 0 ? "" : formatBytes(bytes)),
		isShown: isSampled,
	}),
	textColumn({
		key: "flags",
		header: "OPENED AS",
		width: 17,
		drop: 10,
		of: openedAs,
		whole: (row) => openedAs(row).replace(" ", "|"),
		style: () => "dim",
	}),
	bytesColumn({ key: "readBytes", header: "READ", drop: 4, of: (row) => row.readBytes }),
	bytesColumn({
		key: "writeBytes",
		header: "WRITTEN",
		width: 7,
		drop: 5,
		of: (row) => row.writeBytes,
	}),
	bytesColumn({
		key: "mappedReadBytes",
		header: "MAPPED",
		drop: 8,
		of: (row) => row.mappedReadBytes ?? 0,
		isShown: ({ files }) => hasMapped(files),
	}),
	rateColumn({ key: "readRate", header: "RD/s", drop: 1, of: (row) => row.readRate, style: () => "good" }),
	rateColumn({ key: "writeRate", header: "WR/s", drop: 2, of: (row) => row.writeRate, style: () => "warn" }),
	textColumn({
		key: "path",
		header: "PATH",
		width: 30,
		grow: 1,
		cut: "start",
		drop: 0,
		of: (row) => row.path,
		value: pathText,
	}),
];
