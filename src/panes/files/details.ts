/** Everything about one file as one process uses it, and who else does. */

import { formatByteRate, formatBytes } from "../../format/quantity.ts";
import type { FileRow, Snapshot } from "../../model/snapshot.ts";
import { ownerPairs } from "../blocks.ts";
import type { Block } from "../pane.ts";
import { fileRates } from "../shared-details.ts";

/** Blocks of the details view. */
export function fileDetails(row: FileRow, snapshot: Snapshot): readonly Block[] {
	const users = snapshot.files.filter((other) => other.device === row.device && other.inode === row.inode);
	return [
		{
			kind: "pairs",
			title: "File",
			pairs: [
				["path", row.path],
				["type", row.type],
				["device, inode", `${row.device}, ${row.inode}`],
				["opened as", row.flags || "(unknown)"],
				...positionPairs(row),
				...sharedPairs(row),
				...ownerPairs(row.pid, row.comm, snapshot),
				["opens", String(row.opens)],
				["read", `${row.readBytes} bytes in ${row.reads} calls, ${formatByteRate(row.readRate) || "0"}/s`],
				["written", `${row.writeBytes} bytes in ${row.writes} calls, ${formatByteRate(row.writeRate) || "0"}/s`],
			],
		},
		{
			kind: "table",
			title: "Who uses it",
			heads: [
				{ text: "PID", align: "right" },
				{ text: "COMM", align: "left" },
				{ text: "READ", align: "right" },
				{ text: "WRITTEN", align: "right" },
			],
			rows: users.map((user) => [
				String(user.pid),
				user.comm,
				formatBytes(user.readBytes),
				formatBytes(user.writeBytes),
			]),
			empty: "nobody",
		},
	];
}

function positionPairs({ position, positionRate }: FileRow): readonly (readonly [string, string])[] {
	if (position === null) return [];
	return [["position", `${position} bytes into it, moves at ${formatByteRate(positionRate ?? 0) || "0"}/s`]];
}

function sharedPairs({ shared }: FileRow): readonly (readonly [string, string])[] {
	return shared
		? [["shared", "the position moves for another process too; what it moved by is counted for nobody"]]
		: [];
}

/** Its figures in one row. */
export function fileSummary(row: FileRow): readonly (readonly [string, string])[] {
	return [
		["OPENS", String(row.opens)],
		["READ", formatBytes(row.readBytes)],
		["WRITTEN", formatBytes(row.writeBytes)],
		...fileRates(row),
	];
}
