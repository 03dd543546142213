/** The caller's settings, and the problems with them. */

import { callersPlace } from "../cli/caller.ts";
import type { Options } from "../cli/options.ts";
import { usage } from "../cli/values.ts";
import { type ReadFile, readConfiguration } from "./read-file.ts";
import type { Settings } from "./settings.ts";

export interface Loaded {
	readonly settings: Settings;
	/** The file, also if there is none yet; null: none is read. */
	readonly file: ReadFile | null;
	/** Sentences about settings that are not used; all others are. */
	readonly mistakes: readonly string[];
}

const NOTHING: Loaded = { settings: {}, file: null, mistakes: [] };

/** Rejects with a Failure of status 2 if a named file cannot be read. */
export async function loadSettings({ config, noConfig }: Options): Promise<Loaded> {
	const file = noConfig ? null : await readConfiguration(config, callersPlace());
	if (file === null) return NOTHING;
	if ("problem" in file) {
		if (config !== null) throw usage(file.problem);
		return { ...NOTHING, mistakes: [file.problem] };
	}
	if (file.text === null) return { ...NOTHING, file };
	const { parseConfiguration } = await import("./parse.ts");
	const { settings, mistakes } = parseConfiguration(file.text);
	return { settings, file, mistakes: mistakes.map((mistake) => `${file.path}, ${mistake}`) };
}

/** A short note for the header; null if there is no problem. */
export function summaryOf(mistakes: readonly string[]): string | null {
	const [first, ...others] = mistakes;
	if (first === undefined) return null;
	return others.length === 0 ? first : `${first} There is more: --print-config lists all.`;
}
