/** The short run of `npm run fuzz`. It tries the same cases each time: new ones are for the long run. */

import { beforeAll, describe, expect, test } from "vitest";
import { buildNativeFuzzers, NATIVE_CASES_IN_TESTS, NATIVE_TARGETS, searchNative } from "./native.ts";
import { findFailure } from "./target.ts";
import { TARGETS } from "./targets.ts";

const seed = 1;

test.each(TARGETS.map((target) => [target.name, target] as const))("%s", async (name, target) => {
	const finding = await findFailure(target, { seed, first: 0, count: target.casesInTests });
	if (finding === null) return;
	const again = `npm run fuzz -- ${name} --seed ${seed} --case ${finding.number}`;
	expect.fail(`${finding.error}\n${finding.smallest}\nAgain: ${again}`);
});

describe("in C++", () => {
	beforeAll(buildNativeFuzzers);
	test.each(NATIVE_TARGETS)("%s", (name) => expect(searchNative(name, seed, NATIVE_CASES_IN_TESTS)).toBeNull());
});
