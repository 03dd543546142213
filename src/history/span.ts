/**
 * What happened between two moments, as a snapshot: everything that existed in between, with what it used. Counters are
 * those of the span, rates are means over it, percentiles cover what was measured in it; other fields have their last
 * value.
 */

import type { AncestorRow, EventRow, LatencyHistogram, Snapshot } from "../model/snapshot.ts";
import { latencyHistogram } from "../model/stats/histogram.ts";
import { growth } from "../model/stats/rate.ts";
import type { Steps } from "../model/steps.ts";
import { type RowKind, TABLE_KINDS } from "../model/table-kinds.ts";
import type { History } from "./history.ts";
import type { Moment } from "./moment.ts";

/** Per table, and for events: more would not be readable, and a fork storm has millions. */
const MOST_SPAN_ROWS = 50_000;

/** From the end of `from` to the end of `to`. */
export interface SpanBounds {
	readonly from: Moment;
	readonly to: Moment;
}

export interface SpanTotals {
	readonly snapshot: Snapshot;
	/** Rows that found no room. */
	readonly left: number;
}

const ANCESTORS: RowKind<AncestorRow> = {
	key: ({ pid, start }) => `${pid} ${start}`,
	counters: [],
	means: [],
	times: [],
};

/** Events are not added up. */
const { events: _, ...KINDS } = { ...TABLE_KINDS, ancestors: ANCESTORS };
type Summed = keyof typeof KINDS;

/**
 * Reads a span refresh by refresh, so that the caller can do something else in between; null if part of it is no longer
 * remembered. `most`: a smaller bound, for tests.
 */
export function* readSpan(
	history: Pick<History, "moments" | "at">,
	{ from, to }: SpanBounds,
	most = MOST_SPAN_ROWS,
): Steps<SpanTotals | null> {
	const first = history.at(from.no);
	if (first === null) return null;
	const sums = new SpanSums(first, most);
	for (let no = from.no + 1; no <= to.no; no++) {
		const snapshot = history.at(no);
		const moment = history.moments[no - (history.moments[0]?.no ?? 0)];
		if (snapshot === null || moment === undefined) return null;
		sums.add(snapshot, moment.events);
		yield;
	}
	return sums.totals();
}

/** Adds up what happened from one snapshot on. */
export class SpanSums {
	readonly #tables: ReadonlyMap<Summed, TableSums>;
	readonly #most: number;
	#last: Snapshot;
	#events: EventRow[] = [];
	#eventsLeft = 0;
	#spanMs = 0;
	#suspendedMs = 0;
	readonly #system = new Sums<Snapshot["system"]>(["cpuPercent", "forkRate", "execRate", "syscallRate"]);

	constructor(first: Snapshot, most = MOST_SPAN_ROWS) {
		this.#last = first;
		this.#most = most;
		const names = Object.keys(KINDS) as Summed[];
		this.#tables = new Map(
			names.map((name) => [name, new TableSums(KINDS[name] as unknown as RowKind<Row>, rowsOf(first, name), most)]),
		);
	}

	/** Only the last `events` events belong to this refresh. */
	add(snapshot: Snapshot, events: number): void {
		const { intervalMs } = snapshot;
		for (const [name, sums] of this.#tables) sums.add(rowsOf(snapshot, name), intervalMs);
		const own = events === 0 ? [] : snapshot.events.slice(-events);
		const room = this.#most - this.#events.length;
		this.#events.push(...own.slice(0, room));
		this.#eventsLeft += Math.max(0, own.length - room);
		this.#system.add(snapshot.system, intervalMs);
		this.#spanMs += intervalMs;
		this.#suspendedMs += snapshot.system.suspendedMs;
		this.#last = snapshot;
	}

	/** Counters are those of the span. */
	totals(): SpanTotals {
		return this.#result(true);
	}

	/** Counters are as they were at last. */
	window(): SpanTotals {
		return this.#result(false);
	}

	/** Whether a counter of a row of the span begins anew with this refresh. */
	restarts(snapshot: Snapshot): boolean {
		return [...this.#tables].some(([name, sums]) => sums.restarts(rowsOf(snapshot, name)));
	}

	#result(isOfSpan: boolean): SpanTotals {
		const lists: Partial<Record<Summed, readonly Row[]>> = {};
		let left = this.#eventsLeft;
		for (const [name, sums] of this.#tables) {
			lists[name] = sums.rows(this.#spanMs, isOfSpan);
			left += sums.left;
		}
		const means = this.#system.means(this.#last.system, this.#spanMs);
		const system = { ...this.#last.system, ...means, suspendedMs: this.#suspendedMs };
		const snapshot = { ...this.#last, ...lists, system, events: this.#events, intervalMs: this.#spanMs } as Snapshot;
		return { snapshot, left };
	}
}

/** A row of any table: the table's kind names fields that it has. */
type Row = Readonly<Record<string, unknown>>;

function rowsOf(snapshot: Snapshot, name: Summed): readonly Row[] {
	return snapshot[name] as readonly object[] as readonly Row[];
}

/** Sums of values, weighted by the time for which each was valid. */
class Sums<Of extends object> {
	readonly #names: readonly (keyof Of & string)[];
	readonly #sums: number[];

	constructor(names: readonly (keyof Of & string)[]) {
		this.#names = names;
		this.#sums = names.map(() => 0);
	}

	add(figures: Of, ms: number): void {
		for (const [at, name] of this.#names.entries()) {
			this.#sums[at] = (this.#sums[at] ?? 0) + Number(figures[name] ?? 0) * ms;
		}
	}

	/** Null for values that are not measured. */
	means(last: Of, spanMs: number): Partial<Of> {
		const entries = this.#names.map((name, at) => {
			const mean = spanMs === 0 ? 0 : (this.#sums[at] ?? 0) / spanMs;
			return [name, last[name] === null ? null : Math.round(mean * 1000) / 1000];
		});
		return Object.fromEntries(entries);
	}
}

/** The sums of one thing. */
interface Entry {
	row: Row;
	/** How long the row has been unchanged. */
	heldMs: number;
	readonly means: Sums<Row>;
	readonly counts: number[];
	readonly times: (TimesSum | null)[];
	/** The last refresh that had it. */
	seenIn: number;
	/** False while it was only in the first refresh, or had ended before. */
	isInSpan: boolean;
	readonly isOver: boolean;
}

class TableSums {
	readonly #kind: RowKind<Row>;
	readonly #most: number;
	readonly #entries = new Map<string, Entry>();
	/** The rows of the last refresh and their entries. */
	#rows: readonly Row[];
	#at: (Entry | null)[];
	#refresh = 0;
	#left = new Set<string>();

	constructor(kind: RowKind<Row>, rows: readonly Row[], most: number) {
		this.#kind = kind;
		this.#most = most;
		this.#rows = rows;
		this.#at = rows.map((row) => this.#begin(row, kind.isOver?.(row) ?? false));
	}

	/** Things that found no room. */
	get left(): number {
		return this.#left.size;
	}

	add(rows: readonly Row[], ms: number): void {
		const [before, entries] = [this.#rows, this.#at];
		this.#refresh++;
		this.#at = rows.map((row, at) => {
			const entry = before[at] === row ? (entries[at] as Entry | null) : this.#change(row);
			if (entry === null) return null;
			entry.heldMs += ms;
			entry.seenIn = this.#refresh;
			entry.isInSpan = true;
			return entry;
		});
		this.#rows = rows;
	}

	restarts(rows: readonly Row[]): boolean {
		return rows.some((row, at) => {
			if (this.#rows[at] === row) return false;
			const known = this.#entries.get(this.#kind.key(row));
			if (known === undefined || known.row === row) return false;
			const isBack = known.seenIn < this.#refresh;
			return isBack || this.#kind.counters.some((name) => Number(row[name] ?? 0) < Number(known.row[name] ?? 0));
		});
	}

	rows(spanMs: number, isOfSpan: boolean): readonly Row[] {
		const rows: Row[] = [];
		for (const entry of this.#entries.values()) {
			if (!entry.isInSpan || entry.isOver) continue;
			this.#settle(entry);
			const { row, means } = entry;
			rows.push(isOfSpan ? this.#total(entry, spanMs) : { ...row, ...means.means(row, spanMs) });
		}
		return rows;
	}

	/** The entry of a row that has changed or moved. */
	#change(row: Row): Entry | null {
		const key = this.#kind.key(row);
		const known = this.#entries.get(key);
		if (known === undefined) {
			const entry = this.#begin(row, false, key);
			if (entry !== null) this.#count(entry, null, row);
			return entry;
		}
		if (known.row === row) return known;
		this.#settle(known);
		// Something that was gone and came back has restarted.
		this.#count(known, known.seenIn >= this.#refresh - 1 ? known.row : null, row);
		known.row = row;
		return known;
	}

	#begin(row: Row, isOver: boolean, key = this.#kind.key(row)): Entry | null {
		if (this.#entries.size >= this.#most) {
			if (this.#left.size < this.#most) this.#left.add(key);
			return null;
		}
		const { counters, means, times } = this.#kind;
		const entry: Entry = {
			row,
			heldMs: 0,
			means: new Sums(means),
			counts: counters.map(() => 0),
			times: times.map(() => null),
			seenIn: this.#refresh,
			isInSpan: false,
			isOver,
		};
		this.#entries.set(key, entry);
		return entry;
	}

	#settle(entry: Entry): void {
		if (entry.heldMs > 0) entry.means.add(entry.row, entry.heldMs);
		entry.heldMs = 0;
	}

	/** A counter that is smaller than before has restarted. */
	#count({ counts, times }: Entry, before: Row | null, row: Row): void {
		for (const [at, name] of this.#kind.counters.entries()) {
			const [was, is] = [Number(before?.[name] ?? 0), Number(row[name] ?? 0)];
			counts[at] = (counts[at] ?? 0) + growth(is, was);
		}
		for (const [at, name] of this.#kind.times.entries()) {
			const is = row[name] as LatencyHistogram | null;
			if (is === null) continue;
			const sum = times[at] ?? new TimesSum();
			sum.add((before?.[name] ?? null) as LatencyHistogram | null, is);
			times[at] = sum;
		}
	}

	#total({ row, means, counts, times }: Entry, spanMs: number): Row {
		const total: Record<string, unknown> = { ...row, ...means.means(row, spanMs) };
		for (const [at, name] of this.#kind.counters.entries()) if (row[name] !== null) total[name] = counts[at];
		for (const [at, name] of this.#kind.times.entries()) {
			if (row[name] !== null) total[name] = (times[at] ?? new TimesSum()).histogram();
		}
		return total;
	}
}

const MOST_BUCKETS = 64;

/** How long things took in the span. */
class TimesSum {
	readonly #buckets = new Uint32Array(MOST_BUCKETS);
	#totalNs = 0;
	#maxNs = 0;

	add(before: LatencyHistogram | null, after: LatencyHistogram): void {
		const isAnew = before === null || after.totalNs < before.totalNs;
		let highest = -1;
		for (const [bucket, count] of after.buckets.entries()) {
			const more = count - (isAnew ? 0 : (before.buckets[bucket] ?? 0));
			if (more <= 0 || bucket >= MOST_BUCKETS) continue;
			this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + more;
			highest = bucket;
		}
		this.#totalNs += after.totalNs - (isAnew ? 0 : before.totalNs);
		if (highest < 0) return;
		// The maximum since attach may be from before the span: then the span's is at most the end of its highest
		// bucket.
		const isNewest = isAnew || after.maxNs > before.maxNs;
		this.#maxNs = Math.max(this.#maxNs, isNewest ? after.maxNs : Math.min(after.maxNs, 2 ** (highest + 1) - 1));
	}

	histogram(): LatencyHistogram {
		const count = this.#buckets.reduce((sum, held) => sum + held, 0);
		return latencyHistogram({ totalNs: this.#totalNs, maxNs: this.#maxNs, buckets: this.#buckets }, count);
	}
}
