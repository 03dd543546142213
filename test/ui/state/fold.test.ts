import { expect, test } from "vitest";
import { aScreen } from "../../helpers/screen.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";

const process = (pid: number, ppid: number) => aProcess({ pid, ppid, start: "7", comm: `eb-${pid}`, args: [] });

/** 1 ─ 11 ─ 111, and 12 as a sibling of 11. */
const snapshot = aSnapshot({ processes: [process(1, 0), process(11, 1), process(111, 11), process(12, 1)] });

test("left folds and goes up, right unfolds and goes down", () => {
	const screen = aScreen({ snapshot });
	screen.keys("down left");
	expect(screen.ids("processes")).toEqual(["1/7", "11/7", "12/7"]);
	screen.keys("left");
	expect(screen.selected("processes")).toBe("1/7");
	screen.keys("left");
	expect(screen.ids("processes")).toEqual(["1/7"]);
	screen.keys("left right right");
	expect(screen.selected("processes")).toBe("11/7");
	expect(screen.ids("processes")).toEqual(["1/7", "11/7", "12/7"]);
	screen.keys("right right right right");
	expect(screen.selected("processes")).toBe("111/7");
	expect(screen.ids("processes")).toHaveLength(4);
});

test("* folds and unfolds all", () => {
	const screen = aScreen({ snapshot });
	screen.keys("end *");
	expect(screen.ids("processes")).toEqual(["1/7"]);
	screen.keys("right");
	expect(screen.ids("processes")).toEqual(["1/7", "11/7", "12/7"]);
	screen.keys("*");
	expect(screen.ids("processes")).toHaveLength(4);
});

test("a flat list has no branches to fold", () => {
	const screen = aScreen({ snapshot });
	screen.keys("t down");
	const before = screen.get();
	screen.keys("left right *");
	expect(screen.get()).toBe(before);
});
