import { expect, test } from "vitest";
import { applyDelta, DeltaWriter } from "../../src/history/delta.ts";
import type { State } from "../../src/history/state.ts";

const FIELDS = 24;

/** A row in which the fields change whose bit is set in `ways`. */
function rowOf(ways: number): Record<string, number> {
	return Object.fromEntries(Array.from({ length: FIELDS }, (_, bit) => [`field ${bit}`, (ways >> bit) & 1]));
}

test("rows that keep changing in different ways do not grow the table of names, and come out as they went in", () => {
	const writer = new DeltaWriter();
	let bits = 0;
	let state: State = { list: [rowOf(0)] };
	for (let ways = 1; ways < 3000; ways++) {
		bits ^= ways;
		const next: State = { list: [rowOf(bits)] };
		const delta = writer.write(state, next);
		expect(applyDelta(state, delta, writer.names)).toEqual(next);
		state = next;
	}
	expect(writer.names.shapes.length).toBeLessThanOrEqual(1001);
	expect(writer.names.shapes.length).toBeGreaterThan(500);
});

test("numbers that JSON lacks (NaN, infinities) and nulls come out as they went in", () => {
	const writer = new DeltaWriter();
	const odd: State = {
		list: [{ a: -0, b: Number.POSITIVE_INFINITY, c: null, d: "NaN", e: [1, "x"], f: 5e-324, g: 2 ** 53 - 1 }],
	};
	expect(applyDelta({}, writer.write({}, odd), writer.names)).toEqual(odd);
});

test("a list that became empty, and one that is new and empty", () => {
	const writer = new DeltaWriter();
	const before: State = { full: [{ a: 1 }], same: [] };
	const after: State = { full: [], same: [], fresh: [] };
	expect(applyDelta(before, writer.write(before, after), writer.names)).toEqual(after);
});
