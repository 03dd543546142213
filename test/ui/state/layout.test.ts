import { describe, expect, test } from "vitest";
import { PANES } from "../../../src/panes/index.ts";
import { computeLayout, hasRoomForStrip, type LayoutInput, type Rect } from "../../../src/ui/state/layout.ts";
import { PANE_NAMES, paneNamed } from "../../helpers/panes.ts";

const layout = (over: Partial<LayoutInput>) =>
	computeLayout({
		columns: 80,
		rows: 24,
		panes: PANES,
		focus: paneNamed("processes"),
		isZoomed: false,
		hasNote: false,
		hasStrip: false,
		...over,
	});

const names = (over: Partial<LayoutInput>) => layout(over).panes.map((rect) => rect.pane.name);

function overlap(a: Rect, b: Rect): boolean {
	const inRows = a.top < b.top + b.height && b.top < a.top + a.height;
	const inColumns = a.left < b.left + b.width && b.left < a.left + a.width;
	return inRows && inColumns;
}

const SIZES = [
	[1, 1],
	[10, 3],
	[20, 5],
	[40, 12],
	[80, 24],
	[80, 60],
	[120, 40],
	[150, 34],
	[200, 60],
	[400, 200],
] as const;

describe.each(SIZES)("at %i columns and %i rows", (columns, rows) => {
	test.each(PANE_NAMES)(
		"with the focus on %s nothing reaches beyond the terminal or lies on something else",
		(name) => {
			const focus = paneNamed(name);
			for (const isZoomed of [false, true]) {
				const hasStrip = hasRoomForStrip(rows, isZoomed);
				const { header, strip, tabs, footer, panes } = layout({ columns, rows, focus, isZoomed, hasStrip });
				const rects = [header, strip, tabs, footer, ...panes].filter(
					(rect): rect is Rect => rect !== null && rect.height > 0,
				);
				for (const rect of rects) {
					expect(rect.left).toBeGreaterThanOrEqual(0);
					expect(rect.left + rect.width).toBeLessThanOrEqual(columns);
					expect(rect.top + rect.height).toBeLessThanOrEqual(rows);
					expect(rects.filter((other) => overlap(rect, other))).toEqual([rect]);
				}
				expect(panes.map((rect) => rect.pane)).toContain(focus);
			}
		},
	);
});

test("all five panes show at once on a large terminal, the focused one alone on a small one", () => {
	expect(names({ columns: 200, rows: 60 }).toSorted()).toEqual(PANE_NAMES.toSorted());
	expect(names({ columns: 100, rows: 70 })).toEqual(PANE_NAMES);
	expect(names({ focus: paneNamed("tcp") })).toEqual(["tcp"]);
});

test("a zoomed pane has the whole body", () => {
	const { panes, body, tabs } = layout({ columns: 200, rows: 60, focus: paneNamed("files"), isZoomed: true });
	expect(panes).toHaveLength(1);
	expect(panes[0]).toMatchObject({ pane: paneNamed("files"), ...body });
	expect(tabs).not.toBeNull();
});

test("a single pane needs no tabs", () => {
	const tcp = paneNamed("tcp");
	expect(layout({ panes: [tcp], focus: tcp })).toMatchObject({
		tabs: null,
		panes: [{ pane: tcp, hasTitle: true }],
	});
});

test("80x24 leaves eighteen rows of the table between heads and footer", () => {
	expect(layout({}).panes[0]).toMatchObject({ hasTitle: false, hasHead: true, bodyTop: 5, bodyHeight: 18 });
});

test("the sentence about what is missing takes one line", () => {
	expect(layout({ hasNote: true }).header.height).toBe(layout({}).header.height + 1);
});
