/** The rows of the Follow pane: the chain of who worked for the command, or what they did. */

import type {
	FileRow,
	Follow,
	FollowActor,
	FollowClass,
	FollowEdge,
	FollowEffect,
	Snapshot,
} from "../../model/snapshot.ts";

export type FollowView = "chain" | "did";

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

/** Each actor below the one it worked for, by the surest edge to it. */
export function chainOf(snapshot: Snapshot): readonly FollowRow[] {
	return (snapshot.follow ?? []).flatMap((follow) => {
		const rows: FollowRow[] = [];
		const met = new Set<string>();
		const edgesFrom = Map.groupBy(follow.edges, ({ from }) => from);
		const byId = new Map(follow.actors.map((actor) => [actor.id, actor]));
		const effects = Map.groupBy(follow.effects, ({ actor }) => actor);
		const visit = (actor: FollowActor, edge: FollowEdge | null, depth: number) => {
			if (met.has(actor.id)) return;
			met.add(actor.id);
			const own = effects.get(actor.id) ?? [];
			const sum = (what: "readBytes" | "writeBytes") => own.reduce((total, effect) => total + effect[what], 0);
			const counts = { files: own.length, readBytes: sum("readBytes"), writeBytes: sum("writeBytes") };
			const { pid, comm } = actor;
			rows.push({ pid, comm, follow, actor, edge, effect: null, depth, ...counts });
			for (const next of surestFirst(edgesFrom.get(actor.id) ?? [])) {
				const below = byId.get(next.to);
				if (below !== undefined) visit(below, next, depth + 1);
			}
		};
		for (const actor of follow.actors) if (actor.role === "command") visit(actor, null, 0);
		for (const actor of follow.actors) visit(actor, null, 0);
		return rows;
	});
}

function surestFirst(edges: readonly FollowEdge[]): readonly FollowEdge[] {
	return edges.toSorted((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class));
}

/** What each did, in the order of the chain. */
export function effectsOf(snapshot: Snapshot): readonly FollowRow[] {
	return chainOf(snapshot).flatMap((row) =>
		row.follow.effects
			.filter(({ actor }) => actor === row.actor.id)
			.map((effect) => ({ ...row, effect, files: 1, readBytes: effect.readBytes, writeBytes: effect.writeBytes })),
	);
}

/** To the filter a row is that of a file, "" where it is none. */
export function asFile({ pid, comm, effect, readBytes, writeBytes }: FollowRow): FileRow {
	return {
		...{ pid, comm, path: effect?.path ?? "", type: "regular", device: "0:0", inode: "0" },
		...{ flags: "", position: null, positionRate: null, shared: false, opens: 0, reads: 0, writes: 0 },
		...{ readBytes, writeBytes, readRate: 0, writeRate: 0 },
	};
}

/** "certain", or for a row of what was done that of what it did. */
export function classOf({ actor, effect }: FollowRow): FollowClass {
	return effect?.class ?? actor.class;
}
