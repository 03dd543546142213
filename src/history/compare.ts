/** Which fields of two rows differ. */

import type { Row } from "./state.ts";

/**
 * Writes into `changed` the indexes (among the names) of the fields that differ, and returns their number; -1 if that
 * is more than half, or if `before` has other fields than these names, which are those of `after`.
 */
export type Compare = (before: Row, after: Row, changed: number[]) => number;

/**
 * For rows with exactly these fields. Generates code with these names, since reading a field whose name is in a
 * variable costs V8 ten times as much. The names are those of our own tables, and quoted.
 */
export function compareOf(names: readonly string[]): Compare {
	const key = JSON.stringify(names);
	const known = compares.get(key) ?? createCompare(names);
	compares.set(key, known);
	return known;
}

/** One for each kind of row, for the whole run, so that hot code stays compiled. */
const compares = new Map<string, Compare>();

function createCompare(names: readonly string[]): Compare {
	const most = Math.ceil(names.length / 2);
	const fields = names.map((name, at) => {
		const field = JSON.stringify(name);
		return `b = before[${field}]; a = after[${field}];
			if (b === undefined) return -1;
			if (a !== b && !(typeof a === "object" && isSame(b, a))) { if (count >= ${most}) return -1; changed[count++] = ${at}; }`;
	});
	const code = `let count = 0, fields = 0, a, b;
		for (const _ in before) fields++;
		if (fields !== ${names.length}) return -1;
		${fields.join("\n")}
		return count;`;
	const compare = new Function("isSame", "before", "after", "changed", code);
	return (before, after, changed) => compare(isSame, before, after, changed);
}

/** Equal as JSON values. */
function isSame(a: unknown, b: unknown): boolean {
	return a === b || (typeof a === "object" && typeof b === "object" && a !== null && b !== null && areAlike(a, b));
}

/** Makes no lists of names: garbage is most of the history's cost. */
function areAlike(a: object, b: object): boolean {
	if (Array.isArray(a)) {
		if (!Array.isArray(b) || a.length !== b.length) return false;
		for (let at = 0; at < a.length; at++) if (!isSame(a[at], b[at])) return false;
		return true;
	}
	if (Array.isArray(b)) return false;
	let more = 0;
	for (const name in a) {
		if (!Object.hasOwn(b, name) || !isSame((a as Row)[name], (b as Row)[name])) return false;
		more++;
	}
	for (const _ in b) more--;
	return more === 0;
}
