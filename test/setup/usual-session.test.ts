/** The session that bin/ebtop.cjs has opened before the options are known. */

import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import type { SessionOptions } from "../../src/model/feed/addon.ts";
import { measuredLater, sessionOptions } from "../../src/run/open-feed.ts";

test("is that of a screen without options and settings", () => {
	const options = parseCommandLine([]);
	const { concerns = [], standby = [], ...wanted } = sessionOptions(options, "bpf", measuredLater(options));
	const text = readFileSync(new URL("../../bin/ebtop.cjs", import.meta.url), "utf8");
	const usual: SessionOptions = runInNewContext(`(${/const usual = (\{[^}]*\})/.exec(text)?.[1]})`);
	expect(new Set(usual.concerns)).toEqual(new Set(concerns));
	expect(new Set(usual.standby)).toEqual(new Set(standby.filter((name) => !concerns.includes(name))));
	const { concerns: _, standby: __, ...others } = usual;
	expect({ events: [], latency: false, noArgs: false, ...others }).toEqual(wanted);
});
