/**
 * Rows from an untrusted file: the result has the fields and types of the JSON Schema of a snapshot, and no text that
 * could control a terminal.
 */

import schema from "../../schema/snapshot.schema.json" with { type: "json" };
import { safeText } from "../model/safe-text.ts";

/** The parts of JSON Schema that the schema of a snapshot uses. */
export interface Shape {
	readonly $ref?: string;
	readonly type?: string | readonly string[];
	readonly properties?: Readonly<Record<string, Shape>>;
	readonly required?: readonly string[];
	readonly items?: Shape;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly anyOf?: readonly Shape[];
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly pattern?: string;
}

/** A value that does not match the schema. */
export class NotConforming extends Error {}

const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, Shape>>;
const SNAPSHOT = schema as unknown as Shape;

/** The shape of one row of a list of the snapshot or of its health; undefined if there is no such list. */
export function shapeOfRows(list: string): Shape | undefined {
	const { properties = {} } = SNAPSHOT;
	const health = DEFINITIONS.Health?.properties ?? {};
	const found = Object.hasOwn(properties, list)
		? properties[list]
		: Object.hasOwn(health, list)
			? health[list]
			: undefined;
	return found?.items;
}

/** The shape of a snapshot, and of its health, without `lists`. */
export function shapeOfHead(lists: readonly string[]): Shape {
	const health = without(DEFINITIONS.Health as Shape, lists);
	const { properties, ...rest } = without(SNAPSHOT, lists);
	return { ...rest, properties: { ...properties, health } };
}

function without({ properties = {}, required = [], ...rest }: Shape, names: readonly string[]): Shape {
	const kept = Object.entries(properties).filter(([name]) => !names.includes(name));
	return { ...rest, properties: Object.fromEntries(kept), required: required.filter((name) => !names.includes(name)) };
}

/**
 * `value` with the fields of `shape`: unknown fields are left out, since a later version may have more, and missing
 * ones are null, 0, false or empty, since an earlier version may have fewer. Throws NotConforming if that is not
 * possible.
 */
export function conform(shape: Shape, value: unknown): unknown {
	const { $ref, anyOf } = shape;
	if ($ref !== undefined) return conform(definition($ref), value);
	if (anyOf !== undefined) return conformToAny(anyOf, value);
	if (shape.const !== undefined && value !== shape.const) throw new NotConforming();
	if (shape.enum !== undefined && !shape.enum.includes(value)) throw new NotConforming();
	const types = typesOf(shape);
	if (types !== null && !types.some((type) => isOf(type, value))) throw new NotConforming();
	if (typeof value === "number") return checkNumber(shape, value);
	if (typeof value === "string") return checkText(shape, value);
	if (Array.isArray(value)) return conformItems(shape, value);
	if (typeof value === "object" && value !== null) return conformFields(shape, value as Record<string, unknown>);
	return value;
}

function definition(reference: string): Shape {
	return DEFINITIONS[decodeURIComponent(reference.slice("#/$defs/".length))] as Shape;
}

function typesOf({ type }: Shape): readonly string[] | null {
	if (type === undefined) return null;
	return typeof type === "string" ? [type] : type;
}

function isOf(type: string, value: unknown): boolean {
	switch (type) {
		case "null":
			return value === null;
		case "array":
			return Array.isArray(value);
		case "object":
			return typeof value === "object" && value !== null && !Array.isArray(value);
		case "integer":
			return Number.isInteger(value);
		case "number":
			return Number.isFinite(value);
		default:
			return typeof value === type;
	}
}

function conformToAny(shapes: readonly Shape[], value: unknown): unknown {
	for (const shape of shapes) {
		try {
			return conform(shape, value);
		} catch (error) {
			if (!(error instanceof NotConforming)) throw error;
		}
	}
	throw new NotConforming();
}

function checkNumber({ minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: Shape, value: number) {
	if (value >= minimum && value <= maximum) return value;
	throw new NotConforming();
}

const patterns = new Map<string, RegExp>();

function checkText({ pattern }: Shape, value: string): string {
	if (safeText(value) !== value) throw new NotConforming();
	if (pattern === undefined) return value;
	const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
	patterns.set(pattern, known);
	if (known.test(value)) return value;
	throw new NotConforming();
}

function conformItems({ items, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Shape, value: readonly unknown[]) {
	if (value.length < minItems || value.length > maxItems) throw new NotConforming();
	return items === undefined ? [] : value.map((item) => conform(items, item));
}

function conformFields({ properties = {}, required = [] }: Shape, value: Readonly<Record<string, unknown>>) {
	const fields: Record<string, unknown> = {};
	for (const name of Object.keys(value)) {
		const shape = Object.hasOwn(properties, name) ? properties[name] : undefined;
		if (shape !== undefined) fields[name] = conform(shape, value[name]);
	}
	for (const name of required) if (!Object.hasOwn(fields, name)) fields[name] = neutral(properties[name] as Shape);
	return fields;
}

/** The default for a value that an earlier version did not record. */
function neutral(shape: Shape): unknown {
	if (shape.$ref !== undefined) return neutral(definition(shape.$ref));
	const candidates = [null, 0, false, "", []];
	for (const candidate of candidates) {
		try {
			return conform(shape, candidate);
		} catch (error) {
			if (!(error instanceof NotConforming)) throw error;
		}
	}
	throw new NotConforming();
}
