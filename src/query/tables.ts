/** Refreshes → rows of tables, each once for as long as nothing in it changed, with what its counters counted. */

import { ALL_LISTS, cut, type Row, type Rows } from "../history/state.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { growth } from "../model/stats/rate.ts";
import { TABLE_KINDS } from "../model/table-kinds.ts";
import { type Column, type ColumnType, columnsOf, headColumns } from "./columns.ts";
import { type Follows, type HeldRow, HeldRows } from "./held-rows.ts";

export interface TableColumn {
	readonly name: string;
	readonly type: ColumnType;
}

/** Takes the values of a row, in the order of the columns; objects are values of columns of type json. */
export type RowSink = (values: readonly unknown[]) => void;

/** One row for each refresh: when it was, the machine, ebtop itself. */
export const REFRESHES = "refreshes";
export const TABLE_NAMES: readonly string[] = [REFRESHES, ...ALL_LISTS];

/**
 * A row of a list is as it is from refresh `seq` to refresh `lastSeq`; `…Delta` is what was counted in refresh `seq`, and nothing was in
 * those up to `lastSeq`.
 */
export function columnsOfTable(table: string): TableColumn[] {
	if (table === REFRESHES) return [SEQ, TIME, ...headColumns(), { name: "afterGap", type: "boolean" }];
	const { own, counters } = partsOf(table);
	const deltas = counters.map(({ name, type }) => ({ name: deltaOf(name), type }));
	return [SEQ, { name: "lastSeq", type: "integer" }, TIME, ...own, ...deltas];
}

/** The column with what a counter counted. */
export function deltaOf(counter: string): string {
	return `${counter}Delta`;
}

const SEQ: TableColumn = { name: "seq", type: "integer" };
/** Of the refresh, or of the event. */
const TIME: TableColumn = { name: "time", type: "time" };

function partsOf(list: string): {
	readonly own: readonly Column[];
	readonly counters: readonly Column[];
	readonly time: Column | null;
} {
	const columns = columnsOf(list);
	return {
		own: columns.filter(({ name }) => name !== TIME.name),
		counters: columns.filter(({ kind }) => kind === "counter"),
		time: columns.find(({ name }) => name === TIME.name) ?? null,
	};
}

export class Tables {
	readonly #refreshes: RowSink | null;
	readonly #lists: readonly ListTable[];
	readonly #head = headColumns();
	/** Of the next refresh. */
	#no = 0;
	/** Of the last one, in its run. */
	#seq = -1;

	/** `sinkOf` is null for tables that nobody reads. */
	constructor(sinkOf: (table: string) => RowSink | null) {
		this.#refreshes = sinkOf(REFRESHES);
		this.#lists = ALL_LISTS.flatMap((list) => {
			const sink = sinkOf(list);
			return sink === null ? [] : [new ListTable(list, sink)];
		});
	}

	/** `snapshot` has only the events of its own interval. `isAfterGap`: something is missing before it. */
	add(snapshot: Snapshot, isAfterGap: boolean): void {
		const { seq, time } = snapshot;
		const follows = this.#followsUpon(seq);
		const head = this.#head.map(({ read }) => read(snapshot as unknown as Row));
		this.#refreshes?.([this.#no, time, ...head, isAfterGap]);
		const state = cut(snapshot);
		for (const list of this.#lists) list.add(this.#no, time, state[list.name] ?? [], follows);
		this.#seq = seq;
		this.#no++;
	}

	/** No more is added. */
	end(): void {
		for (const list of this.#lists) list.end(this.#no - 1);
	}

	/** A run counts from nothing; a part of one has counted before. */
	#followsUpon(seq: number): Follows {
		if (seq === 0) return "nothing";
		return this.#no > 0 && seq > this.#seq ? "refresh" : "unknown";
	}
}

class ListTable {
	readonly name: string;
	readonly #held: HeldRows;
	readonly #values: readonly ((held: HeldRow) => unknown)[];
	readonly #sink: RowSink;

	constructor(list: string, sink: RowSink) {
		this.name = list;
		this.#sink = sink;
		const { own, counters, time } = partsOf(list);
		const kind = TABLE_KINDS[list as keyof typeof TABLE_KINDS] as { key?(row: object): string } | undefined;
		this.#held = new HeldRows(counters.length === 0 ? null : (kind?.key ?? null));
		this.#values = [
			(held) => held.first,
			(held) => held.last,
			(held) => (time === null ? held.time : time.read(held.row)),
			...own.map((column) => (held: HeldRow) => column.read(held.row)),
			...counters.map((column) => (held: HeldRow) => counted(column, held)),
		];
	}

	add(no: number, time: string, rows: Rows, follows: Follows): void {
		for (const held of this.#held.add(no, time, rows, follows)) this.#put(held);
	}

	end(no: number): void {
		for (const held of this.#held.end(no)) this.#put(held);
	}

	#put(held: HeldRow): void {
		this.#sink(this.#values.map((value) => value(held)));
	}
}

/** What was counted since the refresh before. */
function counted({ read }: Column, { row, before }: HeldRow): number | null {
	const is = read(row) as number | null;
	const was = before === null ? 0 : (read(before) as number | null);
	return is === null ? null : growth(is, was ?? 0);
}
