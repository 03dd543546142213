// A field's width, sign and byte order are only in wire.h: code that reads a record calls a generated reader. And
// records have no field that nothing reads.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as wire from "../../src/model/wire/layout.gen.ts";

const source = fileURLToPath(new URL("../../src/", import.meta.url));
const files = globSync("**/*.{ts,tsx}", { cwd: source });
const textOf = (file: string) => readFileSync(`${source}${file}`, "utf8");

it("nothing outside src/model/wire/ reads bytes of a batch directly", () => {
	expect(files.length).toBeGreaterThan(100);
	const readers = files.filter(
		(file) => !file.startsWith("model/wire/") && /\.(get|set)(Uint|Int|BigUint|BigInt|Float)\d+\(/.test(textOf(file)),
	);
	// Moves whole records, and writes the size that they have then.
	expect(readers).toEqual(["model/feed/record-converter.ts"]);
});

/** Fields that only native/ reads, each with its use. */
const NATIVE_READS: Readonly<Record<string, string>> = {
	signalForeign: "Peers introduces who of the two is not wanted",
	signalComm: "under this name",
	nameFlags: "BpfSource puts an ellipsis before a cgroup's path that is cut",
	threadNsTid: "ReportedThreads finds the holder of a lock by it",
	threadSecondArgumentHigh: "FutexReader reads the numbers of futex(2)",
	threadThirdArgumentLow: "the same",
	threadThirdArgumentHigh: "the same",
	objectIsForeign: "Peers learns no links from what is not a wanted process's",
};

it("every field of a record is read somewhere", () => {
	const texts = files.filter((file) => file !== "model/wire/layout.gen.ts").map(textOf);
	const words = new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
	const readers = Object.entries(wire).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
	expect(readers.length).toBeGreaterThan(150);
	expect(readers.filter((name) => !words.has(name)).sort()).toEqual(Object.keys(NATIVE_READS).sort());
});
