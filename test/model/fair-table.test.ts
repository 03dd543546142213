/** Which entry is evicted from a full table. */

import { expect, test } from "vitest";
import { FairTable } from "../../src/model/stats/fair-table.ts";
import { Tally } from "../../src/model/stats/tally.ts";

const users = new Map([
	["root-a", 0],
	["root-b", 0],
	["hog-a", 1000],
	["hog-b", 1000],
]);

class Shelf {
	readonly items = new Map<string, Set<string>>();
	readonly table: FairTable<string, string>;
	readonly user = new Map(users);

	constructor(limit: number) {
		this.table = new FairTable({
			limit,
			userOf: (holder) => this.user.get(holder) ?? -1,
			evict: (item) => this.remove(item.slice(0, item.lastIndexOf("/")), item),
		});
	}

	put(holder: string, name: string | number, isIdle = true): boolean {
		if (!this.table.admit(holder, isIdle)) return false;
		const own = this.items.get(holder) ?? new Set();
		this.items.set(holder, own.add(`${holder}/${name}`));
		this.table.add(holder, `${holder}/${name}`, isIdle);
		return true;
	}

	remove(holder: string, item: string): void {
		this.items.get(holder)?.delete(item);
		this.table.remove(holder, item);
	}

	fill(holder: string, count: number, isIdle = true): this {
		for (let index = 0; index < count; index++) this.put(holder, index, isIdle);
		return this;
	}

	counts(): Record<string, number> {
		return Object.fromEntries([...this.items].map(([holder, own]) => [holder, own.size]));
	}
}

test("nothing is evicted as long as there is room", () => {
	const shelf = new Shelf(10).fill("hog-a", 7).fill("root-a", 3);
	expect(shelf.counts()).toEqual({ "hog-a": 7, "root-a": 3 });
	expect([shelf.table.used, shelf.table.overflow]).toEqual([10, 0]);
});

test("in a full table the user with the most loses entries, the oldest first, until both have equally many", () => {
	const shelf = new Shelf(10).fill("hog-a", 10).fill("root-a", 7);
	expect(shelf.counts()).toEqual({ "hog-a": 5, "root-a": 5 });
	expect([...(shelf.items.get("hog-a") ?? [])]).toEqual([5, 6, 7, 8, 9].map((name) => `hog-a/${name}`));
	expect(shelf.table.used).toBe(10);
	expect(shelf.table.overflow).toBe(7);
});

test("of a user's processes, the one with the most loses an entry", () => {
	const shelf = new Shelf(10).fill("hog-a", 8).fill("hog-b", 2);
	shelf.put("hog-b", "one more");
	expect(shelf.counts()).toEqual({ "hog-a": 7, "hog-b": 3 });
});

test("a user with many processes has one share", () => {
	const shelf = new Shelf(12).fill("hog-a", 6).fill("hog-b", 6).fill("root-a", 9);
	expect(shelf.counts()["root-a"]).toBe(6);
});

test("an idle entry evicts none of the same process, an active one evicts the longest idle", () => {
	const shelf = new Shelf(3).fill("hog-a", 3);
	expect(shelf.put("hog-a", "idle")).toBe(false);
	expect(shelf.put("hog-a", "active", false)).toBe(true);
	expect([...(shelf.items.get("hog-a") ?? [])]).toEqual(["hog-a/1", "hog-a/2", "hog-a/active"]);
});

test("active entries are not evicted", () => {
	const shelf = new Shelf(3).fill("hog-a", 3, false);
	expect(shelf.put("root-a", "idle")).toBe(false);
	shelf.table.setIdle("hog-a", "hog-a/1", true);
	expect(shelf.put("root-a", "idle")).toBe(true);
	expect([...(shelf.items.get("hog-a") ?? [])]).toEqual(["hog-a/0", "hog-a/2"]);
});

test("entries of a process count for its current user", () => {
	const shelf = new Shelf(10).fill("root-a", 8).fill("root-b", 2);
	shelf.user.set("root-a", 1000);
	shelf.put("root-a", "more", false);
	for (let index = 0; index < 4; index++) expect(shelf.put("root-b", `late ${index}`)).toBe(index < 3);
	expect(shelf.counts()).toEqual({ "root-a": 5, "root-b": 5 });
});

test("a tally knows its largest after any changes", () => {
	const tally = new Tally<number>();
	const counts = new Map<number, number>();
	let seed = 7;
	for (let step = 0; step < 5000; step++) {
		seed = (seed * 48_271) % 2_147_483_647;
		const key = seed % 23;
		const by = ((seed >> 8) % 11) - 4;
		tally.add(key, by);
		counts.set(key, Math.max(0, (counts.get(key) ?? 0) + by));
		if (step < 50) continue;
		const most = Math.max(...counts.values());
		expect(tally.of(tally.largest() ?? -1)).toBe(most);
	}
});
