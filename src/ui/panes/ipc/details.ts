/** Everything about one link: the object, both processes, and what else goes over it. */

import type { IpcRow, Snapshot } from "../../../model/snapshot.ts";
import { formatBytes } from "../../format/quantity.ts";
import { linkBlock, ownerPairs } from "../blocks.ts";
import type { Block } from "../pane.ts";
import { rateText } from "./columns.ts";

const BASIS_TEXT: Record<IpcRow["basis"], string> = {
	observed: "data was seen going this way",
	open: "both hold it open; nothing moved since the start",
	shared: "several write and several read; these bytes are a share",
};

/** Blocks of the details view. */
export function linkDetails(row: IpcRow, snapshot: Snapshot): readonly Block[] {
	return [
		{
			kind: "pairs",
			title: "Link",
			pairs: [
				["kind", row.kind],
				["channel", row.channel],
				["name", row.name ?? "(none)"],
				["bytes", String(row.bytes)],
				["messages", String(row.messages)],
				["rate", `${rateText(row) || "0"} per second`],
				["basis", `${row.basis}: ${BASIS_TEXT[row.basis]}`],
			],
		},
		{ kind: "pairs", title: "From", pairs: ownerPairs(row.from.pid, row.from.comm, snapshot) },
		{ kind: "pairs", title: "To", pairs: ownerPairs(row.to.pid, row.to.comm, snapshot) },
		linkBlock(
			"All on this channel",
			snapshot.ipc.filter((other) => other.channel === row.channel && other.kind === row.kind),
		),
		linkBlock("All between these two", between(row, snapshot)),
	];
}

function between(row: IpcRow, snapshot: Snapshot): IpcRow[] {
	const ends = new Set([row.from.pid, row.to.pid]);
	return snapshot.ipc.filter((other) => ends.has(other.from.pid) && ends.has(other.to.pid));
}

/** Its figures in one row. */
export function linkSummary(row: IpcRow): readonly (readonly [string, string])[] {
	return [
		["BYTES", formatBytes(row.bytes)],
		["MESSAGES", String(row.messages)],
		["RATE/s", rateText(row) || "0"],
		["BASIS", row.basis],
	];
}
