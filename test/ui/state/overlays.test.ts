import { describe, expect, test } from "vitest";
import { aScreen } from "../../helpers/screen.ts";
import { aProcess, aSnapshot, aSyscall } from "../../helpers/snapshots.ts";

const row = aProcess({ pid: 10, ppid: 0, start: "1", comm: "eb-one", args: ["eb-one"] });
const machine = aSnapshot({
	processes: [row],
	syscalls: Array.from({ length: 41 }, (_, at) => aSyscall({ pid: 10, name: `call_${at}`, count: at + 1 })),
});

describe("details", () => {
	test("stay open when the thing is gone, and say so", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("enter");
		expect(screen.overlay()).toMatchObject({ kind: "details", title: "Process 10 eb-one", isGone: false });
		screen.publish({ ...machine, seq: 2, processes: [] });
		expect(screen.overlay()).toMatchObject({ title: "Process 10 eb-one", isGone: true });
		screen.publish({ ...machine, seq: 3, processes: [{ ...row, comm: "eb-two" }] });
		expect(screen.overlay()).toMatchObject({ title: "Process 10 eb-two", isGone: false });
	});

	test("scroll within their lines", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("enter up");
		expect(screen.get().overlay).toMatchObject({ scroll: 0 });
		screen.keys("end");
		const { scroll } = screen.get().overlay as { scroll: number };
		expect(scroll).toBeGreaterThan(41 - 24);
		screen.keys("down");
		expect(screen.get().overlay).toMatchObject({ scroll });
		screen.wheel("up", 5, 9);
		expect(screen.get().overlay).toMatchObject({ scroll: scroll - 3 });
	});

	test("have blocks of the panes that are shown, not of those that are not measured", () => {
		const titles = (panes: string) => {
			const screen = aScreen({ snapshot: machine, panes });
			screen.keys("enter");
			const content = screen.overlay();
			return content?.kind === "details" ? content.lines.map(({ text }) => text) : [];
		};
		expect(titles("processes,syscalls")).toEqual(expect.arrayContaining(["System calls", "Events"]));
		expect(titles("processes,syscalls")).not.toContain("Files");
		expect(titles("processes,files")).not.toContain("System calls");
	});

	test("close by Esc, by Backspace and by a click on their title", () => {
		const screen = aScreen({ snapshot: machine });
		for (const close of [() => screen.keys("esc"), () => screen.keys("backspace"), () => screen.click(3, 4)]) {
			screen.keys("enter");
			expect(screen.get().overlay).not.toBeNull();
			close();
			expect(screen.get().overlay).toBeNull();
		}
	});
});

describe("help and health", () => {
	test("each closes by its own key, and is replaced by the other", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("? i");
		expect(screen.get().overlay).toMatchObject({ kind: "health" });
		screen.keys("i");
		expect(screen.get().overlay).toBeNull();
	});

	test("open before the first refresh", () => {
		const screen = aScreen({ snapshot: null });
		screen.keys("i");
		expect(screen.overlay()).toMatchObject({ kind: "still", table: { rows: [] } });
		screen.keys("? esc t v l enter s enter");
		expect(screen.get().overlay).toBeNull();
	});
});

describe("the prompt", () => {
	test("takes every key except Esc and Enter as text; q does not quit", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("/ q 1 t esc");
		expect(screen.get()).toMatchObject({ prompt: null, filter: null, hasQuit: false });
		screen.keys("/ e b - 9 enter");
		expect(screen.get().filter?.text).toBe("eb-9");
		expect(screen.ids("processes")).toEqual([]);
	});

	test("stays open at a mistake, with its column", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("/ p i d > x enter");
		expect(screen.get().prompt?.mistake).toMatchObject({ column: 5 });
		screen.keys("backspace 9 enter");
		expect(screen.get()).toMatchObject({ prompt: null, filter: { text: "pid>9" } });
	});

	test("begins with the current filter; an empty one clears it", () => {
		const screen = aScreen({ snapshot: machine, filter: "pid > 7" });
		screen.keys("/");
		expect(screen.get().prompt).toMatchObject({ text: "pid > 7", cursor: 7 });
		screen.keys("ctrl-u enter");
		expect(screen.get().filter).toBeNull();
	});

	test("Ctrl-C quits from it", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("/ x ctrl-c");
		expect(screen.get().hasQuit).toBe(true);
	});
});
