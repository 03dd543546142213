import { describe, expect, test } from "vitest";
import { aScreen } from "../../helpers/screen.ts";
import { aFile, aLink, anEvent, aProcess, aSnapshot, aSystem } from "../../helpers/snapshots.ts";

const ref = (pid: number) => ({ pid, comm: `eb-${pid}` });
const process = (pid: number, ppid: number) => aProcess({ pid, ppid, start: String(pid), comm: `eb-${pid}`, args: [] });
/** 10 started 20, which started 30; 40 has nothing to do with them. 20 sends to 30 and to 40. */
const machine = aSnapshot({
	processes: [process(10, 0), process(20, 10), process(30, 20), process(40, 0)],
	files: [20, 30, 40].map((pid) => aFile({ pid, comm: `eb-${pid}`, path: `/tmp/${pid}`, inode: String(pid) })),
	ipc: [
		aLink({ from: ref(20), to: ref(30), channel: "pipe:[1]", rate: 7 }),
		aLink({ from: ref(20), to: ref(40), channel: "pipe:[2]", rate: 11 }),
		aLink({ from: ref(40), to: ref(30), channel: "pipe:[3]", rate: 13 }),
	],
});
const paths = (screen: ReturnType<typeof aScreen>) => screen.ids("files").map((id) => id.split(" ").at(-1));

describe("the focus", () => {
	test("cycles with Tab, goes to a pane by its number, and ignores unused numbers", () => {
		const screen = aScreen({ snapshot: machine, panes: "processes,syscalls,ipc,files,tcp" });
		screen.keys("shift-tab");
		expect(screen.focus()).toBe("tcp");
		screen.keys("tab 4");
		expect(screen.focus()).toBe("files");
		const before = screen.get();
		screen.keys("0");
		expect(screen.get()).toBe(before);
	});

	test("--panes decides which there are, and their numbers", () => {
		const screen = aScreen({ snapshot: machine, panes: "tcp,files" });
		expect(screen.shown()).toEqual(["files", "tcp"]);
		screen.keys("2");
		expect(screen.focus()).toBe("tcp");
		expect(screen.footer()).not.toContain("View");
	});

	test("what is measured is what is in view: details need what they show", () => {
		const screen = aScreen({ snapshot: machine });
		expect(screen.wanted.at(-1)).toEqual(["processes"]);
		screen.keys("H");
		expect(screen.wanted.at(-1)).toEqual(["threads"]);
		screen.keys("1 enter");
		expect(screen.wanted.at(-1)).toEqual(expect.arrayContaining(["processes", "disks", "threads", "sched"]));
		screen.keys("esc");
		expect(screen.wanted.at(-1)).toEqual(["processes"]);
		screen.keys("4 enter");
		expect(screen.wanted.at(-1)).toEqual(["files"]);
		screen.keys("esc");
		expect(screen.wanted.at(-1)).toEqual(["files"]);
	});

	test("Esc leaves zoom first, then the filter", () => {
		const screen = aScreen({ snapshot: machine, filter: "comm = eb-20" });
		screen.keys("z esc");
		expect(screen.get()).toMatchObject({ isZoomed: false, filter: { text: "comm = eb-20" } });
		screen.keys("esc");
		expect(screen.get().filter).toBeNull();
	});
});

describe("link mode", () => {
	test("narrows the others to the selected process and its descendants, and follows the selection", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("down l");
		expect(paths(screen)).toEqual(["/tmp/20", "/tmp/30"]);
		screen.keys("down");
		expect(paths(screen)).toEqual(["/tmp/30"]);
		screen.keys("l");
		expect(paths(screen)).toHaveLength(3);
	});

	test("still follows while the process table is hidden by another", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("end l 4");
		expect(paths(screen)).toEqual(["/tmp/40"]);
		screen.publish({ ...machine, seq: 2, processes: machine.processes.slice(0, 3) });
		expect(paths(screen)).toEqual(["/tmp/30"]);
	});

	test("shows no other processes once all are gone", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("down l");
		screen.publish({ ...machine, seq: 2, processes: [] });
		expect(paths(screen)).toEqual([]);
	});

	test("from a row of another pane goes to its process; a row without one says so until the next key", () => {
		const screen = aScreen({ snapshot: { ...machine, files: [...machine.files, aFile({ pid: 7919 })] } });
		screen.keys("4 r r home");
		screen.dispatch({ type: "sort-by", pane: screen.get().focus, key: "pid" });
		screen.keys("end l");
		expect(screen.get()).toMatchObject({ isLinked: false, notice: "No process in the process table owns this row." });
		screen.keys("home l");
		expect(screen.get()).toMatchObject({ isLinked: true, notice: null });
		expect(screen.selected("processes")).toBe("20/20");
	});

	test("needs the process table", () => {
		const screen = aScreen({ snapshot: machine, panes: "files" });
		screen.keys("l");
		expect(screen.get().notice).toMatch(/add processes to --panes/);
	});
});

describe("a pane's own keys", () => {
	test("t turns the tree off from any pane, without going there", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("4 t");
		expect(screen.focus()).toBe("files");
		expect(screen.pane("processes").view).toMatchObject({ shape: "flat" });
	});

	test("v first goes to the IPC pane, then through its views", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("v");
		expect(screen.focus()).toBe("ipc");
		const seen = ["links", "pairs", "kinds", "objects", "graph"].map((name) => {
			const { view } = screen.pane("ipc");
			screen.keys("v");
			return [name, view];
		});
		for (const [name, view] of seen) expect(view).toMatchObject({ name });
		expect(screen.pane("ipc").view).toMatchObject({ name: "links" });
	});

	test("the graph begins with the selected process, and Esc walks back to it before it leaves", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("down v v v v v");
		expect(screen.pane("ipc").view).toEqual({ name: "graph", trail: [20] });
		expect(screen.footer()).toContain("Walk");
		screen.keys("right right");
		expect(screen.pane("ipc").view).toEqual({ name: "graph", trail: [20, 40] });
		screen.keys("left left esc");
		expect(screen.pane("ipc").view).toEqual({ name: "graph", trail: [20, 40] });
		screen.keys("esc esc");
		expect(screen.pane("ipc").view).toEqual({ name: "links", trail: [] });
	});

	test("arrow keys of the graph do nothing in a table, and a click into the graph finds no row", () => {
		const screen = aScreen({ snapshot: machine });
		screen.keys("3");
		const before = screen.get();
		screen.keys("left right");
		expect(screen.get()).toBe(before);
		screen.keys("v v v v");
		const { bodyTop } = screen.rect("ipc");
		screen.click(30, bodyTop + 1);
		expect(screen.pane("ipc").selectedId).toBeNull();
	});
});

describe("refreshes", () => {
	test("while paused, the snapshot stays; after it, the latest comes at once and each only once", () => {
		const first = { ...machine, events: [anEvent({ text: "first" })] };
		const screen = aScreen({ snapshot: first });
		screen.keys("p p");
		expect(screen.get().snapshot?.events).toHaveLength(1);
		screen.keys("p");
		screen.publish({ ...machine, seq: 2, events: [anEvent({ text: "missed" })] });
		screen.publish({ ...machine, seq: 3, events: [anEvent({ text: "latest" })] });
		expect(screen.get().snapshot?.seq).toBe(1);
		screen.keys("space");
		expect(screen.get().snapshot?.seq).toBe(3);
		expect(screen.get().snapshot?.events.map(({ text }) => text)).toEqual(["first", "missed", "latest"]);
	});

	test("keep the last 2000 events and 30 loads", () => {
		const screen = aScreen({ snapshot: machine });
		for (let seq = 2; seq < 43; seq++) {
			const events = Array.from({ length: 101 }, (_, at) => anEvent({ text: `${seq}.${at}` }));
			screen.publish({ ...machine, seq, events, system: aSystem({ cpuPercent: seq }) });
		}
		expect(screen.get().snapshot?.events).toHaveLength(2000);
		expect(screen.get().snapshot?.events.at(-1)?.text).toBe("42.100");
		const loads = screen.derive.loads(screen.get());
		expect(loads.map(({ cpuPercent }) => cpuPercent).slice(-2)).toEqual([41, 42]);
		expect(loads).toHaveLength(30);
	});

	test("the delay moves along the usual steps, and stays at their ends", () => {
		const screen = aScreen();
		screen.keys("+ + - - - -");
		expect(screen.delays).toEqual([2, 3, 2, 1, 0.5, 0.2]);
		screen.keys("- - -");
		expect(screen.get().delaySec).toBe(0.1);
	});

	test("an action without effect does not redraw", () => {
		const screen = aScreen({ snapshot: machine, panes: "processes,syscalls,ipc,files,tcp" });
		screen.keys("esc 1 up backspace");
		const { focus } = screen.get();
		expect(focus.name).toBe("processes");
		const draws = screen.draws();
		screen.keys("0 backspace");
		expect(screen.draws()).toBe(draws);
	});
});

describe("what is computed", () => {
	test("the lines of an unchanged table are the same objects", () => {
		const screen = aScreen({ snapshot: machine });
		const lines = () => screen.derive.lines(screen.get().focus, screen.get());
		screen.keys("4");
		const before = lines();
		screen.publish({ ...machine, seq: 2, processes: [...machine.processes] });
		expect(lines()).toBe(before);
		screen.publish({ ...machine, seq: 3, files: [...machine.files] });
		expect(lines()).not.toBe(before);
	});

	test("a pid is dead only if it was not reused", () => {
		const exit = { code: 0, signal: null, oom: false, durationMs: 1 };
		const old = aProcess({ pid: 20, start: "1", exit });
		const gone = aProcess({ pid: 50, start: "2", exit });
		const { derive } = aScreen();
		const dead = derive.deadPids({ ...machine, processes: [old, gone, ...machine.processes] });
		expect([...dead]).toEqual([50]);
	});
});
