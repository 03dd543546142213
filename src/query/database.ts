/** The rows of a recording in SQLite, for one query that only reads. */

import { constants, DatabaseSync, type StatementSync } from "node:sqlite";
import { Failure } from "../failure.ts";
import { ALL_LISTS, cut, type Row, type Rows } from "../history/state.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { TABLE_KINDS } from "../model/table-kinds.ts";
import { type Column, type ColumnType, columnsOf, headColumns } from "./columns.ts";
import { type Follows, type HeldRow, HeldRows } from "./held-rows.ts";
import { listViews, QUESTIONS } from "./views.ts";

/** On the disk: SQLite keeps only so much of it in memory. */
const MOST_BYTES = 4 * 2 ** 30;
const PAGE_BYTES = 4096;
const MEMORY_KB = 64 << 10;

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
	integer: "INTEGER",
	number: "REAL",
	boolean: "INTEGER",
	text: "TEXT",
	json: "TEXT",
};

/** What SQLite answers: an integer is a bigint. */
export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Answer {
	readonly names: readonly string[];
	/** Made lazily; throws a Failure. */
	readonly rows: Iterable<readonly SqlValue[]>;
}

export class RowDatabase {
	/** A file without a name, which nobody else can open and which is gone when the program ends. */
	readonly #database = new DatabaseSync("");
	readonly #query: StatementSync;
	readonly #lists: readonly ListTable[];
	readonly #head: Inserter<Snapshot>;
	/** Of the next refresh. */
	#no = 0;
	/** Of the last one, in its run. */
	#seq = -1;
	#isAfterGap = false;
	#isRefused = false;

	/** Throws a Failure of status 2 about a query that has a mistake or does more than read. `most`: for tests. */
	constructor(query: string, most = MOST_BYTES) {
		const pragmas = ["journal_mode = off", "synchronous = off", `cache_size = -${MEMORY_KB}`];
		for (const pragma of pragmas) this.#database.exec(`PRAGMA ${pragma}`);
		this.#database.exec(`PRAGMA max_page_count = ${Math.ceil(most / PAGE_BYTES)}`);
		const head = [SEQ, TIME, ...headColumns(), AFTER_GAP];
		this.#database.exec(createTable("refreshes", head.map(declare)));
		for (const list of ALL_LISTS) createList(this.#database, list);
		for (const [name, select] of Object.entries(QUESTIONS)) this.#database.exec(`CREATE VIEW ${name} AS ${select}`);
		const read = new Set<string>();
		this.#query = this.#prepare(query, read);
		this.#lists = ALL_LISTS.filter((list) => read.has(`held_${list}`)).map(
			(list) => new ListTable(this.#database, list),
		);
		const values = head.slice(1, -1).map(
			({ read }) =>
				(snapshot: Snapshot) =>
					read(snapshot as unknown as Row),
		);
		this.#head = new Inserter(this.#database, "refreshes", [() => this.#no, ...values, () => this.#isAfterGap]);
		this.#database.exec("BEGIN");
	}

	/** `snapshot` has only the events of its own interval. `isAfterGap`: something is missing before it. */
	add(snapshot: Snapshot, isAfterGap: boolean): void {
		const state = cut(snapshot);
		const follows = this.#followsUpon(snapshot.seq);
		this.#isAfterGap = isAfterGap;
		this.#guard(() => {
			this.#head.insert(snapshot);
			for (const list of this.#lists) list.add(this.#no, state[list.name] ?? [], follows);
		});
		this.#seq = snapshot.seq;
		this.#no++;
	}

	/** No more is added: the answer to the query. */
	answer(): Answer {
		this.#guard(() => {
			for (const list of this.#lists) list.end(this.#no - 1);
			this.#database.exec("COMMIT");
		});
		this.#judge(new Set());
		const names = this.#query.columns().map(({ name }) => name);
		return { names, rows: this.#rows() };
	}

	*#rows(): Generator<readonly SqlValue[]> {
		try {
			yield* this.#query.iterate() as Iterable<unknown> as Iterable<readonly SqlValue[]>;
		} catch (error) {
			throw this.#isRefused ? onlyReads() : new Failure(`The SQL query failed: ${reasonOf(error)}.`, 1);
		}
	}

	/** From now on statements may only read; notes the tables that they name in `read`. */
	#judge(read: Set<string>): void {
		this.#database.setAuthorizer((action, ...words) => {
			const verdict = judge(action, words, read);
			this.#isRefused ||= verdict === constants.SQLITE_DENY;
			return verdict;
		});
	}

	/** A run counts from nothing; a part of one has counted before. */
	#followsUpon(seq: number): Follows {
		if (seq === 0) return "nothing";
		return this.#no > 0 && seq > this.#seq ? "refresh" : "unknown";
	}

	#prepare(text: string, read: Set<string>): StatementSync {
		this.#judge(read);
		try {
			const statement = this.#database.prepare(text);
			if (!isRest(text.slice(statement.sourceSQL.length))) throw new Failure("--sql takes one query.", 2);
			statement.setReadBigInts(true);
			statement.setReturnArrays(true);
			return statement;
		} catch (error) {
			if (error instanceof Failure) throw error;
			if (this.#isRefused) throw onlyReads();
			const reason = reasonOf(error);
			const advice = /^no such table/.test(reason) ? ` Tables: refreshes, ${ALL_LISTS.join(", ")}.` : "";
			throw new Failure(`The SQL query has a mistake: ${reason}.${advice}`, 2);
		} finally {
			this.#database.setAuthorizer(null);
		}
	}

	#guard(work: () => void): void {
		try {
			work();
		} catch (error) {
			if ((error as { errcode?: number }).errcode !== SQLITE_FULL) throw error;
			throw new Failure(
				"The recording has too many rows for SQL, or the disk for temporary files is full: begin later with --at.",
				1,
			);
		}
	}
}

const SQLITE_FULL = 13;

function onlyReads(): Failure {
	return new Failure("--sql only reads: use SELECT; nothing is written, attached or loaded.", 2);
}

const SEQ: Column = { name: "seq", type: "integer", kind: "value", read: () => null };
const TIME: Column = { name: "time", type: "text", kind: "value", read: ({ time }) => time };
const AFTER_GAP: Column = { name: "afterGap", type: "boolean", kind: "value", read: () => null };

const READS: readonly number[] = [constants.SQLITE_SELECT, constants.SQLITE_RECURSIVE];
/** Those that only describe tables. */
const PRAGMAS = ["table_info", "table_xinfo", "table_list"];

/** Notes the tables that a statement reads in `read`, and denies everything that does more. */
function judge(action: number, [one, two]: readonly (string | null)[], read: Set<string>): number {
	const { SQLITE_OK, SQLITE_DENY, SQLITE_READ, SQLITE_FUNCTION, SQLITE_PRAGMA } = constants;
	if (action === SQLITE_READ) read.add(one ?? "");
	const isRead =
		READS.includes(action) ||
		action === SQLITE_READ ||
		(action === SQLITE_FUNCTION && two !== "load_extension") ||
		(action === SQLITE_PRAGMA && PRAGMAS.includes(one ?? ""));
	return isRead ? SQLITE_OK : SQLITE_DENY;
}

/** Behind the first statement: blanks, or a comment. */
function isRest(text: string): boolean {
	return text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]/g, "") === "";
}

function reasonOf(error: unknown): string {
	return (error as Error).message.replace(/\.$/, "");
}

/** The rows of one list, and what its counters counted, once for as long as they are the same. */
class ListTable {
	readonly name: string;
	readonly #held: HeldRows;
	readonly #inserter: Inserter<HeldRow>;

	constructor(database: DatabaseSync, list: string) {
		this.name = list;
		const columns = columnsOf(list);
		const counters = columns.filter(({ kind }) => kind === "counter");
		const kind = TABLE_KINDS[list as keyof typeof TABLE_KINDS] as { key?(row: object): string } | undefined;
		this.#held = new HeldRows(counters.length === 0 ? null : (kind?.key ?? null));
		this.#inserter = new Inserter(database, `held_${list}`, [
			({ first }) => first,
			({ last }) => last,
			...columns.map(
				(column) =>
					({ row }: HeldRow) =>
						column.read(row),
			),
			...counters.map((column) => (held: HeldRow) => counted(column, held)),
		]);
	}

	add(no: number, rows: Rows, follows: Follows): void {
		for (const held of this.#held.add(no, rows, follows)) this.#inserter.insert(held);
	}

	end(no: number): void {
		for (const held of this.#held.end(no)) this.#inserter.insert(held);
	}
}

/** What was counted since the refresh before; a counter that is smaller than before has restarted. */
function counted({ read }: Column, { row, before }: HeldRow): number | null {
	const is = read(row) as number | null;
	const was = before === null ? 0 : (read(before) as number | null);
	if (is === null) return null;
	return is >= (was ?? 0) ? is - (was ?? 0) : is;
}

function createList(database: DatabaseSync, list: string): void {
	const columns = columnsOf(list);
	const counted = columns.flatMap(({ name, type, kind }) =>
		kind === "counter" ? [`"counted_${name}" ${SQL_TYPES[type]}`] : [],
	);
	const held = ["held_first INTEGER", "held_last INTEGER"];
	database.exec(createTable(`held_${list}`, [...held, ...columns.map(declare), ...counted]));
	for (const view of listViews(list, columns)) database.exec(view);
}

function createTable(name: string, columns: readonly string[]): string {
	return `CREATE TABLE ${name} (${columns.join(", ")})`;
}

function declare({ name, type }: Column): string {
	return `"${name}" ${SQL_TYPES[type]}${name === "seq" ? " PRIMARY KEY" : ""}`;
}

class Inserter<From> {
	readonly #statement: StatementSync;
	readonly #values: readonly ((from: From) => unknown)[];

	/** One value for each column of the table. */
	constructor(database: DatabaseSync, table: string, values: readonly ((from: From) => unknown)[]) {
		this.#values = values;
		this.#statement = database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`);
	}

	insert(from: From): void {
		this.#statement.run(...this.#values.map((value) => asSql(value(from))));
	}
}

function asSql(value: unknown): string | number | null {
	return typeof value === "boolean" ? Number(value) : (value as string | number | null);
}
