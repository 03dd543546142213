/** The Follow pane: which processes worked for the followed command, how certain that is, and what they did. */

import { STEP_PROBES } from "../../follow/followed.ts";
import { formatProcess } from "../../model/names/processes.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { definePane } from "../define-pane.ts";
import type { Lines, Query } from "../pane.ts";
import { keptRows, plainLines } from "../plain-lines.ts";
import { followColumns } from "./columns.ts";
import { commandText, followDetails, followSummary, stateText } from "./details.ts";
import { drawLanes } from "./lanes.ts";
import { asFile, chainOf, effectsOf, type FollowRow, type FollowView } from "./rows.ts";

const INDENT = "  ";
/** Deeper rows are indented only this much. */
const DEEPEST = 20;

const NEXT: Readonly<Record<FollowView, FollowView>> = { chain: "did", did: "lanes", lanes: "chain" };

const spec = {
	rows: chainOf,
	matches: (row: FollowRow, matcher: NonNullable<Query<FollowView>["matcher"]>) => matcher.files(asFile(row)),
	pids: ({ pid }: FollowRow) => [pid],
	tie: () => 0,
	columns: followColumns,
};

/** The chain has its own order, unless it is sorted by a column. */
function select(snapshot: Snapshot, query: Query<FollowView>): Lines<FollowRow> {
	const shown = { ...spec, rows: query.view === "did" ? effectsOf : chainOf };
	if (query.view === "did" || query.sort.key !== "place") return plainLines(shown, snapshot, query);
	const rows = keptRows(shown, snapshot, query);
	return rows.map((row) => ({ row, prefix: INDENT.repeat(Math.min(row.depth, DEEPEST)), isContext: false }));
}

export const FOLLOW = definePane<FollowRow, FollowView>({
	...spec,
	name: "follow",
	title: "Follow",
	isOffAtFirst: true,
	namedBy: ["follow", "command"],
	tables: [],
	changesWith: ({ follow }) => follow,
	probes: STEP_PROBES,
	maps: ["process-wanted", "followed", "follow-streams", "follow-threads", "follow-requests", "follow-steps"],
	unmeasured: "Nothing is followed: press F on a process, or start ebtop with --follow PID, or with -- and a command.",
	empty: "Nothing was followed at this time.",
	place: { side: "right", weight: 2 },
	defaultSort: "place",
	initialView: "chain",
	keys: [
		{
			keys: ["d"],
			help: "follow: the chain, what was done, or when",
			footer: "Did",
			press: ({ view }) => ({ view: NEXT[view], select: "top" }),
		},
	],
	select,
	find: (snapshot, id) => [...chainOf(snapshot), ...effectsOf(snapshot)].find((row) => idOf(row) === id),
	id: idOf,
	draw: (body) => (body.view === "lanes" ? drawLanes(body) : null),
	isDrawn: (view) => view === "lanes",
	mode: (view) => view,
	isDead: () => false,
	thing: (row) => row.effect?.path ?? row.comm,
	heading: (row) => `${formatProcess(row)} for ${commandText(row.follow)}, ${stateText(row.follow)}`,
	summary: followSummary,
	details: followDetails,
});

function idOf({ follow, actor, effect }: FollowRow): string {
	return `${follow.id} ${actor.id} ${effect?.path ?? ""}`;
}
