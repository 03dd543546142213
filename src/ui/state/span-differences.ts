/** What differs between two spans, as an overlay. */

import { differencesOf } from "../../compare/compare.ts";
import { sectionsOf } from "../../compare/text.ts";

import { formatClock, formatStopwatch } from "../../format/duration.ts";
import { wrapText } from "../../format/text-width.ts";
import type { Style } from "../../format/theme.ts";
import type { Moment } from "../../history/moment.ts";
import type { OverlayContent, TextLine } from "./overlay-content.ts";
import type { TotalledSpan } from "./ui-state.ts";

const STYLES: Readonly<Record<string, Style>> = { "+": "good", "-": "bad" };

/** `moments`: those of the history, for its gaps. */
export function spanDifferences(
	a: TotalledSpan,
	b: TotalledSpan,
	moments: readonly Moment[],
	width: number,
): OverlayContent {
	const line = (text: string, style: Style | null = null): TextLine[] =>
		wrapText(text, width).map((part) => ({ text: part, style, labelWidth: 0 }));
	const differences = differencesOf(a.snapshot, b.snapshot);
	const sections = [...sectionsOf(differences)].flatMap(([title, lines]) => [
		...line(""),
		...line(title, "headSorted"),
		...lines.flatMap((text) => line(text, STYLES[text[0] ?? ""] ?? null)),
	]);
	return {
		kind: "text",
		title: "What differs: + came, - went, ~ changed",
		lines: [
			...line(`a  ${heading(a, moments)}`),
			...line(`b  ${heading(b, moments)}`),
			...(differences.length === 0 ? line("Nothing differs.") : sections),
		],
	};
}

function heading({ span: { from, to, left } }: TotalledSpan, moments: readonly Moment[]): string {
	const clock = ({ clockMs }: Moment) => formatClock(new Date(clockMs).toISOString());
	const gaps = moments.reduce((sum, { no, gaps }) => (no > from.no && no <= to.no ? sum + gaps : sum), 0);
	return [
		`${clock(from)} to ${clock(to)}, ${formatStopwatch(to.atMs - from.atMs)}`,
		...(gaps > 0 ? [`${gaps} gaps`] : []),
		...(left !== null && left > 0 ? [`${left} rows left out`] : []),
	].join(", ");
}
