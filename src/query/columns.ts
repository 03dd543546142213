/** The lists of a snapshot as tables with typed columns, made from its JSON Schema. */

import { HEALTH, listShape, referred, type Shape, SNAPSHOT } from "../history/shapes.ts";
import type { Row } from "../history/state.ts";
import { TABLE_KINDS } from "../model/table-kinds.ts";
import { SCHEDULING_TOTALS } from "../model/tables/process/turns.ts";

/** `time`: as text, see `Time`; `json`: a list, or an object with different fields from row to row. */
export type ColumnType = "integer" | "number" | "boolean" | "text" | "time" | "json";

export interface Column {
	/** As in the snapshot; the fields of an object are columns of their own: `from.pid` is `fromPid`. */
	readonly name: string;
	readonly type: ColumnType;
	/**
	 * counter: a total since attach, which grows by what each refresh adds; overall: computed from all that was measured
	 * since attach, as a median, so that nothing of it is of one refresh.
	 */
	readonly kind: "value" | "counter" | "overall";
	/** Null if the row has no such value. */
	read(row: Row): unknown;
}

/** Objects of counters, and which of their fields are that. */
const COUNTED: Readonly<Record<string, readonly string[]>> = { sched: SCHEDULING_TOTALS };
/** The counter of a histogram. */
const TIMES = ["totalNs"];

/** The columns of a list of the snapshot, or of its health. */
export function columnsOf(list: string): Column[] {
	return Object.entries(fieldsOf(listShape(list))).flatMap(([name, shape]) => [
		...columnsOfField(shape, [name], 0, kindOf(list)),
	]);
}

/** What a snapshot says beside its lists: the machine, the records, ebtop itself. The row is the snapshot. */
export function headColumns(): Column[] {
	const { system = {}, host = {}, kernel = {}, intervalMs = {} } = SNAPSHOT.properties ?? {};
	const { records = {}, self = {} } = HEALTH.properties ?? {};
	const isValue = () => "value" as const;
	return [
		...columnsOfField(intervalMs, ["intervalMs"], 0, isValue),
		...columnsOfField(host, ["host"], 0, isValue),
		...columnsOfField(kernel, ["kernel"], 0, isValue),
		...columnsOfField(system, ["system"], 1, isValue),
		...columnsOfField(records, ["health", "records"], 1, isValue),
		...columnsOfField(self, ["health", "self"], 1, isValue),
	];
}

type Path = readonly string[];

function kindOf(list: string): (path: Path) => Column["kind"] {
	const { counters = [], times = [] } =
		(TABLE_KINDS[list as keyof typeof TABLE_KINDS] as Partial<Record<"counters" | "times", readonly string[]>>) ?? {};
	return ([field = "", part]) => {
		if (part === undefined) return counters.includes(field) ? "counter" : "value";
		const counted = COUNTED[field] ?? (times.includes(field) ? TIMES : null);
		if (counted === null) return "value";
		return counted.includes(part) ? "counter" : "overall";
	};
}

/** `unnamed`: how many words of the path are left out of the name. */
function* columnsOfField(
	shape: Shape,
	path: Path,
	unnamed: number,
	kind: (path: Path) => Column["kind"],
): Generator<Column> {
	const choices = choicesOf(shape);
	const [only] = choices;
	if (choices.length === 1 && only?.properties !== undefined) {
		for (const [name, field] of Object.entries(only.properties))
			yield* columnsOfField(field, [...path, name], unnamed, kind);
		return;
	}
	const type = isTime(shape) ? "time" : typeOf(choices);
	yield { name: nameOf(path.slice(unnamed)), type, kind: kind(path), read: reader(path) };
}

function nameOf([first = "", ...rest]: Path): string {
	return first + rest.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function reader(path: Path): (row: Row) => unknown {
	const [one = "", two, three] = path;
	if (two === undefined) return (row) => row[one] ?? null;
	if (three === undefined) return (row) => (row[one] as Row | null | undefined)?.[two] ?? null;
	return (row) => ((row[one] as Row | null | undefined)?.[two] as Row | null | undefined)?.[three] ?? null;
}

function isTime({ $ref, anyOf = [] }: Shape): boolean {
	return $ref?.endsWith("/Time") ?? anyOf.some(isTime);
}

/** The fields of a row, which may have several forms. */
function fieldsOf(shape: Shape): Readonly<Record<string, Shape>> {
	const fields: Record<string, Shape> = {};
	for (const { properties = {} } of choicesOf(shape)) {
		for (const [name, field] of Object.entries(properties)) {
			fields[name] = fields[name] === undefined ? field : { anyOf: [fields[name], field] };
		}
	}
	return fields;
}

/** All that it can be, but for null. */
function choicesOf({ $ref, anyOf, ...shape }: Shape): readonly Shape[] {
	if ($ref !== undefined) return choicesOf(referred($ref));
	if (anyOf !== undefined) return anyOf.flatMap(choicesOf);
	return shape.type === "null" ? [] : [shape];
}

function typeOf(choices: readonly Shape[]): ColumnType {
	const types = new Set(
		choices
			.flatMap(({ type = [], enum: values }) => (values?.every(Number.isInteger) ? ["integer"] : type))
			.filter((type) => type !== "null"),
	);
	const [only] = types;
	if (types.size === 1) {
		if (only === "integer" || only === "number" || only === "boolean") return only;
		return only === "string" ? "text" : "json";
	}
	return [...types].every((type) => type === "integer" || type === "number") ? "number" : "json";
}
