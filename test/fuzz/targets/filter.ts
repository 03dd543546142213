/** Filters: any text is a filter or a mistake with its position; `not`, `and`, `or` follow logic. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createMatcher, FIELD_NAMES, type Filter, parseFilter } from "../../../src/model/filter/index.ts";
import { TABLES } from "../../../src/model/snapshot.ts";
import { changingSnapshot } from "../../helpers/changing-snapshots.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";

const snapshot = changingSnapshot(3, 8);

const OPERATORS = ["=", "!=", "~", "!~", "<", "<=", ">", ">="] as const;
const VALUES = String.raw`nginx 1 0 80 10k 1.5M 3ms 2h root ^/ [a-z]+ a|b (a)(b)? .* \d x{2,3}`.split(" ");
/** The tokens of a text, correct or not. */
const TOKENS = [...FIELD_NAMES, ...OPERATORS, ...VALUES, ...String.raw`and or not ( ) " ' \ && == =~`.split(" "), " "];

/** Values that may be followed by more of a filter. */
const closedValue = fc.oneof(
	{ weight: 2, arbitrary: fc.constantFrom(...VALUES) },
	{ weight: 1, arbitrary: hostileString.map((text) => `"${text.replace(/\\+$/, "").replaceAll('"', '\\"')}"`) },
);
const comparison = fc
	.tuple(fc.constantFrom(...FIELD_NAMES), fc.constantFrom(...OPERATORS), closedValue, fc.constantFrom("", " "))
	.map(([field, operator, text, blank]) => `${field}${blank}${operator}${blank}${text}`);
const bareWord = fc.constantFrom("nginx", "812", '"daemon off"', "Node", "4");
const term = fc.oneof({ weight: 3, arbitrary: comparison }, bareWord);

/** Expressions generated from the grammar. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
	expression: fc.oneof(
		{ maxDepth: 5, depthSize: "small" },
		term,
		fc
			.tuple(tie("expression"), fc.constantFrom("and", "or", "AND", "Or"), tie("expression"))
			.map((words) => words.join(" ")),
		tie("expression").map((inner) => `(${inner})`),
		tie("expression").map((inner) => `not ${inner}`),
	),
}));

const anyText = fc.oneof(
	{ weight: 3, arbitrary: fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map((tokens) => tokens.join("")) },
	{ weight: 3, arbitrary: fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 }).map((tokens) => tokens.join(" ")) },
	{ weight: 2, arbitrary: hostileString },
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.constantFrom("(", "not ", "a and ", '"', "\\"), fc.nat(3000))
			.map(([text, times]) => text.repeat(times)),
	},
);

/** The filter; undefined if the text is not valid, and then the mistake has a position. */
function parse(text: string): Filter | undefined {
	const result = parseFilter(text);
	if (result.ok) return result.filter;
	assert.ok(
		result.message.length > 0 && result.column >= 1 && result.column <= text.length + 1,
		JSON.stringify(result),
	);
	return undefined;
}

/** The filter's verdict on every row of the snapshot. */
function verdicts(filter: Filter): boolean[] {
	const matcher = createMatcher(filter, snapshot);
	return TABLES.flatMap((table) => snapshot[table].map(matcher[table] as (row: unknown) => boolean));
}

/** The verdicts of a text that must be valid, since it is made of two valid ones. */
function verdictsOn(text: string): boolean[] {
	const filter = parse(text);
	assert.ok(filter, `${text} is refused`);
	return verdicts(filter);
}

interface Texts {
	readonly any: string;
	/** Follows the grammar, though a value may be wrong for its field. */
	readonly left: string;
	readonly right: string;
}

export const filter: FuzzTarget<Texts> = {
	name: "filter",
	about: "filter parser and matcher: any text, and expressions by the grammar",
	cases: fc.record({ any: anyText, left: expression, right: expression }),
	casesInTests: 2000,
	check({ any, left, right }) {
		const [strange, first, second] = [any, left, right].map(parse);
		if (strange) verdicts(strange);
		if (!first || !second) return;
		const [a, b] = [verdicts(first), verdicts(second)];
		const both = a.map((holds, at) => holds && b[at]);
		assert.deepEqual(
			verdictsOn(`not (${left})`),
			a.map((holds) => !holds),
		);
		assert.deepEqual(verdictsOn(`(${left}) and (${right})`), both);
		assert.deepEqual(
			verdictsOn(`(${left})or(${right})`),
			a.map((holds, at) => holds || b[at]),
		);
		assert.deepEqual(verdictsOn(`not (not (${left}) or not (${right}))`), both);
	},
};
