/** The rows of the Follow pane: the chain of processes that worked for the command, or what they did. */

import type {
	FileRow,
	Follow,
	FollowActor,
	FollowClass,
	FollowEdge,
	FollowEffect,
	Snapshot,
} from "../../model/snapshot.ts";

export type FollowView = "chain" | "did" | "lanes";

export interface FollowRow {
	readonly pid: number;
	readonly comm: string;
	readonly follow: Follow;
	readonly actor: FollowActor;
	/** How it came to work for the command; null for the command itself. */
	readonly edge: FollowEdge | null;
	/** Null for a row of the chain. */
	readonly effect: FollowEffect | null;
	/** Place in the chain. */
	readonly depth: number;
	readonly files: number;
	readonly readBytes: number;
	readonly writeBytes: number;
}

export const CLASSES: readonly FollowClass[] = ["certain", "likely", "guess"];

/** Each actor below the one that it worked for, by the most certain edge. */
export function chainOf(snapshot: Snapshot): readonly FollowRow[] {
	return (snapshot.follow ?? []).flatMap((follow) => {
		const rows: FollowRow[] = [];
		const met = new Set<string>();
		const edgesFrom = Map.groupBy(follow.edges, ({ from }) => from);
		const byId = new Map(follow.actors.map((actor) => [actor.id, actor]));
		const effects = Map.groupBy(follow.effects, ({ actor }) => actor);
		// A list instead of recursion, since a chain may be longer than the stack allows. The last entry is taken
		// first.
		const waiting: Place[] = commandFirst(follow.actors).map((actor) => ({ actor, edge: null, depth: 0 }));
		for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
			const { actor, depth } = place;
			if (met.has(actor.id)) continue;
			met.add(actor.id);
			const { pid, comm } = actor;
			rows.push({ pid, comm, follow, ...place, effect: null, ...sumOf(effects.get(actor.id) ?? []) });
			for (const edge of mostCertainFirst(edgesFrom.get(actor.id) ?? [])) {
				const below = byId.get(edge.to);
				if (below !== undefined) waiting.push({ actor: below, edge, depth: depth + 1 });
			}
		}
		return rows;
	});
}

type Place = Pick<FollowRow, "actor" | "edge" | "depth">;

/** Reversed, since the last entry is taken first. */
function commandFirst(actors: readonly FollowActor[]): readonly FollowActor[] {
	return actors.toReversed().sort((a, b) => Number(a.role === "command") - Number(b.role === "command"));
}

/** Reversed, since the last entry is taken first. */
function mostCertainFirst(edges: readonly FollowEdge[]): readonly FollowEdge[] {
	return edges.toReversed().sort((a, b) => CLASSES.indexOf(b.class) - CLASSES.indexOf(a.class));
}

function sumOf(effects: readonly FollowEffect[]): Pick<FollowRow, "files" | "readBytes" | "writeBytes"> {
	const sum = (what: "readBytes" | "writeBytes") => effects.reduce((total, effect) => total + effect[what], 0);
	return { files: effects.length, readBytes: sum("readBytes"), writeBytes: sum("writeBytes") };
}

/** What each did, in the order of the chain. */
export function effectsOf(snapshot: Snapshot): readonly FollowRow[] {
	const rows = chainOf(snapshot).filter(({ files }) => files > 0);
	return rows.flatMap((row) =>
		row.follow.effects
			.filter(({ actor }) => actor === row.actor.id)
			.map((effect) => ({ ...row, effect, files: 1, readBytes: effect.readBytes, writeBytes: effect.writeBytes })),
	);
}

/** For the filter, a row is that of a file; "" if it has none. */
export function asFile({ pid, comm, effect, readBytes, writeBytes }: FollowRow): FileRow {
	return {
		...{ pid, comm, path: effect?.path ?? "", type: "regular", device: "0:0", inode: "0" },
		...{ flags: "", position: null, positionRate: null, shared: false, opens: 0, reads: 0, writes: 0 },
		...{ readBytes, writeBytes, mappedReadBytes: null, readRate: 0, writeRate: 0 },
	};
}

/** The class of the effect, or of the actor. */
export function classOf({ actor, effect }: FollowRow): FollowClass {
	return effect?.class ?? actor.class;
}
