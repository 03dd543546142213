/** Reads the span that the state asks for, in short turns, so that keys and refreshes do not wait for it. */

import type { History } from "../../history/history.ts";
import { readSpan, type SpanTotals } from "../../history/span.ts";
import { type RunningSteps, runInTurns } from "../../model/steps.ts";
import type { Span } from "./ui-state.ts";

/** Half a frame. */
const TURN_MS = 8;

/** Call it after each change of the state; it calls `done` once for each span that was not left before. */
export function createSpanReader(
	history: Pick<History, "moments" | "at">,
	done: (span: Span, totals: SpanTotals | null) => void,
): (span: Span | null) => void {
	let wanted: Span | null = null;
	let reading: RunningSteps | null = null;
	return (span) => {
		if (span === wanted) return;
		wanted = span;
		reading?.drop();
		if (span === null || span.left !== null) return;
		reading = runInTurns(readSpan(history, span), TURN_MS, (totals) => done(span, totals));
	};
}
