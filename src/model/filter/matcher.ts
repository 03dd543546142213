/**
 * Tests the rows of one snapshot.
 *
 * A row is tested by its own fields. A field that it does not have is looked up in its process (in both for a link), so
 * `user = root` keeps the files of root's processes. A field that the process does not have either is looked up in all
 * rows of that process: `port = 80 and path ~ ^/etc` finds the processes that have both, and their system calls. If a
 * field has several values, one match is enough; `!=` and `!~` are the negation of `=` and `~`, so they match a row
 * without any value.
 */

import { type IpcRow, type ProcessRow, type RowOf, type Snapshot, TABLES, type TableName } from "../snapshot.ts";
import { FIELDS, type Field, type FieldName, type Value } from "./fields.ts";
import type { Expression, Filter } from "./parser.ts";

/** Tests a row of each table. */
export type Matcher = { readonly [T in TableName]: (row: RowOf<T>) => boolean };

/** The values of a field in one row: its own, or those of its processes. */
type Subject = (field: FieldName) => readonly (readonly Value[])[];

/** A matcher for the rows of `snapshot`. Each snapshot needs a new one. */
export function createMatcher(filter: Filter, snapshot: Snapshot): Matcher {
	const index = new RowIndex(snapshot);
	const judge = (table: TableName, row: AnyRow): boolean =>
		holds(filter.expression, (name) => {
			const own = readOwn(FIELDS[name], table, row);
			return own === undefined ? pidsOf(row).map((pid) => index.valuesOf(name, pid)) : [own];
		});
	return Object.fromEntries(TABLES.map((table) => [table, (row: AnyRow) => judge(table, row)])) as unknown as Matcher;
}

type AnyRow = RowOf<TableName>;

/** The processes of a row: one, the two ends of a link, or all in a container. */
function pidsOf(row: AnyRow): readonly number[] {
	if ("pids" in row) return row.pids;
	if (!isLink(row)) return [row.pid];
	return row.from.pid === row.to.pid ? [row.from.pid] : [row.from.pid, row.to.pid];
}

function isLink(row: AnyRow): row is IpcRow {
	return "channel" in row;
}

function holds(expression: Expression, subject: Subject): boolean {
	switch (expression.kind) {
		case "and":
			return holds(expression.left, subject) && holds(expression.right, subject);
		case "or":
			return holds(expression.left, subject) || holds(expression.right, subject);
		case "not":
			return !holds(expression.operand, subject);
		case "any":
			return subject(expression.field).some(expression.test);
	}
}

/** `row` is one of `table`. */
function readOwn(field: Field, table: TableName, row: AnyRow, self?: number): readonly Value[] | undefined {
	const read = field.own[table] as ((row: AnyRow, self?: number) => readonly Value[]) | undefined;
	return read?.(row, self);
}

/** The rows of each process, by pid. Each list is made when it is first needed. */
class RowIndex {
	readonly #snapshot: Snapshot;
	readonly #byField = new Map<FieldName, Map<number, Value[]>>();
	#processes: Map<number, ProcessRow> | null = null;

	constructor(snapshot: Snapshot) {
		this.#snapshot = snapshot;
	}

	valuesOf(name: FieldName, pid: number): readonly Value[] {
		const field: Field = FIELDS[name];
		if (field.own.processes !== undefined) {
			const row = this.#process(pid);
			return row === undefined ? [] : field.own.processes(row);
		}
		let values = this.#byField.get(name);
		if (values === undefined) {
			values = this.#collect(field);
			this.#byField.set(name, values);
		}
		return values.get(pid) ?? [];
	}

	/** The living one of two processes with the same pid. */
	#process(pid: number): ProcessRow | undefined {
		if (this.#processes === null) {
			this.#processes = new Map();
			for (const row of this.#snapshot.processes) {
				if (row.exit === null || !this.#processes.has(row.pid)) this.#processes.set(row.pid, row);
			}
		}
		return this.#processes.get(pid);
	}

	#collect(field: Field): Map<number, Value[]> {
		const values = new Map<number, Value[]>();
		const add = (pid: number, found: readonly Value[]): void => {
			const known = values.get(pid);
			if (known === undefined) values.set(pid, [...found]);
			else known.push(...found);
		};
		// Events describe what a process did, not what it is; containers only repeat its own fields.
		for (const table of TABLES) {
			if (table === "events" || table === "containers" || field.own[table] === undefined) continue;
			for (const row of this.#snapshot[table])
				for (const pid of pidsOf(row)) add(pid, readOwn(field, table, row, pid) ?? []);
		}
		return values;
	}
}
