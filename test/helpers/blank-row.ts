/** An empty row: the default of each field follows from the schema, so tests need not name new fields. */

import { readFileSync } from "node:fs";

interface Schema {
	readonly type?: string;
	readonly $ref?: string;
	readonly anyOf?: readonly Schema[];
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
}

const path = new URL("../../schema/snapshot.schema.json", import.meta.url);
const { $defs }: { $defs: Readonly<Record<string, Schema>> } = JSON.parse(readFileSync(path, "utf8"));

/**
 * `name`: the type in snapshot.ts. Fields are null if that is allowed, else 0, false, "" or the first of several words.
 */
export function blankRow<Row>(name: string): Row {
	const schema = $defs[name];
	if (schema === undefined) throw new Error(`There is no ${name} in the schema.`);
	return blankOf(schema) as Row;
}

function blankOf(schema: Schema): unknown {
	const { type, $ref, anyOf, properties = {}, required = [] } = schema;
	if ($ref !== undefined) return blankOf($defs[$ref.slice("#/$defs/".length)] ?? {});
	if (anyOf !== undefined) return anyOf.some((one) => one.type === "null") ? null : blankOf(anyOf[0] ?? {});
	if (schema.enum !== undefined) return schema.enum[0];
	if (schema.const !== undefined) return schema.const;
	if (type === "object") return Object.fromEntries(required.map((key) => [key, blankOf(properties[key] ?? {})]));
	if (type === "array") return [];
	if (type === "string") return "";
	if (type === "boolean") return false;
	if (type === "number" || type === "integer") return 0;
	throw new Error(`A blank of ${JSON.stringify(schema)} is not known.`);
}
