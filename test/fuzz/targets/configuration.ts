/** The configuration: any text yields settings within their bounds, and a message for each mistake. */

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseCommandLine } from "../../../src/cli/command-line.ts";
import { parseConfiguration } from "../../../src/config/parse.ts";
import { configurationText } from "../../../src/config/print.ts";
import { PANES } from "../../../src/panes/index.ts";
import { configurationErrors } from "../../helpers/snapshot-schema.ts";
import type { FuzzTarget } from "../target.ts";
import { hostileString } from "../text.ts";

const NAMES =
	"$schema delay panes theme ascii mouse args history sort columns __proto__ tcp processes rxRate -pid".split(" ");

const value: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>(1, 0, 0.1, 60, 1e99, true, false, null, "15m", "0", "light", "mono", [], {}),
	fc.array(fc.constantFrom(...NAMES, "cpu", "pid", "rxRate"), { maxLength: 3 }),
	fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(fc.constantFrom(...NAMES), fc.array(fc.constantFrom(...NAMES)))),
	hostileString,
);

/** Nearly valid texts: parts of a valid one, with other text in between. */
const text: fc.Arbitrary<string> = fc.oneof(
	fc
		.dictionary(fc.oneof(fc.constantFrom(...NAMES), hostileString), value)
		.map((object) => JSON.stringify(object, null, 1)),
	fc
		.tuple(fc.dictionary(fc.constantFrom(...NAMES), value), fc.nat(), fc.constantFrom(...'{}[]",:/*\n\0 1e'.split("")))
		.map(([object, place, other]) => {
			const whole = JSON.stringify(object, null, 1);
			const at = place % (whole.length + 1);
			return whole.slice(0, at) + other + whole.slice(at + 1);
		}),
	fc
		.tuple(fc.constantFrom("[", "{", '{"sort":', "/*", '"'), fc.nat({ max: 20_000 }))
		.map(([part, n]) => part.repeat(n)),
	hostileString,
);

export const configuration: FuzzTarget<string> = {
	name: "configuration",
	about: "the configuration file: any text, and settings that are damaged",
	cases: text,
	casesInTests: 1000,
	check(given) {
		const { settings, mistakes } = parseConfiguration(given);
		for (const mistake of mistakes) assert.match(mistake, /^line \d+: .*\.$/s, "not a sentence");
		const options = parseCommandLine([], settings);
		assert.ok(options.delaySeconds >= 0.1 && options.delaySeconds <= 60, `delay ${options.delaySeconds}`);
		assert.ok(options.historyMs >= 0 && options.historyMs <= 24 * 3_600_000, `history ${options.historyMs}`);
		assert.ok(options.panes.length > 0 && options.panes.length <= PANES.length, "panes that are none");
		for (const pane of options.availablePanes) assert.ok(pane.shownColumns(pane.initialView).length > 0, "no columns");
		const printed = configurationText(options);
		assert.deepEqual(configurationErrors(JSON.parse(printed)), []);
		assert.deepEqual(parseConfiguration(printed).mistakes, []);
		assert.equal(configurationText(parseCommandLine([], parseConfiguration(printed).settings)), printed);
	},
};
