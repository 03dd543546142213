/** The rows of a recording in SQLite, for one query that only reads. */

import { constants, DatabaseSync, type StatementSync } from "node:sqlite";
import { Failure } from "../failure.ts";
import { ALL_LISTS } from "../history/state.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ColumnType } from "./columns.ts";
import { columnsOfTable, REFRESHES, type RowSink, TABLE_NAMES, type TableColumn, Tables } from "./tables.ts";
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
	time: "TEXT",
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
	readonly #tables: Tables;
	#isRefused = false;

	/** Throws a Failure of status 2 about a query that has a mistake or does more than read. `most`: for tests. */
	constructor(query: string, most = MOST_BYTES) {
		const pragmas = ["journal_mode = off", "synchronous = off", `cache_size = -${MEMORY_KB}`];
		for (const pragma of pragmas) this.#database.exec(`PRAGMA ${pragma}`);
		this.#database.exec(`PRAGMA max_page_count = ${Math.ceil(most / PAGE_BYTES)}`);
		for (const table of TABLE_NAMES) this.#database.exec(createTable(table));
		for (const view of ALL_LISTS.flatMap(listViews)) this.#database.exec(view);
		for (const [name, select] of Object.entries(QUESTIONS)) this.#database.exec(`CREATE VIEW ${name} AS ${select}`);
		const read = new Set<string>([REFRESHES]);
		this.#query = this.#prepare(query, read);
		this.#tables = new Tables((table) => (read.has(storedAs(table)) ? inserter(this.#database, table) : null));
		this.#database.exec("BEGIN");
	}

	/** `snapshot` has only the events of its own interval. `isAfterGap`: something is missing before it. */
	add(snapshot: Snapshot, isAfterGap: boolean): void {
		this.#guard(() => this.#tables.add(snapshot, isAfterGap));
	}

	/** No more is added: the answer to the query. */
	answer(): Answer {
		this.#guard(() => {
			this.#tables.end();
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

/** The table in which the rows of a list are, once for as long as they are the same; the views have the list's name. */
function storedAs(table: string): string {
	return table === REFRESHES ? table : `held_${table}`;
}

function createTable(table: string): string {
	return `CREATE TABLE ${storedAs(table)} (${columnsOfTable(table)
		.map((column) => declare(table, column))
		.join(", ")})`;
}

function declare(table: string, { name, type }: TableColumn): string {
	return `"${name}" ${SQL_TYPES[type]}${name === "seq" && table === REFRESHES ? " PRIMARY KEY" : ""}`;
}

function inserter(database: DatabaseSync, table: string): RowSink {
	const marks = columnsOfTable(table).map(() => "?");
	const statement = database.prepare(`INSERT INTO ${storedAs(table)} VALUES (${marks.join(", ")})`);
	return (values) => void statement.run(...values.map(asSql));
}

function asSql(value: unknown): string | number | null {
	if (typeof value === "boolean") return Number(value);
	return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as string | number | null);
}
