/** A pane that does not ship: which processes use which file. It shows rows that the file pane shows too. */

import { formatBytes, formatCount } from "../../../src/format/quantity.ts";
import type { FileRow, Snapshot } from "../../../src/model/snapshot.ts";
import { definePane } from "../../../src/panes/define-pane.ts";
import type { Column } from "../../../src/panes/pane.ts";
import { numberColumn } from "../../../src/panes/shared-columns.ts";

interface SharedFile {
	readonly path: string;
	readonly users: readonly FileRow[];
}

interface View {
	/** Files that only one process uses are left out. */
	readonly isShared: boolean;
}

const bytesOf = ({ users }: SharedFile) => users.reduce((sum, user) => sum + user.readBytes + user.writeBytes, 0);
const namesOf = ({ users }: SharedFile) => users.map(({ comm }) => comm).join(" ");

const COLUMNS: readonly Column<SharedFile>[] = [
	numberColumn({ key: "users", header: "USERS", drop: 0, of: ({ users }) => users.length, format: formatCount }),
	numberColumn({
		key: "bytes",
		header: "BYTES",
		drop: 1,
		of: bytesOf,
		format: (bytes) => (bytes === 0 ? "" : formatBytes(bytes)),
	}),
	{
		key: "who",
		header: "WHO",
		width: 20,
		align: "left",
		drop: 2,
		isDescending: false,
		value: namesOf,
		sortBy: namesOf,
	},
	{
		key: "path",
		header: "PATH",
		width: 20,
		grow: 1,
		align: "left",
		cut: "start",
		drop: 0,
		isDescending: false,
		value: (row) => row.path,
		sortBy: (row) => row.path,
	},
];

function sharedFiles({ files }: Snapshot): SharedFile[] {
	const byPath = new Map<string, FileRow[]>();
	for (const row of files) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row]);
	return Array.from(byPath, ([path, users]) => ({ path, users }));
}

export const FILE_USERS = definePane<SharedFile, View>({
	name: "users",
	title: "File users",
	isOffAtFirst: true,
	tables: ["files"],
	probes: ["file"],
	empty: "Nobody uses a file.",
	place: { side: "right", weight: 2 },
	defaultSort: "users",
	initialView: { isShared: false },
	keys: [
		{
			keys: ["o"],
			help: "file users: only what several processes use",
			footer: "Shared",
			press: ({ view }) => ({ view: { isShared: !view.isShared }, select: "top" }),
		},
	],
	columns: ({ isShared }) => COLUMNS.filter((column) => !isShared || column.key !== "bytes"),
	rows: sharedFiles,
	matches: (row, matcher) => row.users.some(matcher.files),
	pids: (row) => row.users.map(({ pid }) => pid),
	tie: bytesOf,
	id: (row) => row.path,
	mode: ({ isShared }) => (isShared ? "shared" : ""),
	heading: (row) => `Users of ${row.path}`,
	summary: (row) => [["USERS", String(row.users.length)]],
	details: (row, _snapshot, blocksOf) => [
		{ kind: "pairs", title: "File", pairs: [["path", row.path]] },
		...blocksOf((pid) => row.users.some((user) => user.pid === pid)),
	],
	block: { title: "Shares files", columns: ["who", "path"], empty: "with nobody" },
});
