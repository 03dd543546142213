/** A half-full table has room for every key, also where the session's secret is a bad one. */

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { compileNative } from "../helpers/compile-native.ts";

test("secrets that put calls or processes close together: each still finds a slot", () => {
	const counts = execFileSync(compileNative("table-hash", []), { encoding: "utf8" });
	expect(counts.trim().split("\n")).toEqual(Array.from({ length: 6 }, () => "0 0"));
});
