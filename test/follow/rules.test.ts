/** The table of rules against the code that applies them, and each class against what was measured. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Class, MEASURED, RULES } from "../../src/follow/rules.ts";

const folder = join(import.meta.dirname, "../../src/follow/daemons");
const code = readdirSync(folder)
	.map((file) => readFileSync(join(folder, file), "utf8"))
	.join("");
const names: readonly string[] = RULES.map(({ rule }) => rule);

test("every rule of the table is applied, and only those", () => {
	expect(names.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
	const applied = [...code.matchAll(/\.(?:follow|take)\([^;]*?"([a-z-]+)"[,)]/g)].map(([, name]) => name);
	expect(applied.length).toBeGreaterThan(5);
	expect(applied.filter((name) => name !== undefined && !names.includes(name))).toEqual([]);
});

test("each has one place and one sentence", () => {
	expect(new Set(names).size).toBe(names.length);
	expect(RULES.filter(({ says }) => !/^[A-Z].*\.$/.test(says))).toEqual([]);
	expect(Object.keys(MEASURED).sort()).toEqual([...names].sort());
});

test("what was measured keeps the promise of the class", () => {
	const promised: Record<Class, number> = { certain: 0.99, likely: 0.95, guess: 0 };
	const broken = RULES.filter(({ rule, class: its }) => {
		const measured = MEASURED[rule];
		return measured !== null && measured.right < promised[its] * measured.said;
	});
	expect(broken).toEqual([]);
});
