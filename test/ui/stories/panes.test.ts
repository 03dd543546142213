import { expect, test } from "vitest";
import { aFile, aHealth, aProcess, aSnapshot, aSocket, aSyscall, PROBES } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const family = aSnapshot({
	processes: [
		aProcess({ pid: 1, ppid: 0, comm: "systemd", args: ["eb-init"] }),
		aProcess({ pid: 20, ppid: 1, comm: "bash", args: ["eb-bash"] }),
		aProcess({ pid: 30, ppid: 20, comm: "dd", args: ["eb-dd"] }),
		aProcess({ pid: 40, ppid: 1, comm: "cron", args: ["eb-cron"] }),
	],
	files: [
		aFile({ pid: 30, comm: "dd", path: "/tmp/of-dd" }),
		aFile({ pid: 40, comm: "cron", path: "/tmp/of-cron", inode: "7" }),
	],
});

test("link mode narrows the other panes to the selected process and its descendants", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: family });
	await story.keys("j l");
	story.line("LINKED");
	story.line("/tmp/of-dd");
	expect(story.lineNumber("/tmp/of-cron")).toBe(-1);
	await story.keys("j j");
	story.line("/tmp/of-cron");
	expect(story.lineNumber("/tmp/of-dd")).toBe(-1);
	await story.keys("l");
	story.line("/tmp/of-dd");
	await story.quit();
});

test("link mode from another pane goes to the process of its row", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: family });
	await story.keys("4 s End Enter j l 1");
	expect(story.isSelected("eb-dd")).toBe(true);
	await story.quit();
});

test("a row without a process links to nothing", async () => {
	const story = await openStory({
		...{ columns: 200, rows: 60 },
		snapshot: { ...family, tcp: [aSocket({ pid: 0, comm: "", state: "TIME_WAIT" })] },
	});
	await story.keys("5 j l");
	story.line("No process in the process table owns this row");
	expect(story.lineNumber("LINKED")).toBe(-1);
	await story.quit();
});

test("without the process table there is nothing to link to", async () => {
	const story = await openStory({ panes: ["files", "tcp"], snapshot: family });
	expect(story.lines()[3]).toMatch(/1 Files .*2 TCP/);
	await story.keys("l");
	story.line("add processes to --panes");
	await story.quit();
});

test("z shows one pane alone, and all again", async () => {
	const story = await openStory({ columns: 200, rows: 60, snapshot: family });
	await story.keys("4 z");
	expect(story.lineNumber("COMMAND")).toBe(-1);
	story.line("/tmp/of-dd");
	await story.keys("Tab");
	expect(story.lineNumber("/tmp/of-dd")).toBe(-1);
	await story.keys("Esc");
	story.line("COMMAND");
	await story.quit();
});

test("Tab and Shift-Tab go around", async () => {
	const story = await openStory({ snapshot: family });
	await story.keys("ShiftTab");
	story.line("No TCP socket is open.");
	await story.keys("Tab Tab");
	story.line("No system call was made since the start.");
	await story.quit();
});

test("a pane without rows says so", async () => {
	const story = await openStory({ snapshot: aSnapshot() });
	await story.keys("3");
	story.line("No two processes have communicated since the start.");
	await story.quit();
});

test("a pane that is off says why", async () => {
	const probes = PROBES.map((probe) => ({
		probe,
		state: probe === "syscall" ? ("off" as const) : ("on" as const),
		variant: null,
		reason: probe === "syscall" ? "System calls can be counted with BPF alone." : null,
		lost: 0,
	}));
	const story = await openStory({ snapshot: aSnapshot({ health: aHealth({ probes }) }) });
	story.line("1 off");
	await story.keys("2");
	story.line("Syscalls is off: System calls can be counted with BPF alone.");
	await story.quit();
});

test("what was lost is red, in the header and at its pane", async () => {
	const probes = PROBES.map((probe) => ({
		probe,
		state: "on" as const,
		variant: "tp_btf",
		reason: null,
		lost: probe === "file" ? 17 : 0,
	}));
	const health = aHealth({ probes, records: { received: 100, lost: 17, malformed: 0 } });
	const story = await openStory({ snapshot: aSnapshot({ health, files: [aFile()] }) });
	expect(story.colorOf("17 LOST")).toBe(1);
	await story.keys("4");
	expect(story.colorOf("17 lost")).toBe(1);
	await story.quit();
});

test("dead processes are dimmed, with how they ended", async () => {
	const exit = { code: 1, signal: null, oom: false, durationMs: 2.1 };
	const processes = [
		aProcess({ pid: 7, ppid: 0, args: ["eb-true"], state: "X", exit }),
		aProcess({ pid: 8, ppid: 0, args: ["eb-run"] }),
	];
	const story = await openStory({
		snapshot: aSnapshot({ processes, syscalls: [aSyscall({ pid: 7, comm: "eb-gone" })] }),
	});
	await story.keys("j");
	expect(story.line("eb-true")).toContain("eb-true (exit 1, 2.1ms)");
	expect(story.colorOf("(exit 1")).toBe(8);
	await story.quit();
});

test("pause freezes what is shown, and shows the latest when it ends", async () => {
	const story = await openStory({ snapshot: family });
	await story.keys("p");
	story.line("PAUSED");
	await story.publish(aSnapshot({ processes: [aProcess({ pid: 50, args: ["eb-new"] })] }));
	story.line("eb-bash");
	expect(story.lineNumber("eb-new")).toBe(-1);
	await story.keys("Space");
	story.line("eb-new");
	expect(story.lineNumber("PAUSED")).toBe(-1);
	await story.quit();
});
