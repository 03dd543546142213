/** The settings of whoever called, and what is wrong with them. */

import { callersPlace } from "../cli/caller.ts";
import type { Options } from "../cli/options.ts";
import { usage } from "../cli/values.ts";
import { readConfiguration } from "./read-file.ts";
import type { Settings } from "./settings.ts";

export interface Loaded {
	readonly settings: Settings;
	/** Sentences; what they are about is not used, all else is. */
	readonly mistakes: readonly string[];
}

const NOTHING: Loaded = { settings: {}, mistakes: [] };

/** Rejects with a Failure of status 2 where a file was named and cannot be read. */
export async function loadSettings({ config, noConfig }: Options): Promise<Loaded> {
	const file = noConfig ? null : await readConfiguration(config, callersPlace());
	if (file === null) return NOTHING;
	if ("problem" in file) {
		if (config !== null) throw usage(file.problem);
		return { settings: {}, mistakes: [file.problem] };
	}
	const { parseConfiguration } = await import("./parse.ts");
	const { settings, mistakes } = parseConfiguration(file.text);
	return { settings, mistakes: mistakes.map((mistake) => `${file.path}, ${mistake}`) };
}

/** What there is room for in the header; null where all is well. */
export function summaryOf(mistakes: readonly string[]): string | null {
	const [first, ...others] = mistakes;
	if (first === undefined) return null;
	return others.length === 0 ? first : `${first} More is wrong: --print-config says all.`;
}
