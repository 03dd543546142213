/** A pane is a folder and a line in the registry: the rest of the program gets everything from there. */

import { beforeEach, describe, expect, test, vi } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { helpText } from "../../src/cli/help.ts";
import { createMatcher, parseFilter } from "../../src/model/filter/index.ts";
import { concernsOf } from "../../src/model/table-kinds.ts";
import { batchLines } from "../../src/output/batch/batch.ts";
import { narrowSnapshot } from "../../src/output/narrow.ts";
import { aFile, aHealth, aProcess, aSnapshot } from "../helpers/snapshots.ts";
import { openStory, type Story } from "../helpers/story.ts";

/** The line in the registry. */
vi.mock("../../src/panes/index.ts", async (importOriginal) => {
	const { PANES } = await importOriginal<typeof import("../../src/panes/index.ts")>();
	const [{ anyPane }, { FILE_USERS }] = await Promise.all([
		import("../../src/panes/define-pane.ts"),
		import("./file-users/index.ts"),
	]);
	return { PANES: [...PANES.slice(0, 9), anyPane(FILE_USERS)] }; // the last that has a number
});

const processes = ["cat", "dd", "sh"].map((comm, at) =>
	aProcess({ pid: 10 + at, ppid: 0, comm: `eb-${comm}`, args: [`eb-${comm}`] }),
);
const snapshot = aSnapshot({
	processes,
	files: [
		aFile({ pid: 10, comm: "eb-cat", path: "/tmp/shared", readBytes: 0, writeBytes: 0 }),
		aFile({ pid: 11, comm: "eb-dd", path: "/tmp/shared", readBytes: 0, writeBytes: 0 }),
		aFile({ pid: 12, comm: "eb-sh", path: "/tmp/alone", readBytes: 7919, writeBytes: 0, inode: "7" }),
	],
});

function matcherOf(text: string) {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return { filter: parsed.filter, matcher: createMatcher(parsed.filter, snapshot) };
}

describe("the command line", () => {
	test("knows its name", () => {
		expect(helpText().replaceAll(/\s+/g, " ")).toContain(
			"only these panes, of processes, syscalls, ipc, files, tcp, events, disk, containers, threads, users;",
		);
		expect(parseCommandLine(["--panes", "users,tcp"]).panes.map(({ name }) => name)).toEqual(["tcp", "users"]);
		expect(() => parseCommandLine(["--panes", "x"])).toThrow(
			"processes,syscalls,ipc,files,tcp,events,disk,containers,threads,users.",
		);
	});
	test("leaves it off by default", () => {
		const { panes, availablePanes } = parseCommandLine([]);
		expect(panes.map(({ name }) => name)).not.toContain("users");
		expect(availablePanes.map(({ name }) => name)).toContain("users");
	});
	test("has measured what fills it, and printed as JSON", () => {
		const tables = parseCommandLine(["--panes", "users"]).panes.flatMap((pane) => pane.tables);
		expect(concernsOf(tables)).toEqual(["file"]);
		expect(narrowSnapshot(snapshot, null, tables)).toMatchObject({ processes: [], files: snapshot.files });
	});
});

describe("plain text", () => {
	const { panes } = parseCommandLine(["--panes", "users"]);
	const scene = { snapshot, before: null, matcher: null, width: 80 };
	const batchText = (...given: Parameters<typeof batchLines>) => [...batchLines(...given)].join("");
	const tableOf = (text: string) => text.split("\n\n")[1]?.split("\n");

	test("has its table, no cell blank", () => {
		expect(tableOf(batchText(panes, scene))).toEqual([
			"File users: 2",
			"USERS  BYTES  WHO           PATH",
			"    2      0  eb-cat eb-dd  /tmp/shared",
			"    1   7.7K  eb-sh         /tmp/alone",
		]);
	});
	test("has of it what the filter keeps", () => {
		const { matcher } = matcherOf("comm = eb-dd");
		expect(tableOf(batchText(panes, { ...scene, matcher }))?.slice(2)).toEqual([
			"    2      0  eb-cat eb-dd  /tmp/shared",
		]);
	});
	test("says that it is off", () => {
		const probes = [{ probe: "file", state: "off", variant: null, reason: "No BTF.", lost: 0 }] as const;
		const blind = aSnapshot({ health: aHealth({ probes }) });
		expect(batchText(panes, { ...scene, snapshot: blind })).toContain("File users: 0 (off: No BTF.)");
	});
});

describe("the screen", () => {
	let story: Story;
	beforeEach(async () => {
		story = await openStory({ columns: 200, rows: 60, snapshot });
		return () => story.quit();
	});

	test("shows it, in its place, once its key was pressed", async () => {
		expect(story.lineNumber("0 File users")).toBe(-1);
		await story.keys("0");
		expect(story.line("0 File users").indexOf("0 File users")).toBeGreaterThan(100);
		expect(story.line("/tmp/alone")).toBeDefined();
		expect(story.text()).toMatch(/ 2 +eb-cat eb-dd +\/tmp\/shared/);
		await story.keys("1 0");
		expect(story.isSelected("2        eb-cat eb-dd")).toBe(true);
	});
	test("has its key in the footer and in the help, and gives it to it", async () => {
		expect(story.lineNumber("Shared")).toBe(-1);
		await story.keys("o 0 o");
		story.line("Shared");
		expect(story.line("0 File users")).toMatch(/shared +1\/2/);
		expect(story.line("USERS")).not.toContain("BYTES");
		await story.keys("F1");
		story.line("file users: only what several processes use");
		expect(story.line("pane by its number")).toContain("1 2 3 4 5 6 7 8 9 0");
		await story.keys("Esc");
	});
	test("filters and links it", async () => {
		await story.keys("0 / comm=eb-sh Enter");
		expect(story.line("0 File users")).toMatch(/filtered +1\/1/);
		await story.keys("Esc 1 Home l");
		expect(story.line("0 File users")).toMatch(/linked +1\/1/);
	});
	test("opens its details, with what other panes say about the same processes", async () => {
		await story.keys("0 Enter");
		story.line("Users of /tmp/shared");
		story.line("System calls");
		await story.keys("Esc 1 Home Enter");
		story.line("Process 10 eb-cat");
		story.line("Shares files");
		expect(story.text()).toMatch(/eb-cat eb-dd +\/tmp\/shared/);
		await story.keys("Esc");
	});
	test("sorts, selects and opens it by the mouse", async () => {
		await story.keys("0 z");
		const head = story.lineNumber("USERS");
		await story.click(story.line("USERS").indexOf("PATH"), head);
		expect(story.lines()[head + 1]).toContain("/tmp/alone");
		await story.click(30, head + 2);
		expect(story.isSelected("/tmp/shared")).toBe(true);
		await story.click(30, head + 2);
		story.line("Users of /tmp/shared");
		await story.click(3, head);
		await story.click(story.line("3 IPC").indexOf("IPC"), story.lineNumber("3 IPC"));
		await story.click(story.line("0 File").indexOf("File"), story.lineNumber("0 File"));
		story.line("/tmp/alone");
	});
});
