// A field's width, sign and byte order stand in wire.h alone: what reads a record calls a generated reader.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const source = fileURLToPath(new URL("../../src/", import.meta.url));
const files = globSync("**/*.{ts,tsx}", { cwd: source }).filter((file) => !file.startsWith("model/wire/"));

it("nothing outside of src/model/wire/ reads bytes of a batch by itself", () => {
	expect(files.length).toBeGreaterThan(100);
	const readers = files.filter((file) =>
		/\.(get|set)(Uint|Int|BigUint|BigInt|Float)\d+\(/.test(readFileSync(`${source}${file}`, "utf8")),
	);
	// Moves whole records, and writes the size that they have then.
	expect(readers).toEqual(["model/feed/record-converter.ts"]);
});
