import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { shownColumns } from "../../../src/ui/state/columns.ts";
import { paneNamed } from "../../helpers/panes.ts";
import { aScreen } from "../../helpers/screen.ts";

const shown = (screen: ReturnType<typeof aScreen>, pane: string) =>
	shownColumns(paneNamed(pane), screen.pane(pane))
		.filter(({ isShown }) => isShown?.(screen.get().snapshot as Snapshot, "screen") ?? true)
		.map(({ key }) => key);

describe("the menu of columns", () => {
	test("shows, hides and moves columns, and keeps the choice", () => {
		const screen = aScreen({ panes: "files" });
		const before = shown(screen, "files");
		screen.keys("f2 space");
		expect(screen.overlay()).toMatchObject({ kind: "menu", selected: 0, items: expect.arrayContaining(["[ ] PID"]) });
		screen.keys("down right enter");
		const [, second, third, ...others] = before;
		expect(shown(screen, "files")).toEqual([third, second, ...others]);
		expect(screen.kept).toEqual([{ pane: "files", columns: [third, second, ...others] }]);
		screen.keys("C");
		const items = (screen.overlay() as { readonly items?: readonly string[] } | null)?.items ?? [];
		screen.keys(`${"down ".repeat(items.indexOf("[ ] PID"))}space enter`);
		expect(shown(screen, "files").at(-1)).toBe("pid");
	});
	test("changes nothing by Esc, and one column stays", () => {
		const screen = aScreen({ panes: "files" });
		const before = shown(screen, "files");
		screen.keys("f2 space down space esc");
		expect(shown(screen, "files")).toEqual(before);
		screen.keys("f2");
		for (const _ of before) screen.keys("space down");
		screen.keys("enter");
		expect(screen.get()).toMatchObject({
			overlay: { kind: "columns" },
			notice: expect.stringContaining("has to stay"),
		});
		expect(screen.kept).toEqual([]);
	});
	test("of a view with its own columns is not opened", () => {
		const screen = aScreen({ panes: "ipc" });
		screen.keys("v f2");
		expect(screen.get()).toMatchObject({ overlay: null, notice: expect.stringContaining("fixed") });
	});
	test("what is sorted by and clicked goes by what is shown", () => {
		const screen = aScreen({ panes: "files" });
		screen.keys("f2 space enter <");
		expect(shown(screen, "files")).toContain(screen.pane("files").sort.key);
	});
});
