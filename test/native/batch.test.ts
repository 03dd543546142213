/** The buffer of a batch: memory for a flood is returned, memory for a usual refresh is kept. */

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { WIRE_SIZES } from "../../src/model/wire/layout.gen.ts";
import { compileNative } from "../helpers/compile-native.ts";

function allocatedAfter(records: number): number[] {
	const program = compileNative("batch", []);
	return execFileSync(program, [String(records)], { encoding: "utf8" })
		.trim()
		.split("\n")
		.map(Number);
}

test("a batch of a flood returns its memory, a usual one is reused", () => {
	const flood = 100_003;
	const [full = 0, next = Number.NaN] = allocatedAfter(flood);
	expect(full).toBeGreaterThanOrEqual(flood * WIRE_SIZES.wire_tick);
	expect(next).toBeLessThan(128 * 1024);
	const [usual, again] = allocatedAfter(10_007);
	expect(again).toBe(usual);
});
