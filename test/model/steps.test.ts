/** A batch that is applied in steps has the same result as one applied at once. */

import { afterEach, expect, test, vi } from "vitest";
import { Model } from "../../src/model/model.ts";
import { finish, forEachInSteps } from "../../src/model/steps.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { batchOf, record } from "../helpers/wire-encode.ts";
import { INFO } from "../replay/recordings.ts";

/** A clock that advances by this much each time it is read. */
function clockOf(stepMs: number): void {
	let ms = 0;
	vi.spyOn(performance, "now").mockImplementation(() => {
		ms += stepMs;
		return ms;
	});
}

afterEach(() => vi.restoreAllMocks());

test("each item is visited once, in steps of a millisecond", () => {
	clockOf(0.26);
	const met: number[] = [];
	const steps = forEachInSteps(
		Array.from({ length: 101 }, (_, index) => index),
		(item) => met.push(item),
	);
	const sizes: number[] = [];
	while (!steps.next().done) sizes.push(met.length);
	expect(sizes).toEqual([32, 64, 96]);
	expect(met).toHaveLength(101);
	expect(new Set(met).size).toBe(101);
});

test("a refresh of many rows yields to others, and has the same result as one that does not", () => {
	clockOf(1);
	const { WireType } = wire;
	const time = 1_000_000_000n;
	const processes = Array.from({ length: 1511 }, (_, index) =>
		record(
			WireType.PROCESS,
			"wire_process",
			{ pid: index + 2, start: 7n, time },
			{ ppid: 1, comm: "eb-many", state: 83 },
		),
	);
	const batch = batchOf(...processes, record(WireType.TICK, "wire_tick", { time }, { wall_ns: time }), ...processes);
	const steps = new Model(INFO).applyInSteps(batch);
	let turns = 0;
	let step = steps.next();
	for (; !step.done; step = steps.next()) turns++;
	expect(turns).toBeGreaterThanOrEqual(5);
	expect(step.value?.processes).toHaveLength(1511);
	expect(step.value).toEqual(new Model(INFO).apply(batch));
	expect(finish(new Model(INFO).applyInSteps(batch.subarray(0, -8)))).toEqual(step.value);
});
