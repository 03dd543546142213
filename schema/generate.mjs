/**
 * Writes schema/snapshot.schema.json from the types of src/model/snapshot.ts. `--check` writes nothing and exits 1 where
 * the committed file differs.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const top = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(top, "schema", "snapshot.schema.json");

function generated() {
	const { definitions, $ref } = createGenerator({
		path: join(top, "src", "model", "snapshot.ts"),
		tsconfig: join(top, "tsconfig.json"),
		type: "Snapshot",
		additionalProperties: false,
		skipTypeCheck: true, // the types are checked by the compiler that the program is built with
	}).createSchema("Snapshot");
	const { [$ref.split("/").pop()]: snapshot, ...$defs } = definitions;
	const head = { $schema: "https://json-schema.org/draft/2020-12/schema", $id: "ebtop/1" };
	const title = "One line of ebtop --json";
	const description =
		"Counters are totals since attach, …Rate and rate are per second over the last interval, sizes are bytes.";
	return { ...head, title, description, ...snapshot, $defs };
}

// Draft 2020-12 has its definitions under another name.
const text = `${JSON.stringify(generated(), null, "\t")
	.replaceAll('"#/definitions/', '"#/$defs/')
	// What a type makes of another has its name with both in it.
	.replaceAll(/EventOf(?:<\\"|%3C%22)([a-z-]+)(?:\\">|%22%3E)/g, "event-$1")}\n`;
if (!process.argv.includes("--check")) {
	writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
	console.error("schema/snapshot.schema.json differs from src/model/snapshot.ts: run node schema/generate.mjs");
	process.exit(1);
}
