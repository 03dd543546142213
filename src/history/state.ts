/** Splits a snapshot into lists of rows, and joins it again. */

import { type Snapshot, TABLES } from "../model/snapshot.ts";

/** A row of any table: fields with JSON values. */
export type Row = Readonly<Record<string, unknown>>;
export type Rows = readonly Row[];

const LISTS = [...TABLES, "ancestors"] as const;
/** Lists of its health. */
const HEALTH_LISTS = ["probes", "maps"] as const;
/** Those of a state, but for the head. */
export const ALL_LISTS: readonly string[] = [...LISTS, ...HEALTH_LISTS];

/** The tables, ancestors, probes and maps; `head` has one row with everything else. */
export type State = Readonly<Record<string, Rows>>;

/** The rows are those of `snapshot`, not copies. */
export function cut(snapshot: Snapshot): State {
	const rest: Record<string, unknown> = { ...snapshot };
	const { probes, maps, ...health } = snapshot.health;
	const lists: Record<string, Rows> = { probes: asRows(probes), maps: asRows(maps) };
	for (const table of LISTS) {
		lists[table] = asRows(snapshot[table]);
		delete rest[table];
	}
	return { head: [{ ...rest, health }], ...lists };
}

/** The snapshot that `state` was made from. */
export function join(state: State): Snapshot {
	const { head, probes, maps, ...tables } = state;
	const rest = head?.[0] ?? {};
	return { ...rest, ...tables, health: { ...(rest.health as Row), probes, maps } } as unknown as Snapshot;
}

/** `state` with ever more of its rows, `pieceRows` at a time; the last one has all. */
export function* growing(state: State, pieceRows: number): Generator<State> {
	let grown: Record<string, Rows> = {};
	let room = pieceRows;
	for (const [list, rows] of Object.entries(state)) {
		let end = 0;
		do {
			end = Math.min(rows.length, end + room);
			room -= end - (grown[list]?.length ?? 0);
			grown[list] = rows.slice(0, end);
			if (room > 0) continue;
			yield grown;
			grown = { ...grown };
			room = pieceRows;
		} while (end < rows.length);
	}
	yield grown;
}

function asRows(rows: readonly unknown[]): Rows {
	return rows as Rows;
}
