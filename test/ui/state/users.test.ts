import { describe, expect, test } from "vitest";
import { aScreen } from "../../helpers/screen.ts";
import { aFile, aProcess, aSnapshot } from "../../helpers/snapshots.ts";

const machine = aSnapshot({
	processes: [
		aProcess({ pid: 10, ppid: 0, comm: "eb-one", user: "eb-anna" }),
		aProcess({ pid: 11, ppid: 0, comm: "eb-two", user: "eb-otto" }),
		aProcess({ pid: 12, ppid: 0, comm: "eb-three", user: null, uid: 1234 }),
		aProcess({ pid: 13, ppid: 0, comm: "eb-four", user: 'eb"quote' }),
	],
	files: [aFile({ pid: 10, path: "/eb/anna" }), aFile({ pid: 11, path: "/eb/otto" })],
});

describe("the menu of users", () => {
	test("has each of them once, and what is chosen is the filter, of other panes too", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("u");
		expect(screen.overlay()).toMatchObject({
			kind: "menu",
			items: ["all users", "1234", "eb-anna", "eb-otto"],
			selected: 0,
		});
		screen.keys("down down enter");
		expect(screen.get()).toMatchObject({ overlay: null, filter: { text: 'user = "eb-anna"' } });
	});
	test("begins at the current one, can replace it, and can remove it", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("u down down enter u");
		expect(screen.overlay()).toMatchObject({ selected: 2 });
		screen.keys("up enter");
		expect(screen.get().filter?.text).toBe('user = "1234"');
		screen.keys("u home enter");
		expect(screen.get().filter).toBeNull();
	});
	test("keeps an earlier filter", () => {
		const screen = aScreen({ snapshot: machine, filter: "eb-one or eb-two" });
		screen.keys("u end enter");
		expect(screen.get().filter?.text).toBe('(eb-one or eb-two) and user = "eb-otto"');
		screen.keys("u up enter");
		expect(screen.get().filter?.text).toBe('(eb-one or eb-two) and user = "eb-anna"');
		screen.keys("u home enter");
		expect(screen.get().filter?.text).toBe("eb-one or eb-two");
	});
	test("closes by Esc and changes nothing", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("u down esc");
		expect(screen.get()).toMatchObject({ overlay: null, filter: null });
	});
	test("opens before the first refresh", () => {
		const screen = aScreen({ snapshot: null });
		screen.keys("u enter");
		expect(screen.get()).toMatchObject({ overlay: null, filter: null });
	});
});
