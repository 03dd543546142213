/** The JSON Schema of a snapshot. */

import schema from "../../schema/snapshot.schema.json" with { type: "json" };

/** The parts of JSON Schema that it uses. */
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

const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, Shape>>;

export const SNAPSHOT = schema as unknown as Shape;
export const HEALTH: Shape = DEFINITIONS.Health ?? {};

/** What a `$ref` stands for. */
export function referred(ref: string): Shape {
	return DEFINITIONS[decodeURIComponent(ref.slice("#/$defs/".length))] ?? {};
}

/** A row of a list of the snapshot, or of its health. */
export function listShape(list: string): Shape {
	return (SNAPSHOT.properties?.[list] ?? HEALTH.properties?.[list])?.items ?? {};
}
