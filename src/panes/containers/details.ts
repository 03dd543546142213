/** The details of one container: its identity, its processes, and what they do. */

import { formatBytes, formatPercent } from "../../format/quantity.ts";
import { ownPid } from "../../model/host-pids.ts";
import type { ContainerRow, ProcessRow, Snapshot } from "../../model/snapshot.ts";
import { eventBlock, left, right } from "../blocks.ts";
import type { Block, Owns } from "../pane.ts";
import { fileRates, socketRates } from "../shared-details.ts";

/** Blocks of the details view. */
export function containerDetails(
	row: ContainerRow,
	snapshot: Snapshot,
	blocksOf: (owns: Owns) => readonly Block[],
): readonly Block[] {
	const pids = new Set(row.pids);
	const owns: Owns = (pid) => pids.has(pid);
	return [identity(row), processBlock(row, snapshot), ...blocksOf(owns), eventBlock(snapshot.events, owns)];
}

function identity(row: ContainerRow): Block {
	const pairs: (readonly [string, string])[] = [
		["runtime", row.runtime],
		["id", row.id],
		["name", row.name ?? "(unknown)"],
		["image", row.image ?? "(unknown)"],
		["cgroup", row.cgroup ?? "(unknown)"],
		["processes", row.processes === 0 ? "none left" : String(row.processes)],
		["memory", `at most ${formatBytes(row.rssBytes)}: memory that its processes share counts for each of them`],
		["seccomp", refusedText(row)],
		["network", "TCP connections that its processes own"],
	];
	return { kind: "pairs", title: "Identity", pairs };
}

function refusedText({ seccompRefused }: ContainerRow): string {
	if (seccompRefused === null) return "not watched";
	return `${seccompRefused} calls refused`;
}

/** PIDs on the machine and inside of the container. */
function processBlock({ pids }: ContainerRow, { processes }: Snapshot): Block {
	const owned = new Set(pids);
	const rows = processes.filter((row) => row.container !== null && owned.has(row.pid));
	return {
		kind: "table",
		title: "Processes",
		heads: [right("PID"), right("INSIDE"), left("USER"), right("CPU%"), right("RES"), left("COMMAND")],
		rows: rows.sort((a, b) => a.pid - b.pid).map(processCells),
		empty: "none left",
	};
}

function processCells(row: ProcessRow): string[] {
	const command = row.args.length > 0 ? row.args.join(" ") : `[${row.comm}]`;
	const inside = row.nsPid === null ? "-" : String(row.nsPid);
	const user = row.user ?? String(row.uid);
	return [String(ownPid(row.pid)), inside, user, formatPercent(row.cpuPercent), formatBytes(row.rssBytes), command];
}

/** Its present activity, in one row. */
export function containerSummary(row: ContainerRow): readonly (readonly [string, string])[] {
	return [
		["PROCS", String(row.processes)],
		["CPU%", formatPercent(row.cpuPercent)],
		["RES<", formatBytes(row.rssBytes)],
		...fileRates(row),
		...socketRates(row),
	];
}
