import { describe, expect, test } from "vitest";
import { PANES } from "../../../src/panes/index.ts";
import { whyNoMeaning } from "../../../src/ui/state/keymap.ts";
import { aScreen } from "../../helpers/screen.ts";
import { aFile, aSnapshot } from "../../helpers/snapshots.ts";

const files = aSnapshot({
	files: ["/eb/a/One", "/eb/b/two", "/eb/c/one", "/eb/d/two"].map((path, at) => aFile({ pid: 20 + at, path })),
});
const selected = (screen: ReturnType<typeof aScreen>) => {
	const at = screen.pane("files").index;
	const line = screen.derive.lines(screen.get().focus, screen.get()).at(at);
	return line && screen.get().focus.thing(line.row);
};
const type = (text: string) => Array.from(text).join(" ");

describe("a search", () => {
	test("jumps to a row with the text, n and N go on, around the ends", () => {
		const screen = aScreen({ snapshot: files, panes: "files" });
		screen.keys(`f3 ${type("oNe")} enter`);
		const first = selected(screen);
		expect(first?.toLowerCase()).toMatch(/one$/);
		screen.keys("n");
		const second = selected(screen);
		expect(second?.toLowerCase()).toMatch(/one$/);
		expect(second).not.toBe(first);
		screen.keys("n");
		expect(selected(screen)).toBe(first);
		screen.keys("N");
		expect(selected(screen)).toBe(second);
		expect(screen.ids("files")).toHaveLength(4);
	});
	test("says if there is no such row, and Esc ends it", () => {
		const screen = aScreen({ snapshot: files, panes: "files" });
		screen.keys(`ctrl-f ${type("three")} enter`);
		expect(screen.get().notice).toBe('No row of Files has "three".');
		screen.keys("esc");
		expect(screen.get().search).toBeNull();
		screen.keys("n"); // is about events again
		expect(screen.get().notice).not.toContain("three");
	});
	test("of an empty table does nothing but say so", () => {
		const screen = aScreen({ snapshot: aSnapshot(), panes: "files" });
		screen.keys("f3 x enter n");
		expect(screen.get().notice).toContain("No row of Files");
	});
});

describe("the palette", () => {
	test("finds a key by words of its help, and does what it does", () => {
		const screen = aScreen({ panes: "files" });
		screen.keys(`: ${type("refresh")} space ${type("less")}`);
		expect(screen.overlay()).toMatchObject({ kind: "menu", items: ["+          refresh less often"] });
		screen.keys("enter");
		expect(screen.get()).toMatchObject({ prompt: null, overlay: null });
		expect(screen.delays).toEqual([2]);
	});
	test("is chosen from with the arrows, and left with Esc", () => {
		const screen = aScreen({ panes: "files" });
		screen.keys(`: ${type("refresh")} space ${type("often")} down`);
		expect(screen.overlay()).toMatchObject({ selected: 1 });
		screen.keys("enter");
		expect(screen.delays).toEqual([0.5]);
		screen.keys(": x esc");
		expect(screen.get()).toMatchObject({ prompt: null, overlay: null });
	});
	test("stays open if nothing fits", () => {
		const screen = aScreen({ panes: "files" });
		screen.keys(`: ${type("no-such-thing")} enter`);
		expect(screen.get()).toMatchObject({ prompt: { kind: "palette" }, overlay: { kind: "palette" } });
	});
});

describe("keys of the configuration", () => {
	const keys = new Map([
		["x", "+"],
		["q", ""],
		["+", "-"],
	]);
	test("get the meaning of another key, or lose theirs", () => {
		const screen = aScreen({ panes: "files", keys });
		screen.keys("x q");
		expect(screen.delays).toEqual([2]);
		expect(screen.get().hasQuit).toBe(false);
		screen.keys("+ + f10");
		expect(screen.delays).toEqual([2, 1, 0.5]);
		expect(screen.get().hasQuit).toBe(true);
	});
	test("are told if the key whose meaning they get has none", () => {
		const why = (as: string) => whyNoMeaning(PANES, new Map([["ctrl-p", as]]));
		expect(why("f9")).toBe("Ctrl-P does nothing: the configuration gives it the meaning of F9, which has none.");
		expect([why("p"), why(""), why("left")]).toEqual([null, null, null]);
	});
	test("are in the help, and Ctrl-C still quits", () => {
		const screen = aScreen({ panes: "files", keys });
		screen.keys("?");
		expect(screen.overlay()).toMatchObject({
			table: { rows: expect.arrayContaining([["x =", "refresh less often"]]) },
		});
		screen.keys("ctrl-c");
		expect(screen.get().hasQuit).toBe(true);
	});
});
