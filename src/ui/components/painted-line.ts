/** One line of a bar: parts on the left and on the right; the least important are dropped if they do not fit. */

import { fitText, textWidth } from "../../format/text-width.ts";
import type { Style, Theme } from "../../format/theme.ts";

export interface Part {
	readonly text: string;
	readonly style?: Style | null;
	/** Parts with the highest number are dropped first, all of them together; 0 stays. */
	readonly drop: number;
}

interface Sided extends Part {
	readonly isRight: boolean;
}

function widthOf(parts: readonly Sided[]): number {
	return parts.reduce((sum, part) => sum + textWidth(part.text), 0);
}

/** `left` and `right` in exactly `width` cells; blanks between them in `base`. */
export function paintLine(
	theme: Theme,
	width: number,
	left: readonly Part[],
	right: readonly Part[] = [],
	base: Style | null = null,
): string {
	const side = (isRight: boolean) => (part: Part) => ({ ...part, text: theme.show(part.text), isRight });
	let kept: Sided[] = [...left.map(side(false)), ...right.map(side(true))].filter((part) => part.text !== "");
	while (widthOf(kept) > width) {
		const most = Math.max(...kept.map((part) => part.drop));
		if (most === 0) break;
		kept = kept.filter((part) => part.drop !== most);
	}
	if (widthOf(kept) > width) {
		const text = kept.map((part) => part.text).join("");
		return theme.paint(base ?? kept[0]?.style, fitText(text, width));
	}
	const gap = theme.paint(base, " ".repeat(width - widthOf(kept)));
	const paint = (isRight: boolean) =>
		kept
			.filter((part) => part.isRight === isRight)
			.map((part) => theme.paint(part.style ?? base, part.text))
			.join("");
	return paint(false) + gap + paint(true);
}
