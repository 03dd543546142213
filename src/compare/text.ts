/** A comparison as text. */

import { formatDurationMs } from "../format/duration.ts";
import { figuresIn } from "./compare.ts";
import type { ComparedSpan, Comparison, Difference, DifferenceKind } from "./comparison.ts";
import { differs, FIGURES } from "./figures.ts";

/** Of each kind. */
const MOST_LINES = 20;

const TITLES: Readonly<Record<DifferenceKind, string>> = {
	machine: "Machine",
	program: "Programs",
	call: "System calls",
	file: "Files",
	link: "Links",
	connection: "Connections",
	disk: "Disks",
	container: "Containers",
	event: "Events",
};
const SIGNS = { came: "+", went: "-", changed: "~" } as const;

/** Lines that begin with + (only in b), - (only in a) or ~ (in both, but different); empty if nothing differs. */
export function comparisonText({ a, b, differences }: Comparison): string {
	if (differences.length === 0) return "";
	const lines = [...sectionsOf(differences)].flatMap(([title, own]) => {
		const more = own.length - MOST_LINES;
		return ["", title, ...own.slice(0, MOST_LINES), ...(more > 0 ? [`  and ${more} more, which --json lists`] : [])];
	});
	return `${[`a  ${head(a)}`, `b  ${head(b)}`, ...lines].join("\n")}\n`;
}

/** The lines of all differences, by the title of their kind. */
export function sectionsOf(differences: readonly Difference[]): ReadonlyMap<string, readonly string[]> {
	const kinds = Map.groupBy(differences, ({ kind }) => TITLES[kind]);
	return new Map([...kinds].map(([title, own]) => [title, own.map(line)]));
}

function head({ path, host, from, to, seconds, gaps, lost, left }: ComparedSpan): string {
	const missing = [
		...(gaps > 0 ? [`${gaps} gaps`] : []),
		...(lost > 0 ? [`${lost} records lost`] : []),
		...(left > 0 ? [`${left} rows left out`] : []),
	];
	return [`${path}: ${host}, ${from} to ${to}, ${formatDurationMs(seconds * 1000)} measured`, ...missing].join(", ");
}

function line({ change, name, a, b }: Difference): string {
	const figures = figuresIn(a, b).flatMap((figure) => {
		const { label = figure, print = String } = FIGURES[figure] ?? {};
		const [before, after] = [a?.[figure] ?? 0, b?.[figure] ?? 0];
		if (change !== "changed") return before + after > 0 ? [`${label} ${print(before + after)}`] : [];
		return differs(figure, a?.[figure], b?.[figure]) ? [`${label} ${print(before)} to ${print(after)}`] : [];
	});
	return `${SIGNS[change]} ${nameText(name)}${figures.length === 0 ? "" : `: ${figures.join(", ")}`}`;
}

function nameText(name: Difference["name"]): string {
	const { comm, from, to, over, at, path, call, ...rest } = name;
	if (from !== undefined) return `${from} to ${to} over ${over}`;
	const where = [path, call, at, to === undefined ? undefined : `to ${to}`, ...Object.values(rest)];
	return [comm, ...where].filter((word) => word !== undefined).join(" ");
}
