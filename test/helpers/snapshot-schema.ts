/** Validates what ebtop writes against its schemas: a snapshot or a line of --json, a receipt, its configuration. */

import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const validatorOf = (file: string) =>
	new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
		JSON.parse(readFileSync(new URL(`../../schema/${file}`, import.meta.url), "utf8")),
	);
const snapshot = validatorOf("snapshot.schema.json");
const receipt = validatorOf("receipt.schema.json");
const configuration = validatorOf("config.schema.json");

/** The errors in a parsed line; empty if there are none. */
export function schemaErrors(line: unknown): string[] {
	return errorsOf(snapshot, line);
}

/** The same of a parsed receipt. */
export function receiptErrors(value: unknown): string[] {
	return errorsOf(receipt, value);
}

/** The same of a configuration without comments. */
export function configurationErrors(value: unknown): string[] {
	return errorsOf(configuration, value);
}

function errorsOf(validate: typeof snapshot, value: unknown): string[] {
	if (validate(value)) return [];
	return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
