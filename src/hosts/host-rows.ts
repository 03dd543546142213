/** Rows of one machine among those of others: with its name, and with pids that no other machine has (`model/host-pids.ts`). */

import { type MapValue, ShapeMap } from "../history/shape-map.ts";
import { listShape } from "../history/shapes.ts";
import { ownPid, pidOnHost } from "../model/host-pids.ts";
import { type AncestorRow, type IpcRow, type Snapshot, TABLES, type TableName } from "../model/snapshot.ts";

/** The tables of a snapshot. */
export const ROW_LISTS = [...TABLES, "ancestors"] as const;
export type RowList = (typeof ROW_LISTS)[number];
export type RowLists = { readonly [List in RowList]: Snapshot[List] };

type AnyRow = Snapshot[TableName][number] | AncestorRow;

function pidMap(change: (pid: number) => number): Readonly<Record<RowList, MapValue>> {
	const map = new ShapeMap({
		leaf: (definition) => (definition === "Pid" ? (pid) => (typeof pid === "number" ? change(pid) : pid) : null),
	});
	return Object.fromEntries(ROW_LISTS.map((list) => [list, map.of(listShape(list))])) as Record<RowList, MapValue>;
}

/** A row that is the same object as before still is. */
export class HostRows {
	readonly #name: string;
	readonly #pids: Readonly<Record<RowList, MapValue>>;
	readonly #rows = new WeakMap<AnyRow, AnyRow>();

	/** `host` counts from 0. */
	constructor(name: string, host: number) {
		this.#name = name;
		this.#pids = pidMap((pid) => pidOnHost(host, pid));
	}

	of<List extends RowList>(list: List, rows: Snapshot[List]): Snapshot[List] {
		const made = (rows as readonly AnyRow[]).map((row) => {
			const known = this.#rows.get(row) ?? this.#make(list, row);
			this.#rows.set(row, known);
			return known;
		});
		return made as unknown as Snapshot[List];
	}

	#make(list: RowList, row: AnyRow): AnyRow {
		const host = this.#name;
		const mapped = this.#pids[list](row) as AnyRow;
		if (list !== "ipc") return { ...mapped, host };
		const link = mapped as IpcRow;
		return { ...link, host, from: { ...link.from, host }, to: { ...link.to, host } };
	}
}

const OWN_PIDS = pidMap(ownPid);

/** What is printed: each pid as it is on its machine. */
export function withOwnPids(snapshot: Snapshot): Snapshot {
	if (snapshot.hosts === undefined) return snapshot;
	const lists = ROW_LISTS.map((list) => [
		list,
		(snapshot[list] as readonly AnyRow[]).map((row) => OWN_PIDS[list](row)),
	]);
	return { ...snapshot, ...Object.fromEntries(lists) };
}
