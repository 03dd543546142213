/**
 * Judges the rows of one snapshot.
 *
 * A row is judged by its own fields. A field that it does not have is looked up through its process (through both for
 * a link), so `user = root` leaves the files of root's processes. A field that the process does not have either is
 * looked up in all rows of that process: `port = 80 and path ~ ^/etc` finds the processes that have both, and their
 * system calls. Where a field has several values one is enough; `!=` and `!~` hold where their opposite does not, so
 * they hold for a row without any value.
 */

import type { ProcessRow, Snapshot } from "../snapshot.ts";
import { FIELDS, type Field, type FieldName, type RowKind, type Rows, type Value } from "./fields.ts";
import type { Expression, Filter } from "./parser.ts";

export interface Matcher {
	process(row: Rows["process"]): boolean;
	syscall(row: Rows["syscall"]): boolean;
	ipc(row: Rows["ipc"]): boolean;
	file(row: Rows["file"]): boolean;
	tcp(row: Rows["tcp"]): boolean;
	event(row: Rows["event"]): boolean;
}

/** Gives the values of a field of one row. */
type Subject = (field: FieldName) => readonly Value[];

/** A matcher for the rows of `snapshot`; make a new one for the next snapshot. */
export function createMatcher(filter: Filter, snapshot: Snapshot): Matcher {
	const index = new RowIndex(snapshot);
	const judge = <K extends RowKind>(kind: K, row: Rows[K], pids: readonly number[]): boolean =>
		holds(filter.expression, (name) => {
			const own = readOwn(FIELDS[name], kind, row);
			return own ?? pids.flatMap((pid) => index.valuesOf(name, pid));
		});
	return {
		process: (row) => judge("process", row, [row.pid]),
		syscall: (row) => judge("syscall", row, [row.pid]),
		ipc: (row) => judge("ipc", row, [row.from.pid, row.to.pid]),
		file: (row) => judge("file", row, [row.pid]),
		tcp: (row) => judge("tcp", row, [row.pid]),
		event: (row) => judge("event", row, [row.pid]),
	};
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

function readOwn<K extends RowKind>(field: Field, kind: K, row: Rows[K]): readonly Value[] | undefined {
	return field.own[kind]?.(row);
}

/** What the rows of a process say, by pid. Each list is made when the first question needs it. */
class RowIndex {
	readonly #snapshot: Snapshot;
	readonly #byField = new Map<FieldName, Map<number, Value[]>>();
	#processes: Map<number, ProcessRow> | null = null;

	constructor(snapshot: Snapshot) {
		this.#snapshot = snapshot;
	}

	valuesOf(name: FieldName, pid: number): readonly Value[] {
		const field: Field = FIELDS[name];
		if (field.own.process !== undefined) {
			const row = this.#process(pid);
			return row === undefined ? [] : field.own.process(row);
		}
		let values = this.#byField.get(name);
		if (values === undefined) {
			values = this.#collect(field);
			this.#byField.set(name, values);
		}
		return values.get(pid) ?? [];
	}

	/** Of two processes with one pid the one that lives. */
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
		const { syscall, file, tcp, ipc } = field.own;
		if (syscall) for (const row of this.#snapshot.syscalls) add(row.pid, syscall(row));
		if (file) for (const row of this.#snapshot.files) add(row.pid, file(row));
		if (tcp) for (const row of this.#snapshot.tcp) add(row.pid, tcp(row));
		if (ipc) {
			for (const row of this.#snapshot.ipc) {
				add(row.from.pid, ipc(row, row.from.pid));
				if (row.to.pid !== row.from.pid) add(row.to.pid, ipc(row, row.to.pid));
			}
		}
		return values;
	}
}
