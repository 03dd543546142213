/** Applies `--filter` and `--panes` to a snapshot that is printed. */

import { createMatcher, type Filter } from "../model/filter/index.ts";
import { type RowOf, type Snapshot, TABLES, type TableName } from "../model/snapshot.ts";

/** Matching rows of the wanted tables; the machine, the health and, without a filter, the events stay. */
export function narrowSnapshot(snapshot: Snapshot, filter: Filter | null, wanted: readonly TableName[]): Snapshot {
	const matcher = filter === null ? null : createMatcher(filter, snapshot);
	const rowsOf = (table: TableName): readonly RowOf<TableName>[] => {
		if (table !== "events" && !wanted.includes(table)) return [];
		const isMatch = matcher?.[table] as ((row: RowOf<TableName>) => boolean) | undefined;
		return isMatch === undefined ? snapshot[table] : snapshot[table].filter(isMatch);
	};
	const ancestors = wanted.includes("processes") ? snapshot.ancestors : [];
	return { ...snapshot, ancestors, ...Object.fromEntries(TABLES.map((table) => [table, rowsOf(table)])) };
}
