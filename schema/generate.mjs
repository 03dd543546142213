/**
 * Writes the JSON Schemas from the types of the program: one line of `--json`, a receipt, a comparison, and the configuration.
 * `--check` writes nothing and exits 1 if a committed file differs.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const top = join(dirname(fileURLToPath(import.meta.url)), "..");

const schemas = [
	{
		file: "snapshot.schema.json",
		source: "src/model/snapshot.ts",
		type: "Snapshot",
		id: "ebtop/1",
		title: "One line of ebtop --json",
		description:
			"Counters are totals since attach, …Rate and rate are per second over the last interval, sizes are bytes.",
	},
	{
		file: "receipt.schema.json",
		source: "src/follow/receipt.ts",
		type: "Receipt",
		id: "ebtop-receipt/1",
		title: "A receipt of ebtop follow",
		description: "What a command caused. Sizes are bytes; no clock but in run.",
	},
	{
		file: "diff.schema.json",
		source: "src/compare/comparison.ts",
		type: "Comparison",
		id: "ebtop-diff/1",
		title: "The differences between two recordings, as ebtop diff --json prints them",
	},
	{
		file: "config.schema.json",
		source: "src/config/settings.ts",
		type: "Configuration",
		id: "ebtop-config/1",
		title: "The settings of ebtop",
	},
];

function generated({ source, type, id, title, description }) {
	const { definitions, $ref } = createGenerator({
		path: join(top, source),
		tsconfig: join(top, "tsconfig.json"),
		type,
		additionalProperties: false,
		skipTypeCheck: true, // the types are checked by the compiler that the program is built with
	}).createSchema(type);
	const { [$ref.split("/").pop()]: whole, ...$defs } = definitions;
	const head = { $schema: "https://json-schema.org/draft/2020-12/schema", $id: id };
	return { ...head, title, description, ...whole, $defs };
}

// Draft 2020-12 uses another name for definitions.
function textOf(schema) {
	return `${JSON.stringify(generated(schema), null, "\t")
		.replaceAll('"#/definitions/', '"#/$defs/')
		// The name of an instantiated generic type contains both type names.
		.replaceAll(/EventOf(?:<\\"|%3C%22)([a-z-]+)(?:\\">|%22%3E)/g, "event-$1")}\n`;
}

for (const schema of schemas) {
	const target = join(top, "schema", schema.file);
	const text = textOf(schema);
	if (!process.argv.includes("--check")) {
		writeFileSync(target, text);
	} else if (readFileSync(target, "utf8") !== text) {
		console.error(`schema/${schema.file} differs from ${schema.source}: run node schema/generate.mjs`);
		process.exitCode = 1;
	}
}
