/** The small pure functions that the tables use. */

import { array, assert, boolean, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";
import { apportion, shareMatrix } from "../../src/model/stats/apportion.ts";
import { BoundedMap } from "../../src/model/stats/bounded-map.ts";
import { percentile } from "../../src/model/stats/histogram.ts";
import { IdMap } from "../../src/model/stats/id-map.ts";
import { KeptNames } from "../../src/model/stats/kept-names.ts";
import { Queue } from "../../src/model/stats/queue.ts";
import { percent, perSecond } from "../../src/model/stats/rate.ts";
import { NO_ROW, RowList } from "../../src/model/stats/row-list.ts";

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test.each([
	[10, [1, 1, 1], [4, 3, 3]],
	[7, [0, 0], [4, 3]],
	[100, [997, 2, 1], [100, 0, 0]],
	[5, [], []],
	[0, [3, 4], [0, 0]],
])("%i by weights %j", (total, weights, shares) => {
	expect(apportion(total, weights)).toEqual(shares);
});

test("shares of large totals add up", () => {
	const weights = Array.from({ length: 37 }, (_, index) => (index * 7919 + 13) ** 3);
	for (const total of [1, 10 ** 9 + 7, 2 ** 50 + 12_345]) expect(sum(apportion(total, weights))).toBe(total);
});

test.each([
	["all was read", [1009, 503, 7], [757, 755, 7]],
	["some is still inside", [1009, 503], [100, 3]],
	["what was read began before", [10, 0], [757, 3]],
])("a matrix of shares keeps both margins: %s", (_, written, read) => {
	const matrix = shareMatrix(written, read);
	const whole = Math.max(sum(written), sum(read));
	expect(sum(matrix.flat())).toBe(whole);
	if (sum(written) === whole) expect(matrix.map(sum)).toEqual(written);
	const columns = read.map((_, column) => sum(matrix.map((row) => row[column] ?? 0)));
	if (sum(read) === whole) expect(columns).toEqual(read);
	expect(matrix.flat().every((share) => share >= 0)).toBe(true);
});

test("percentiles lie in their bucket, and never above the maximum", () => {
	const buckets = new Array(40).fill(0);
	expect(percentile(buckets, 0.5, 0)).toBe(0);
	buckets[4] = 10;
	expect(percentile(buckets, 0.5, 31)).toBe(24);
	expect(percentile(buckets, 1, 20)).toBe(20);
	buckets[39] = 1;
	expect(percentile(buckets, 0.99, 2 ** 41)).toBeGreaterThan(2 ** 39);
});

test("a single value is its own median, and the maximum is exact if it is alone in its bucket", () => {
	const buckets = new Array(40).fill(0);
	buckets[9] = 1;
	expect(percentile(buckets, 0.5, 997)).toBe(997);
	buckets[3] = 1;
	expect(percentile(buckets, 0.99, 997)).toBe(997);
	expect(percentile(buckets, 0.25, 997)).toBeLessThan(16);
});

test("64-bit keys are exact, and colliding ones are kept apart", () => {
	const map = new IdMap<number>();
	const pointers = Array.from({ length: 5000 }, (_, index) => [index * 64, 0xffff_8880 + (index % 7)] as const);
	for (const [index, [low, high]] of pointers.entries()) map.set(low, high, index);
	expect(map.size).toBe(5000);
	for (const [index, [low, high]] of pointers.entries()) expect(map.get(low, high)).toBe(index);
	expect(map.get(64, 5)).toBeUndefined();
	for (const [low, high] of pointers.slice(0, 4000)) expect(map.delete(low, high)).toBe(true);
	expect([...map.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => 4000 + index));
	expect(map.delete(0, 0)).toBe(false);
});

test("a list of rows returns the same array until something changes", () => {
	const list = new RowList<string>();
	const owners = [0, 1, 2].map(() => ({ rowIndex: NO_ROW }));
	const [first, second, third] = owners as [(typeof owners)[0], (typeof owners)[0], (typeof owners)[0]];
	owners.forEach((owner, index) => {
		list.put(owner, `row ${index}`);
	});
	const before = list.publish();
	expect(list.publish()).toBe(before);
	list.remove(first);
	list.remove(first);
	expect(before).toEqual(["row 0", "row 1", "row 2"]);
	expect(list.publish()).toEqual(["row 2", "row 1"]);
	list.put(third, "new");
	expect([list.rowOf(second), list.rowOf(third), list.rowOf(first)]).toEqual(["row 1", "new", undefined]);
});

test("if there are too many names the oldest are forgotten, but none in use", () => {
	const used = new Set(["a", "c"]);
	const names = new KeptNames<string, number>(8, () => used);
	for (const [index, key] of [..."abcdefgh"].entries()) names.set(key, index);
	names.set("a", 11);
	names.set("i", 8);
	expect([..."abcdefghi"].map((key) => names.get(key))).toEqual([11, undefined, 2, undefined, 4, 5, 6, 7, 8]);
	for (let index = 0; index < 10_000; index++) names.set(`name ${index}`, index);
	expect([names.get("a"), names.get("c"), names.get("i"), names.get("name 9999")]).toEqual([11, 2, undefined, 9999]);
	expect(names.size).toBeLessThanOrEqual(8);
	// What is in use always has an entry.
	for (let index = 0; index < 100; index++) {
		used.add(`used ${index}`);
		names.set(`used ${index}`, index);
	}
	expect(names.get("used 0")).toBe(0);
	expect(names.size).toBeLessThan(2 + 100 + 8);
});

test("rates need an interval, and never go below 0", () => {
	expect([perSecond(10, 0), perSecond(-1, 1), perSecond(1, 3), percent(1, 0), percent(1, 3)]).toEqual([
		0, 0, 0.333, 0, 33.33,
	]);
});

test("a queue is a set that knows its oldest member", () => {
	const steps = array(tuple(boolean(), integer({ min: 0, max: 7 })), { maxLength: 100 });
	assert(
		property(steps, (changes) => {
			const queue = new Queue<number>();
			const truth = new Set<number>();
			for (const [isAdded, item] of changes) {
				if (isAdded) queue.add(item);
				else queue.delete(item);
				if (isAdded) truth.add(item);
				else truth.delete(item);
				expect([queue.size, queue.first]).toEqual([truth.size, [...truth][0]]);
			}
		}),
	);
});

test("a full map drops the oldest, and a value is created once", () => {
	const map = new BoundedMap<number, string>(3);
	const made: number[] = [];
	const obtain = (key: number) => map.obtain(key, () => String(made.push(key)));
	expect([1, 2, 3, 1, 4, 2, 1, 3].map(obtain)).toEqual(["1", "2", "3", "1", "4", "2", "5", "3"]);
	expect(made).toEqual([1, 2, 3, 4, 1]);
});
