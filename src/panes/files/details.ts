/** The details of one file as one process uses it, and the other processes that use it. */

import { formatByteRate, formatBytes, wholeByteRate } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import type { FileRow, Snapshot } from "../../model/snapshot.ts";
import { left, ownerPairs, right } from "../blocks.ts";
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
				["read", `${row.readBytes} bytes in ${row.reads} calls, ${wholeByteRate(row.readRate)}/s`],
				...(row.mappedReadBytes === null
					? []
					: [["read by faults", `${row.mappedReadBytes} bytes through a mapping`] as const]),
				["written", `${row.writeBytes} bytes in ${row.writes} calls, ${wholeByteRate(row.writeRate)}/s`],
			],
		},
		userBlock(row, users, snapshot),
	];
}

/** A details view should stay short. */
const MOST_USERS = 200;

/** All processes that have or had the file open, under any name, the busiest first. */
function userBlock(row: FileRow, users: readonly FileRow[], { processes }: Snapshot): Block {
	const owners = new Map(processes.map((process) => [process.pid, process]));
	const moved = (user: FileRow) => user.readBytes + user.writeBytes;
	const hasOtherNames = users.some(({ path }) => path !== row.path);
	return {
		kind: "table",
		title:
			users.length > MOST_USERS ? `Processes that use it: ${MOST_USERS} of ${users.length}` : "Processes that use it",
		heads: [
			...[right("PID"), left("COMM"), left("USER"), left("OPENED AS")],
			...["READ", "WRITTEN", "RD/s", "WR/s"].map(right),
			...(hasOtherNames ? [left("AS")] : []),
		],
		rows: [...users]
			.sort((a, b) => moved(b) - moved(a) || a.pid - b.pid)
			.slice(0, MOST_USERS)
			.map((user) => {
				const owner = owners.get(user.pid);
				return [
					String(ownPid(user.pid)),
					owner?.exit ? `${user.comm} (gone)` : user.comm,
					owner === undefined ? "-" : (owner.user ?? String(owner.uid)),
					user.flags.replaceAll("O_", "") || "-",
					formatBytes(user.readBytes),
					formatBytes(user.writeBytes),
					formatByteRate(user.readRate),
					formatByteRate(user.writeRate),
					...(hasOtherNames ? [user.path] : []),
				];
			}),
		empty: "nobody",
	};
}

function positionPairs({ position, positionRate }: FileRow): readonly (readonly [string, string])[] {
	if (position === null) return [];
	return [["position", `${position} bytes into it, moves at ${wholeByteRate(positionRate ?? 0)}/s`]];
}

function sharedPairs({ shared }: FileRow): readonly (readonly [string, string])[] {
	return shared
		? [["shared", "another process moves the same file position; these bytes are not counted for either"]]
		: [];
}

/** Its summary in one row. */
export function fileSummary(row: FileRow): readonly (readonly [string, string])[] {
	return [
		["OPENS", String(row.opens)],
		["READ", formatBytes(row.readBytes)],
		["WRITTEN", formatBytes(row.writeBytes)],
		...fileRates(row),
	];
}
