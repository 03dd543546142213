/** Holds a snapshot, or a line of --json, to schema/snapshot.schema.json. */

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const source = new URL("../../schema/snapshot.schema.json", import.meta.url);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(source, "utf8")));

/** What is wrong with a parsed line: empty if nothing is. */
export function schemaErrors(line: unknown): string[] {
	if (validate(line)) return [];
	return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
