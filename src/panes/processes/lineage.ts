/** The ancestors of a process, by starter, up to the first one known. */

import { ownPid } from "../../model/host-pids.ts";
import type { AncestorRow, ProcessRow, Snapshot } from "../../model/snapshot.ts";
import { left, right } from "../blocks.ts";
import type { Block } from "../pane.ts";

/** More ancestors are truncated, with a note. */
const MOST = 64;

/** A process of the list, or a dead ancestor. */
type Relative = ProcessRow | AncestorRow;

const isGone = (relative: Relative): boolean => !("exit" in relative) || relative.exit !== null;

/** The process that had a pid when `child` started; undefined if unknown. */
function holderOfPid(child: Relative, namesakes: readonly Relative[]): Relative | undefined {
	const isOlder = ({ start }: Relative) => BigInt(start) <= BigInt(child.start);
	return namesakes
		.filter(isOlder)
		.reduce<Relative | undefined>(
			(youngest, one) => (youngest === undefined || BigInt(one.start) > BigInt(youngest.start) ? one : youngest),
			undefined,
		);
}

const commandOf = ({ args, comm }: Relative): string => (args.length > 0 ? args.join(" ") : `[${comm}]`);

/** A fork keeps the program, so a different program means an exec. */
function howStarted(relative: Relative, starter: Relative | undefined): string {
	if (relative.starter === null) return "not seen";
	if (starter === undefined) return "fork";
	return starter.exe === relative.exe && commandOf(starter) === commandOf(relative) ? "fork" : "fork, exec";
}

/** Each with its starter below; if that was not seen, with its parent. */
export function lineageBlock(row: ProcessRow, { processes, ancestors }: Snapshot): Block {
	const byPid = Map.groupBy<number, Relative>([...processes, ...ancestors], ({ pid }) => pid);
	const rows: string[][] = [];
	let relative: Relative | undefined = row;
	while (relative !== undefined && rows.length < MOST) {
		const { starter }: Relative = relative;
		const ppid: number = "ppid" in relative ? relative.ppid : 0;
		const above: Relative | undefined = holderOfPid(relative, byPid.get(starter?.pid ?? ppid) ?? []);
		rows.push([
			String(ownPid(relative.pid)),
			relative.comm,
			isGone(relative) ? "gone" : "",
			howStarted(relative, above),
			commandOf(relative),
		]);
		if (above === undefined && starter !== null)
			rows.push([String(ownPid(starter.pid)), starter.comm, "gone", "", "(not kept)"]);
		relative = above;
	}
	if (relative !== undefined) rows.push(["…", "", "", "", "(more ancestors)"]);
	return {
		kind: "table",
		title: "Started by",
		heads: [right("PID"), left("COMM"), left(""), left("HOW"), left("COMMAND")],
		rows,
		empty: "nobody",
	};
}
