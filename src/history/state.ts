/** A snapshot as lists of rows, and put together again. */

import { type Snapshot, TABLES } from "../model/snapshot.ts";

/** A row of whatever table: fields of JSON values. */
export type Row = Readonly<Record<string, unknown>>;
export type Rows = readonly Row[];

const LISTS = [...TABLES, "ancestors"] as const;

/** The tables, those who are gone, probes and maps; `head` has one row, all that is in no list. */
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

/** The snapshot that `state` was cut from. */
export function join(state: State): Snapshot {
	const { head, probes, maps, ...tables } = state;
	const rest = head?.[0] ?? {};
	return { ...rest, ...tables, health: { ...(rest.health as Row), probes, maps } } as unknown as Snapshot;
}

function asRows(rows: readonly unknown[]): Rows {
	return rows as Rows;
}
