/** The details of one link: the object, both processes, and other links over it. */

import { formatBytes } from "../../format/quantity.ts";
import { isEstimate } from "../../model/ipc-kinds.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { IpcRow, Snapshot } from "../../model/snapshot.ts";
import { ownerPairs, tableBlock } from "../blocks.ts";
import type { Block, BlockColumns } from "../pane.ts";
import { estimated } from "../shared-columns.ts";
import { IPC_COLUMNS, lastSeenText, linkBytesText, linkRateText, rateText } from "./columns.ts";
import { type IpcGroup, isGroup } from "./group.ts";

export const LINK_BLOCK: BlockColumns = {
	title: "Links",
	columns: ["from", "to", "kind", "bytes", "messages", "basis", "name"],
	empty: "none since the start",
};

const BASIS_TEXT: Record<IpcRow["basis"], string> = {
	observed: "data moved in this direction",
	open: "both hold it open; nothing moved since the start",
	shared: "several processes write and several read; these bytes are an estimated share",
};

/** Blocks of the details view of a link or of a group of them. */
export function ipcDetails(row: IpcRow | IpcGroup, snapshot: Snapshot): readonly Block[] {
	return isGroup(row) ? groupDetails(row, snapshot) : linkDetails(row, snapshot);
}

/** Enough to recognise the processes; the links below name all of them. */
const MOST_OWNERS = 8;

function groupDetails(group: IpcGroup, snapshot: Snapshot): readonly Block[] {
	return [
		...group.processes.slice(0, MOST_OWNERS).map(
			(process): Block => ({
				kind: "pairs",
				title: formatProcess(process),
				pairs: ownerPairs(process.pid, process.comm, snapshot),
			}),
		),
		linkBlock("Links", group.links, snapshot),
	];
}

function linkDetails(row: IpcRow, snapshot: Snapshot): readonly Block[] {
	return [
		{
			kind: "pairs",
			title: "Link",
			pairs: [
				["kind", row.kind],
				["channel", row.channel],
				["name", row.name ?? "(none)"],
				["bytes", estimated(isEstimate(row), String(row.bytes))],
				["messages", estimated(isEstimate(row), String(row.messages))],
				["rate", `${linkRateText(row) || "0"} per second`],
				["last seen", lastSeenPair(row, snapshot)],
				["basis", `${row.basis}: ${BASIS_TEXT[row.basis]}`],
				...othersPairs(row),
				...objectPairs(row),
			],
		},
		{ kind: "pairs", title: "From", pairs: ownerPairs(row.from.pid, row.from.comm, snapshot) },
		{ kind: "pairs", title: "To", pairs: ownerPairs(row.to.pid, row.to.comm, snapshot) },
		...clientsBlocks(row, snapshot),
		linkBlock(
			"All links over this channel",
			snapshot.ipc.filter((other) => other.channel === row.channel && other.kind === row.kind),
			snapshot,
		),
		linkBlock("All links between these two", between(row, snapshot), snapshot),
	];
}

/** A server has a socket for each client: all links of sockets with this name, if there are more than its own. */
function clientsBlocks(row: IpcRow, snapshot: Snapshot): Block[] {
	const isSocket = row.kind === "tcp" || row.kind.startsWith("unix-");
	const links = snapshot.ipc.filter(({ kind, name }) => isSocket && kind === row.kind && name === row.name);
	if (row.name === null || links.every(({ channel }) => channel === row.channel)) return [];
	return [linkBlock(`All links over sockets called ${row.name}`, links, snapshot)];
}

function linkBlock(title: string, rows: readonly IpcRow[], snapshot: Snapshot): Block {
	const block = { ...LINK_BLOCK, title };
	return tableBlock({ block, columns: IPC_COLUMNS, rows, order: (row) => row.bytes, snapshot });
}

function lastSeenPair(row: IpcRow, { time }: Snapshot): string {
	return row.lastSeen === null ? "never" : `${lastSeenText(row, Date.parse(time))} ago, ${row.lastSeen}`;
}

function othersPairs({ others }: IpcRow): [string, string][] {
	if (others === undefined) return [];
	return [["other", `${others} processes without a link of their own; the counts are their sums`]];
}

function objectPairs({ owner }: IpcRow): [string, string][] {
	if (owner === undefined) return [];
	return [
		["owner", `uid ${owner.uid}, gid ${owner.gid}`],
		["creator", `uid ${owner.creatorUid}, gid ${owner.creatorGid}`],
	];
}

function between(row: IpcRow, snapshot: Snapshot): IpcRow[] {
	const ends = new Set([row.from.pid, row.to.pid]);
	return snapshot.ipc.filter((other) => ends.has(other.from.pid) && ends.has(other.to.pid));
}

/** Its summary in one row. */
export function ipcSummary(row: IpcRow | IpcGroup): readonly (readonly [string, string])[] {
	if (isGroup(row)) {
		return [
			["BYTES", estimated(row.isEstimate, formatBytes(row.bytes))],
			["MESSAGES", estimated(row.isEstimate, String(row.messages))],
			["RATE/s", estimated(row.isEstimate, rateText(row)) || "0"],
			["LINKS", String(row.links.length)],
			["PROCESSES", String(row.processes.length)],
		];
	}
	return [
		["BYTES", linkBytesText(row) || "0B"],
		["MESSAGES", estimated(isEstimate(row), String(row.messages))],
		["RATE/s", linkRateText(row) || "0"],
		["BASIS", row.basis],
	];
}
