import { expect, test } from "vitest";
import { BOUNDS, Family, type Series } from "../../src/metrics/series.ts";

const aFamily = (over: Partial<typeof BOUNDS> = {}) =>
	new Family({ labels: 1, counters: 1, gauges: 1 }, { ...BOUNDS, ...over });
const shown = (family: Family) =>
	Object.fromEntries([...family].map(({ labels, counters, gauges }: Series) => [labels[0], [...counters, ...gauges]]));

test("counters add up over refreshes, gauges start again", () => {
	const family = aFamily();
	for (let refresh = 0; refresh < 3; refresh++) {
		family.begin(1000);
		family.add(["eb-a"], [7], [2]);
		family.add(["eb-a"], [4], [3]);
	}
	expect(shown(family)).toEqual({ "eb-a": [33, 5] });
	family.begin(1000);
	expect(shown(family)).toEqual({ "eb-a": [33, 0] });
});

test("what has no series is in other, so the sum is right", () => {
	const family = aFamily({ series: 2 });
	family.begin(1000);
	for (let at = 0; at < 101; at++) family.add([`eb-${at}`], [at], [1]);
	expect(shown(family)).toEqual({ "eb-0": [0, 1], "eb-1": [1, 1], other: [5049, 99] });
});

test("a program that uses much gets the series of one that uses little, and what was added to each stays", () => {
	const family = aFamily({ series: 2, reviewMs: 5000 });
	const refresh = () => {
		family.begin(1000);
		family.add(["eb-idle"], [1]);
		family.add(["eb-some"], [100]);
		family.add(["eb-busy"], [1000]);
	};
	for (let second = 0; second < 4; second++) refresh();
	expect(shown(family)).toEqual({ "eb-idle": [4, 0], "eb-some": [400, 0], other: [4000, 0] });
	family.begin(1000);
	family.add(["eb-busy"], [1000]);
	family.add(["eb-idle"], [1]);
	expect(shown(family)).toEqual({ "eb-some": [400, 0], "eb-busy": [1000, 0], other: [4001, 0] });
});

test("a series that is idle for long ends, and frees its place", () => {
	const family = aFamily({ series: 1, idleMs: 2000 });
	family.begin(1000);
	family.add(["eb-a"], [7]);
	for (let second = 0; second < 3; second++) {
		family.begin(1000);
		family.add(["eb-a"], [0]);
	}
	family.add(["eb-b"], [5]);
	expect(shown(family)["eb-b"] ?? shown(family).other).toEqual([5, 0]);
	family.begin(1000);
	family.begin(1000);
	family.begin(1000);
	expect(shown(family)["eb-a"]).toBeUndefined();
});

test("endless new names do not take endless memory", () => {
	const family = aFamily({ series: 10, waiting: 10 });
	family.begin(1000);
	for (let at = 0; at < 100_000; at++) family.add([`eb-${at}`], [1]);
	expect([...family]).toHaveLength(11);
	expect(shown(family).other).toEqual([99_990, 0]);
});
