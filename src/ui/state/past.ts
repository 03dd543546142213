/** The recent values of one row: read from the history when its details are opened. */

import type { History } from "../../history/history.ts";
import type { Moment } from "../../history/moment.ts";
import type { Chart, Pane, PaneRow } from "../../panes/pane.ts";

/** Three minutes at the default pace. */
export const MOST_REFRESHES = 180;

/** The values of the pane's charts at each refresh; null if the row did not exist. */
type Figures = readonly number[] | null;

export interface Past {
	/** From the first remembered refresh to the shown one. */
	readonly spanMs: number;
	readonly figures: readonly Figures[];
}

interface Known {
	readonly pane: Pane;
	readonly id: string;
	readonly moments: readonly Moment[];
	readonly figures: readonly Figures[];
}

/** A cache for one screen: the next refresh of the same row costs one lookup. */
export function createPastReader(history: Pick<History, "moments" | "at">) {
	let known: Known | null = null;
	return (pane: Pane, id: string, shown: Moment): Past => {
		const { moments: all } = history;
		const end = shown.no - (all[0]?.no ?? 0) + 1;
		const moments = all.slice(Math.max(0, end - MOST_REFRESHES), Math.max(0, end));
		const before = known?.pane === pane && known.id === id ? known : null;
		const figures = moments.map(({ no }) => {
			const at = before === null ? -1 : no - (before.moments[0]?.no ?? no + 1);
			const seen = at >= 0 ? before?.figures[at] : undefined;
			return seen === undefined ? figuresAt(no) : seen;
		});
		known = { pane, id, moments, figures };
		return { spanMs: (moments.at(-1)?.atMs ?? 0) - (moments[0]?.atMs ?? 0), figures };

		function figuresAt(no: number): Figures {
			const snapshot = history.at(no);
			const row = snapshot === null ? undefined : pane.find(snapshot, id);
			return row === undefined ? null : pane.charts.map((chart: Chart<PaneRow>) => chart.of(row));
		}
	};
}
