/** The command line: any words are options, or a mistake with a message. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseCommandLine } from "../../../src/cli/command-line.ts";
import { OPTIONS, type Options } from "../../../src/cli/options.ts";
import { Failure } from "../../../src/failure.ts";
import { PANES } from "../../../src/panes/index.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";

const VALUES = [
	..."1 0 -1 1,2 4194304 4194305 0.1 60 60.1 1e3 .5 0x10 9007199254740993 nginx* processes,tcp files proc".split(" "),
	...["user = root", "comm ~ (", "/tmp/eb.ebtop", "", ",", "--", "-", "--json", "a".repeat(32)],
];

const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...VALUES) }, hostileString);
const option = fc.constantFrom(...OPTIONS);
const words: fc.Arbitrary<string[]> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc
			.tuple(option, value)
			.map(([{ name, value: takes }, text]) => (takes ? [`--${name}`, text] : [`--${name}`])),
	},
	{ weight: 2, arbitrary: fc.tuple(option, value).map(([{ name }, text]) => [`--${name}=${text}`]) },
	{
		weight: 2,
		arbitrary: fc
			.tuple(fc.array(option, { minLength: 1, maxLength: 4 }), value)
			.map(([list, text]) => [`-${list.map(({ short }) => short ?? "x").join("")}${text}`]),
	},
	{ weight: 1, arbitrary: fc.tuple(option, value).map(([{ name }, text]) => [`--no-${name}`, text]) },
	{ weight: 1, arbitrary: value.map((text) => [text]) },
);

function parse(given: readonly string[]): Options | null {
	try {
		return parseCommandLine(given);
	} catch (error) {
		assert.ok(error instanceof Failure && error.status === 2, `not a failure of usage: ${String(error)}`);
		assert.match(error.message, /[.…:]$/u, "not a sentence");
		return null;
	}
}

function checkOptions({ pids, delaySeconds, count, panes, comm, record, replay, demo }: Options): void {
	assert.ok(
		pids.every((pid) => Number.isInteger(pid) && pid >= 1 && pid <= 4_194_304),
		`pids ${pids}`,
	);
	assert.ok(delaySeconds >= 0.1 && delaySeconds <= 60, `delay ${delaySeconds}`);
	assert.ok(count === null || (Number.isSafeInteger(count) && count >= 1), `count ${count}`);
	assert.ok(panes.length > 0 && panes.every((pane) => PANES.includes(pane)), "panes that are none");
	assert.ok(comm === null || Buffer.byteLength(comm) <= 31, `comm ${comm}`);
	assert.ok(![record, replay].some((path) => path === "" || path?.includes("\0")), "a path that cannot be");
	assert.ok(record === null || (replay === null && !demo), "a recording of a recording");
}

export const options: FuzzTarget<string[]> = {
	name: "options",
	about: "command line: any words, and options with values that fit or do not",
	cases: fc.array(words, { maxLength: 5 }).map((parts) => parts.flat()),
	casesInTests: 5000,
	check(given) {
		const found = parse(given);
		if (found !== null) checkOptions(found);
	},
};
