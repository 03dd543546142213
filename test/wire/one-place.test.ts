// Records have no field that nothing reads. scripts/lint/wire.grit holds that only src/model/wire/ reads bytes.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as wire from "../../src/model/wire/layout.gen.ts";

const source = fileURLToPath(new URL("../../src/", import.meta.url));
const files = globSync("**/*.{ts,tsx}", { cwd: source });
const textOf = (file: string) => readFileSync(`${source}${file}`, "utf8");

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
