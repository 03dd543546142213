/** The details of one actor, and of the whole follow. */

import { formatBytes } from "../../format/quantity.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { Follow, FollowActor, Snapshot } from "../../model/snapshot.ts";
import { left, ownerPairs, right } from "../blocks.ts";
import type { Block } from "../pane.ts";
import { whatText } from "./columns.ts";
import { CLASSES, classOf, type FollowRow } from "./rows.ts";

const MOST_ROWS = 200;

/** Blocks of the details view. */
export function followDetails(row: FollowRow, snapshot: Snapshot): readonly Block[] {
	const { follow, actor, effect } = row;
	const names = new Map(follow.actors.map((each) => [each.id, formatProcess(each)]));
	const own = follow.effects.filter((each) => each.actor === actor.id);
	return [
		{
			kind: "pairs",
			title: effect === null ? "Actor" : "What was done",
			pairs: [
				...ownerPairs(actor.pid, actor.comm, snapshot),
				["role", actor.role],
				["sure", classOf(row)],
				[effect === null ? "why" : "file", whatText(row) || "(not known)"],
			],
		},
		...(actor.role === "daemon" ? [othersBlock(actor)] : []),
		{
			kind: "table",
			title: "How it is linked",
			heads: [left("FROM"), left("TO"), left("RULE"), left("SURE"), right("TIMES"), left("WHY")],
			rows: follow.edges
				.filter(({ from, to }) => from === actor.id || to === actor.id)
				.slice(0, MOST_ROWS)
				.map((edge) => [
					names.get(edge.from) ?? edge.from,
					names.get(edge.to) ?? edge.to,
					edge.rule,
					edge.class,
					String(edge.count),
					edge.why,
				]),
			empty: "by no other process",
		},
		{
			kind: "table",
			title: "What it did for the command",
			heads: [left("SURE"), left("FILE"), right("READ"), right("WRITTEN")],
			rows: own
				.slice(0, MOST_ROWS)
				.map((each) => [each.class, each.path, formatBytes(each.readBytes), formatBytes(each.writeBytes)]),
			empty: "no file",
		},
		gapsBlock(follow, actor),
		totalsBlock(follow),
	];
}

/** What the daemon did meanwhile that is not in the other blocks. */
function othersBlock({ others, otherWork }: FollowActor): Block {
	return {
		kind: "pairs",
		title: "And the others?",
		pairs: [
			["asked by others", others === 0 ? "none seen" : `at least ${others} times: what it did for them is not listed`],
			[
				"other work",
				otherWork === 0 ? "none seen" : `${otherWork} times with files, for others or for itself: not listed`,
			],
		],
	};
}

/** What is not known: of the actor first. */
function gapsBlock({ gaps, moreGaps }: Follow, { pid }: FollowActor): Block {
	const sorted = gaps.toSorted((a, b) => Number(b.process?.pid === pid) - Number(a.process?.pid === pid));
	return {
		kind: "table",
		title: `Not followed, not known${moreGaps > 0 ? ` (${moreGaps} more)` : ""}`,
		heads: [left("RULE"), left("WHAT")],
		rows: sorted.map(({ rule, says }) => [rule ?? "all", says]),
		empty: "nothing",
	};
}

function totalsBlock(follow: Follow): Block {
	return {
		kind: "table",
		title: `${commandText(follow)}: ${stateText(follow)}`,
		heads: [left("SURE"), right("PROCESSES"), right("FILES"), right("READ"), right("WRITTEN")],
		rows: CLASSES.map((each) => {
			const { processes, files, readBytes, writeBytes } = follow.totals[each];
			return [each, String(processes), String(files), formatBytes(readBytes), formatBytes(writeBytes)];
		}),
		empty: "",
	};
}

export function commandText({ command }: Follow): string {
	return command.length === 0 ? "a process" : command.join(" ");
}

/** Its state, and what is not known. */
export function stateText({ state, exit, lost, reduced, moreEffects, gaps, moreGaps }: Follow): string {
	const end =
		exit === null ? state : exit.signal !== null ? `ended by ${exit.signal}` : `ended with ${exit.code ?? "no status"}`;
	const missing = [
		lost > 0 ? `${lost} records lost` : "",
		reduced.length > 0 ? `not all steps of ${reduced.map(formatProcess).join(", ")} were examined` : "",
		moreEffects > 0 ? `${moreEffects} more files` : "",
		gaps.length > 0 ? gapsText(gaps.length + moreGaps) : "",
	];
	return [end, ...missing.filter((text) => text !== "")].join("; ");
}

function gapsText(count: number): string {
	return count === 1 ? "1 thing not followed" : `${count} things not followed`;
}

/** Its summary in one row. */
export function followSummary(row: FollowRow): readonly (readonly [string, string])[] {
	return [
		["SURE", classOf(row)],
		["READ", formatBytes(row.readBytes)],
		["WRITTEN", formatBytes(row.writeBytes)],
		["STATE", stateText(row.follow)],
	];
}
