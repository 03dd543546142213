/** The file pane. */

import type { FileRow } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import { FILE_COLUMNS } from "./columns.ts";
import { fileDetails, fileSummary } from "./details.ts";

export const FILES = definePane<FileRow>({
	name: "files",
	title: "Files",
	tables: ["files"],
	probes: ["file", "io-uring", "multishot", "cq-overflow", "aio"],
	maps: ["io"],
	empty: "No file was opened, read or written since the start.",
	place: { side: "right", weight: 2 },
	defaultSort: "activity",
	hidesUnchanged: true,
	initialView: null,
	columns: () => FILE_COLUMNS,
	rows: (snapshot) => snapshot.files,
	matches: (row, matcher) => matcher.files(row),
	pids: (row) => [row.pid],
	tie: (row) => row.readBytes + row.writeBytes,
	id: (row) => `${row.pid} ${row.device} ${row.path}`,
	thing: (row) => row.path,
	heading: (row) => `File ${row.path}`,
	summary: fileSummary,
	details: fileDetails,
	block: {
		title: "Files",
		columns: ["readBytes", "writeBytes", "readRate", "writeRate", "path"],
		empty: "none since the start",
	},
});
