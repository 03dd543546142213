/** Turns a test of one value into a test of all values of a field in a row: one that passes is enough. */

import type { Field, Value } from "./fields.ts";
import type { Test } from "./values.ts";

export type ListTest = (values: readonly Value[]) => boolean;

export function createListTest({ areWords }: Field, test: Test): ListTest {
	return areWords ? testWords(test) : (values) => values.some(test);
}

/**
 * Each command line is tested once, not at every refresh: any user may have ten thousand processes with huge command
 * lines.
 */
function testWords(test: Test): ListTest {
	const known = new WeakMap<readonly Value[], boolean>();
	return (words) => {
		const before = known.get(words);
		if (before !== undefined) return before;
		const passes = test(words.join(" ")) || words.some(test);
		known.set(words, passes);
		return passes;
	};
}
