/**
 * Rows from an untrusted file: the result has the fields and types of the JSON Schema of a snapshot, and no text that
 * could control a terminal.
 */

import { safeText } from "../model/safe-text.ts";
import { HEALTH, listShape, referred, type Shape, SNAPSHOT } from "./shapes.ts";

/**
 * Returns what the schema knows of a JSON value, or undefined if the value does not conform. Unknown fields are left out, since a later
 * version may have more; missing ones become null, 0, false or empty, since an earlier version may have had fewer.
 */
export type Conform = (value: unknown) => unknown;

/** For the rows of a list of the snapshot, or of its health. */
export function conformRows(list: string): Conform {
	return conformTo(listShape(list));
}

/** For a snapshot, and its health, without `lists`. */
export function conformHead(lists: readonly string[]): Conform {
	const health = without(HEALTH, lists);
	const { properties, ...rest } = without(SNAPSHOT, lists);
	return conformTo({ ...rest, properties: { ...properties, health } });
}

function without({ properties = {}, required = [], ...rest }: Shape, names: readonly string[]): Shape {
	const kept = Object.entries(properties).filter(([name]) => !names.includes(name));
	return {
		...rest,
		properties: Object.fromEntries(kept),
		required: required.filter((name) => !names.includes(name)),
	};
}

const known = new Map<Shape, Conform>();

/** Made once for each shape: rows are many. */
function conformTo(shape: Shape): Conform {
	const made = known.get(shape) ?? create(shape);
	known.set(shape, made);
	return made;
}

function create(shape: Shape): Conform {
	const { $ref, anyOf } = shape;
	if ($ref !== undefined) return conformTo(referred($ref));
	if (anyOf !== undefined) return conformToAny(anyOf.map(conformTo));
	if (shape.const !== undefined) return (value) => (value === shape.const ? value : undefined);
	if (shape.enum !== undefined) {
		const values = new Set(shape.enum);
		return (value) => (values.has(value) ? value : undefined);
	}
	const types = typeof shape.type === "string" ? [shape.type] : (shape.type ?? []);
	return conformToAny(types.map((type) => conformToType(type, shape)));
}

function conformToAny(choices: readonly Conform[]): Conform {
	const [only] = choices;
	if (only !== undefined && choices.length === 1) return only;
	return (value) => {
		for (const choice of choices) {
			const result = choice(value);
			if (result !== undefined) return result;
		}
		return undefined;
	};
}

function conformToType(type: string, shape: Shape): Conform {
	switch (type) {
		case "null":
			return (value) => (value === null ? value : undefined);
		case "boolean":
			return (value) => (typeof value === "boolean" ? value : undefined);
		case "string":
			return conformText(shape);
		case "array":
			return conformItems(shape);
		case "object":
			return conformFields(shape);
		default:
			return conformNumber(type === "integer" ? Number.isInteger : Number.isFinite, shape);
	}
}

function conformNumber(isOfType: (value: unknown) => boolean, { minimum, maximum }: Shape): Conform {
	const least = minimum ?? Number.NEGATIVE_INFINITY;
	const most = maximum ?? Number.POSITIVE_INFINITY;
	return (value) => (isOfType(value) && (value as number) >= least && (value as number) <= most ? value : undefined);
}

function conformText({ pattern }: Shape): Conform {
	const form = pattern === undefined ? null : new RegExp(pattern, "u");
	return (value) => {
		const isSafe = typeof value === "string" && safeText(value) === value;
		return isSafe && (form === null || form.test(value)) ? value : undefined;
	};
}

function conformItems({ items = {}, minItems = 0, maxItems = Number.POSITIVE_INFINITY }: Shape): Conform {
	const conform = conformTo(items);
	return (value) => {
		if (!Array.isArray(value) || value.length < minItems || value.length > maxItems) return undefined;
		const result = value.map(conform);
		return result.includes(undefined) ? undefined : result;
	};
}

function conformFields({ properties = {}, required = [] }: Shape): Conform {
	const fields = new Map(Object.entries(properties).map(([name, shape]) => [name, conformTo(shape)]));
	const neutrals = required.map((name) => [name, neutral(fields.get(name) as Conform)] as const);
	return (value) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
		const result: Record<string, unknown> = {};
		for (const name of Object.keys(value)) {
			const conform = fields.get(name);
			if (conform === undefined) continue;
			const field = conform((value as Record<string, unknown>)[name]);
			if (field === undefined) return undefined;
			result[name] = field;
		}
		for (const [name, missing] of neutrals) {
			if (result[name] !== undefined) continue;
			if (missing === undefined) return undefined;
			result[name] = missing;
		}
		return result;
	};
}

/** The value of a field that an earlier version did not record; undefined if there is none. */
function neutral(conform: Conform): unknown {
	return [null, 0, false, "", []].find((value) => conform(value) !== undefined);
}
