/** The file pane. */

import type { FileRow } from "../../model/snapshot.ts";
import type { PaneDefinition } from "../pane.ts";
import { FILE_COLUMNS } from "./columns.ts";
import { fileDetails, fileSummary } from "./details.ts";
import { selectFiles } from "./select.ts";

const fileId = (row: FileRow) => `${row.pid} ${row.device} ${row.inode} ${row.path}`;

export const FILES: PaneDefinition<FileRow> = {
	name: "files",
	title: "Files",
	probes: ["file", "io", "multishot", "cq-overflow", "aio"],
	empty: "No file was opened, read or written since the start.",
	defaultSort: "activity",
	columns: () => FILE_COLUMNS,
	select: selectFiles,
	find: (snapshot, id) => snapshot.files.find((row) => fileId(row) === id),
	id: fileId,
	isDead: (row, deadPids) => deadPids.has(row.pid),
	pidOf: (row) => row.pid,
	mode: () => "",
	heading: (row) => `File ${row.path}`,
	summary: fileSummary,
	details: fileDetails,
};
