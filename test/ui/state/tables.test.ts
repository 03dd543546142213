import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { aScreen } from "../../helpers/screen.ts";
import { aFile, aProcess, aSnapshot } from "../../helpers/snapshots.ts";

/** `count` processes without a tree, the last one the busiest. */
const machine = (count: number, over: Partial<Snapshot> = {}): Snapshot =>
	aSnapshot({
		processes: Array.from({ length: count }, (_, at) =>
			aProcess({ pid: 101 + at, ppid: 0, start: String(at), comm: `eb-${at}`, args: [], cpuPercent: at }),
		),
		...over,
	});
const id = (at: number) => `${101 + at}/${at}`;

describe("moving", () => {
	test("nothing is selected until the user moves, so that the top of the table stays in view", () => {
		const screen = aScreen({ snapshot: machine(7) });
		expect(screen.pane("processes")).toMatchObject({ selectedId: null, index: 0, top: 0 });
		screen.keys("down");
		expect(screen.selected("processes")).toBe(id(1));
	});

	test("stops at the ends of the table", () => {
		const screen = aScreen({ snapshot: machine(7) });
		screen.keys("up k pageup");
		expect(screen.pane("processes").index).toBe(0);
		screen.keys("end down G");
		expect(screen.selected("processes")).toBe(id(6));
		screen.keys("g");
		expect(screen.selected("processes")).toBe(id(0));
	});

	test("a page keeps one row of the previous page, half a page is half of what is in view", () => {
		const screen = aScreen({ snapshot: machine(101) });
		const height = screen.rect("processes").bodyHeight;
		screen.keys("pagedown");
		expect(screen.pane("processes").index).toBe(height - 1);
		screen.keys("ctrl-d");
		expect(screen.pane("processes").index).toBe(height - 1 + Math.ceil(height / 2));
		expect(screen.pane("processes").top).toBe(screen.pane("processes").index - height + 1);
		screen.keys("ctrl-u pageup");
		expect(screen.pane("processes").index).toBe(0);
	});

	test("a selected thing stays selected wherever it moves; when it is gone its neighbour is selected", () => {
		const screen = aScreen({ snapshot: machine(7) });
		screen.keys("t s end enter 1 down down");
		const chosen = screen.selected("processes");
		screen.publish(machine(5, { seq: 2 }));
		expect(screen.selected("processes")).toBe(chosen);
		screen.publish(machine(1, { seq: 3 }));
		expect(screen.selected("processes")).toBe(id(0));
	});

	test("with another filter a row that is shown only for a match below it gives way to the match, which Enter opens", () => {
		const family = aSnapshot({
			processes: [
				aProcess({ pid: 1, ppid: 0, start: "1", comm: "eb-init", args: [] }),
				aProcess({ pid: 5, ppid: 1, start: "5", comm: "eb-shell", args: [] }),
				aProcess({ pid: 7, ppid: 5, start: "7", comm: "eb-match", args: [] }),
			],
		});
		const screen = aScreen({ snapshot: family });
		screen.keys("/ p i d = 7 enter");
		expect(screen.pane("processes").index).toBe(2);
		screen.keys("enter");
		expect(screen.overlay()).toMatchObject({ title: expect.stringContaining("eb-match") });
		screen.keys("esc esc g / p i d = 5 enter");
		expect(screen.selected("processes")).toBe("5/5");
		screen.keys("up");
		screen.publish({ ...family, seq: 2 });
		expect(screen.selected("processes")).toBe("1/1");
	});

	test("in an empty table nothing happens", () => {
		const screen = aScreen();
		const before = screen.get();
		screen.keys("down enter end");
		expect(screen.get()).toBe(before);
	});

	test("a smaller terminal keeps the selected row in view", () => {
		const screen = aScreen({ snapshot: machine(31), rows: 40 });
		screen.keys("end");
		screen.resize(80, 12);
		const { top, index } = screen.pane("processes");
		expect(index).toBe(30);
		expect(index - top).toBeLessThan(screen.rect("processes").bodyHeight);
	});
});

describe("sorting", () => {
	test("> and < go over the columns that are shown, and stop at the ends", () => {
		const screen = aScreen({ snapshot: machine(3), panes: "processes" });
		screen.keys("< <");
		expect(screen.pane("processes").sort.key).toBe("pid");
		screen.keys(">");
		expect(screen.pane("processes").sort.key).toBe("user");
		for (let step = 0; step < 31; step++) screen.keys(">");
		expect(screen.pane("processes").sort.key).toBe("command");
	});

	test("r reverses the order, and so does choosing the same column again", () => {
		const screen = aScreen({ snapshot: machine(3) });
		screen.keys("t r");
		expect(screen.ids("processes")).toEqual([id(2), id(1), id(0)]);
		screen.dispatch({ type: "sort-by", pane: screen.get().focus, key: "pid" });
		expect(screen.ids("processes")).toEqual([id(0), id(1), id(2)]);
	});

	test("the menu begins at the column that sorts; Enter chooses, Esc does not", () => {
		const screen = aScreen({ snapshot: machine(3) });
		screen.keys("t s");
		expect(screen.overlay()).toMatchObject({ kind: "menu", selected: 0 });
		screen.keys("down esc");
		expect(screen.pane("processes").sort.key).toBe("pid");
		const at = screen
			.get()
			.focus.columns(screen.pane("processes").view)
			.findIndex(({ key }) => key === "cpu");
		screen.keys("s");
		for (let step = 0; step < at; step++) screen.keys("down");
		screen.keys("enter");
		expect(screen.get().overlay).toBeNull();
		expect(screen.ids("processes")).toEqual([id(2), id(1), id(0)]);
	});

	test("choosing the current sort column keeps the order", () => {
		const screen = aScreen({ snapshot: machine(3) });
		screen.keys("t r s enter");
		expect(screen.pane("processes").sort).toEqual({ key: "pid", isReversed: true });
	});
});

describe("the mouse", () => {
	test("selects, opens at the second click, and does nothing outside the rows", () => {
		const screen = aScreen({ snapshot: machine(3) });
		const { bodyTop } = screen.rect("processes");
		screen.click(5, bodyTop + 17);
		expect(screen.pane("processes").selectedId).toBeNull();
		screen.click(5, bodyTop + 1);
		expect(screen.selected("processes")).toBe(id(1));
		screen.click(5, bodyTop + 1);
		expect(screen.get().overlay).toMatchObject({ kind: "details", id: id(1) });
	});

	test("a first click on the row that is drawn as selected selects it, and opens nothing", () => {
		const screen = aScreen({ snapshot: machine(3) });
		screen.click(5, screen.rect("processes").bodyTop);
		expect(screen.get().overlay).toBeNull();
		expect(screen.pane("processes").selectedId).toBe(id(0));
	});

	test("sorts by the heading under the pointer, in its natural direction first", () => {
		const screen = aScreen({ snapshot: machine(3) });
		screen.keys("t");
		const { left, bodyTop } = screen.rect("processes");
		screen.click(left, bodyTop - 1);
		expect(screen.pane("processes").sort).toEqual({ key: "pid", isReversed: true });
	});

	test("the wheel moves the view, and the selection only where it would leave it", () => {
		const screen = aScreen({ snapshot: machine(101) });
		screen.keys("down down down down");
		screen.wheel("down", 5, 9);
		expect(screen.pane("processes")).toMatchObject({ top: 3, index: 4 });
		screen.wheel("down", 5, 9);
		expect(screen.pane("processes")).toMatchObject({ top: 6, index: 6 });
		for (let turn = 0; turn < 101; turn++) screen.wheel("down", 5, 9);
		expect(screen.pane("processes").top).toBe(101 - screen.rect("processes").bodyHeight);
	});

	test("the wheel over another pane leaves the focus where it is", () => {
		const files = Array.from({ length: 53 }, (_, at) => aFile({ inode: String(at), path: `/tmp/${at}` }));
		const screen = aScreen({ snapshot: machine(3, { files }), columns: 200, rows: 60 });
		const { left, bodyTop } = screen.rect("files");
		screen.wheel("down", left + 1, bodyTop);
		expect(screen.focus()).toBe("processes");
		expect(screen.pane("files").top).toBe(3);
	});
});
