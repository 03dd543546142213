/** What charts show of the history. */

import { expect, test } from "vitest";
import { type Moment, momentOf } from "../../../src/history/moment.ts";
import type { Pane } from "../../../src/panes/pane.ts";
import { PROCESSES } from "../../../src/panes/processes/index.ts";
import { createPastReader, MOST_REFRESHES } from "../../../src/ui/state/past.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";

test("the figures of the last 180 refreshes are read, each once, and no older ones", () => {
	const row = (cpuPercent: number) => aProcess({ pid: 10, start: "1", cpuPercent });
	const snapshots = Array.from({ length: 211 }, (_, no) => aSnapshot({ intervalMs: 1000, processes: [row(no)] }));
	const moments: Moment[] = [];
	for (const snapshot of snapshots) moments.push(momentOf(moments.at(-1), snapshot));
	const asked: number[] = [];
	const at = (no: number) => {
		asked.push(no);
		return snapshots[no] ?? null;
	};
	const read = createPastReader({ moments, at });
	const past = (no: number) => read(PROCESSES as unknown as Pane, PROCESSES.id(row(0)), moments[no] as Moment);
	const expected = (last: number) =>
		Array.from({ length: MOST_REFRESHES }, (_, index) => last + 1 - MOST_REFRESHES + index);

	const { figures, spanMs } = past(209);
	expect(MOST_REFRESHES).toBe(180);
	expect(figures.map((one) => one?.[0])).toEqual(expected(209));
	expect(spanMs).toBe(179_000);
	expect(past(210).figures.map((one) => one?.[0])).toEqual(expected(210));
	expect(asked).toEqual([...expected(209), 210]);
});
