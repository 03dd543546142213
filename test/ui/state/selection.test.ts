import { describe, expect, test } from "vitest";
import type { Line, PaneRow } from "../../../src/panes/pane.ts";
import { scrollTo, settlePane } from "../../../src/ui/state/selection.ts";
import type { PaneState } from "../../../src/ui/state/ui-state.ts";
import { paneNamed } from "../../helpers/panes.ts";
import { aProcess } from "../../helpers/snapshots.ts";

const pane = paneNamed("processes");
const rowOf = (pid: number) => aProcess({ pid, start: String(pid) }) as unknown as PaneRow;
const linesOf = (...pids: number[]) =>
	pids.map((pid): Line<PaneRow> => ({ row: rowOf(pid), prefix: "", isContext: false }));
const state = (over: Partial<PaneState>): PaneState => ({
	selectedId: null,
	lostId: null,
	index: 0,
	top: 0,
	sort: { key: "pid", isReversed: false },
	columns: null,
	view: pane.initialView,
	...over,
});
const idOf = (pid: number) => pane.id(rowOf(pid));

describe("scrollTo moves the view as little as possible", () => {
	test.each([
		["stays where the row is in view", { top: 5, index: 7, height: 10, count: 50 }, 5],
		["up to a row above", { top: 5, index: 3, height: 10, count: 50 }, 3],
		["down to a row below", { top: 5, index: 15, height: 10, count: 50 }, 6],
		["up where the table became shorter", { top: 45, index: 49, height: 10, count: 50 }, 40],
		["to the start where all fits", { top: 3, index: 2, height: 10, count: 4 }, 0],
		["to the row itself in one line", { top: 0, index: 7, height: 1, count: 9 }, 7],
	])("%s", (_what, { top, index, height, count }, expected) => {
		expect(scrollTo(top, index, height, count)).toBe(expected);
	});
});

describe("settlePane", () => {
	test("finds the selected thing in its new row", () => {
		const settled = settlePane(pane, linesOf(9, 8, 7), 10, state({ selectedId: idOf(7), index: 0 }));
		expect(settled).toMatchObject({ selectedId: idOf(7), index: 2 });
	});

	test("moves the selection of a thing that is gone to the row in its place", () => {
		const settled = settlePane(pane, linesOf(1, 2), 10, state({ selectedId: idOf(7), index: 5 }));
		expect(settled).toMatchObject({ selectedId: idOf(2), index: 1 });
	});

	test("keeps to the first row until something was selected", () => {
		expect(settlePane(pane, linesOf(9, 8), 10, state({}))).toMatchObject({ selectedId: null, index: 0 });
	});

	test("remembers the selection while there is no row at all", () => {
		const before = state({ selectedId: idOf(7), index: 3 });
		expect(settlePane(pane, [], 10, before)).toBe(before);
	});

	test("is the same object if nothing moved, so that nothing is redrawn", () => {
		const before = state({ selectedId: idOf(8), index: 1 });
		expect(settlePane(pane, linesOf(9, 8), 10, before)).toBe(before);
	});
});
