/** What was asked about one process, as blocks of its details. */

import type { Inspected } from "../model/inspected.ts";
import { CAPABILITIES } from "../model/names/capabilities.ts";
import { left, right } from "./blocks.ts";
import type { Block } from "./pane.ts";

const TITLE = "On request";

const SETS: Readonly<Record<string, string>> = {
	Eff: "effective",
	Prm: "permitted",
	Inh: "inheritable",
	Bnd: "bounding",
	Amb: "ambient",
};

/** `found`: a sentence if there is nothing. */
export function inspectedBlocks(found: Inspected | string): readonly Block[] {
	if (typeof found === "string") return [{ kind: "pairs", title: TITLE, pairs: [["", found]] }];
	const { cwd, root, capabilities, limits, descriptors, moreDescriptors, environment } = found;
	return [
		{
			kind: "pairs",
			title: `${TITLE}, as of ${found.time}`,
			pairs: [
				["cwd", cwd ?? "(may not be read)"],
				...(root === "/" ? [] : [["root", root ?? "(may not be read)"] as const]),
				...capabilities.map(([set, names]) => [SETS[set] ?? set, namesText(names)] as const),
			],
		},
		environmentBlock(environment),
		{
			kind: "table",
			title: "Limits",
			heads: [left("LIMIT"), right("SOFT"), right("HARD")],
			rows: limits.map(({ name, soft, hard }) => [name, soft, hard]),
			empty: "not known",
		},
		{
			kind: "table",
			title: moreDescriptors === 0 ? "Descriptors" : `Descriptors, and ${moreDescriptors} more`,
			heads: [right("FD"), left("OPEN")],
			rows: descriptors.map(({ fd, target }) => [String(fd), target]),
			empty: "none, or they may not be read",
		},
	];
}

function namesText(names: readonly string[]): string {
	if (names.length === 0) return "none";
	const missing = CAPABILITIES.filter((name) => !names.includes(name));
	if (missing.length >= names.length) return names.join(" ");
	return missing.length === 0 ? "all" : `all but ${missing.join(" ")}`;
}

function environmentBlock(environment: Inspected["environment"]): Block {
	const title = "Environment";
	if (typeof environment === "string") return { kind: "pairs", title, pairs: [["", environment]] };
	return {
		kind: "pairs",
		title,
		pairs: environment.length === 0 ? [["", "empty"]] : environment.map((one) => ["", one]),
	};
}
