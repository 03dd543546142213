import { expect, test } from "vitest";
import { keyName } from "../../../src/format/key-name.ts";
import { PANES } from "../../../src/panes/index.ts";
import { keymapOf } from "../../../src/ui/state/keymap.ts";
import { detailLines } from "../../../src/ui/state/overlay-content.ts";
import { aFile, aLink, anEvent, aProcess, aSnapshot, aSocket, aSyscall } from "../../helpers/snapshots.ts";
import { openStory } from "../../helpers/story.ts";

const LONG_ARGUMENT = `--config=${"/very/long".repeat(12)}/end-of-it`;

const snapshot = aSnapshot({
	processes: [aProcess({ pid: 10, ppid: 0, comm: "dd", args: ["dd", LONG_ARGUMENT], seccomp: "filter" })],
	syscalls: [aSyscall({ pid: 10, name: "copy_file_range" }), aSyscall({ pid: 99, name: "not_of_dd" })],
	ipc: [aLink(), aLink({ from: { pid: 98, comm: "x" }, to: { pid: 99, comm: "y" }, channel: "pipe:[666]" })],
	files: [aFile(), aFile({ pid: 99, path: "/tmp/not-of-dd" })],
	tcp: [aSocket({ pid: 10, remotePort: 4711 }), aSocket({ pid: 99, remotePort: 666 })],
	events: [anEvent({ pid: 10, text: "started by a test" }), anEvent({ pid: 99, text: "not-of-dd" })],
});

test("Enter shows everything about a process and nothing about others; Esc goes back", async () => {
	const story = await openStory({ rows: 90, columns: 100, snapshot });
	await story.keys("z Enter");
	story.line("Process 10 dd");
	for (const fact of ["/usr/sbin/nginx", "nginx.service", "filter", "4026531840", "www-data (uid 33, gid 33)"])
		story.line(fact);
	for (const own of ["copy_file_range", "/tmp/out", "pipe:[48122]", "127.0.0.1:4711", "started by a test"])
		story.line(own);
	for (const other of ["not_of_dd", "not-of-dd", "pipe:[666]", ":666"]) expect(story.lineNumber(other)).toBe(-1);
	expect(story.line("cat").trim()).toMatch(/^11 +cat +1\.0M/);
	await story.keys("Esc");
	story.line("COMMAND");
	await story.quit();
});

test("arguments are whole, wrapped", async () => {
	const story = await openStory({ snapshot });
	await story.keys("Enter");
	expect(story.text().replaceAll(/\s/g, "")).toContain(`dd${LONG_ARGUMENT}exe`);
	await story.quit();
});

test("details scroll to their end and no further", async () => {
	const story = await openStory({ snapshot });
	await story.keys("Enter End Down PgDn");
	story.line("started by a test");
	const last = story.text();
	await story.keys("Up Down");
	expect(story.text()).toBe(last);
	await story.keys("Home");
	story.line("Identity");
	await story.quit();
});

test("e shows what may be asked about a process, above the rest, and hides it again", async () => {
	const asked: unknown[] = [];
	const story = await openStory({
		rows: 60,
		snapshot,
		inspect: async (pid, start) => {
			asked.push([pid, start]);
			return {
				...{ time: "2026-11-20T17:00:00.000Z", cwd: "/srv", root: "/srv/jail", moreDescriptors: 3 },
				capabilities: [["Eff", ["chown", "kill"]]],
				limits: [{ name: "open files", soft: "97", hard: "101" }],
				descriptors: [{ fd: 7, target: "socket:[4711]" }],
				environment: ["EB_A=1", "EB_B=2"],
			};
		},
	});
	await story.keys("Enter e");
	expect(story.line("On request")).toContain("2026-11-20T17:00:00.000Z");
	for (const line of ["cwd  /srv", "root  /srv/jail", "effective  chown kill", "EB_A=1", "EB_B=2"]) story.line(line);
	expect(asked).toEqual([[10, snapshot.processes[0]?.start]]);
	expect(story.lineNumber("On request")).toBeLessThan(story.lineNumber("Identity"));
	for (const line of ["open files    97   101", "Descriptors, and 3 more", "7  socket:[4711]"]) story.line(line);
	await story.keys("e");
	expect([story.lineNumber("EB_A"), asked.length]).toEqual([-1, 1]);
	await story.keys("Esc 4 Enter e");
	expect(asked).toHaveLength(1);
	await story.quit();
});

test("the view stays open when its process is gone", async () => {
	const story = await openStory({ snapshot });
	await story.keys("Enter");
	await story.publish(aSnapshot());
	story.line("Process 10 dd (gone)");
	story.line("www-data");
	await story.quit();
});

test.each([
	["2", "copy_file_range by nginx 10", "latency  not measured; start ebtop with --latency"],
	["3", "pipe from dd 10 to cat 11", "observed: data moved in this direction"],
	["4", "File /tmp/out", "254:0, 1311"],
	["5", "TCP 127.0.0.1:80 to 127.0.0.1:4711", "ESTABLISHED, server, IPv4"],
])("pane %s has details of its rows too", async (pane, title, fact) => {
	const story = await openStory({ rows: 50, snapshot, filter: "pid = 10" });
	await story.keys(`${pane} Enter`);
	story.line(title);
	story.line(fact);
	await story.quit();
});

test("a process has charts of the last refreshes, including those before its details were opened", async () => {
	const busy = (cpuPercent: number, seq: number) => ({
		...snapshot,
		seq,
		processes: [
			aProcess({ pid: 10, ppid: 0, comm: "dd", cpuPercent, syscallRate: seq * 11, readRate: 0, writeRate: 2048 }),
		],
	});
	const story = await openStory({ rows: 60, columns: 100, snapshot: busy(10, 1) });
	for (const [at, cpu] of [80, 0, 40].entries()) await story.publish(busy(cpu, 2 + at));
	await story.keys("Enter");
	expect(story.line("CPU %")).toMatch(/CPU % +40.0, most 80.0 +▂█▁▅ *$/);
	expect(story.line(" calls  44/s")).toMatch(/44\/s, most 44\/s +▃▅▇█ *$/);
	expect(story.line(" written  ")).toMatch(/2.0K\/s, most 2.0K\/s +████ *$/);
	await story.publish(busy(80, 5));
	expect(story.line("CPU %")).toMatch(/CPU % +80.0, most 80.0 +▂█▁▅█ *$/);
	story.line("The last 4");
	await story.quit();
});

test("a new process has charts since its start, in ASCII on request", async () => {
	const story = await openStory({ rows: 60, columns: 80, ascii: true, snapshot: { ...snapshot, processes: [] } });
	for (const seq of [2, 3]) await story.publish({ ...snapshot, seq });
	await story.keys("Enter");
	expect(story.line("CPU %")).toMatch(/CPU % .* ## *$/);
	await story.quit();
});

test("if there are more refreshes than cells they share cells, which show the maximum", () => {
	const values = Array.from({ length: 180 }, (_, at) => (at === 7 ? 9 : 1));
	const [, line] = detailLines([{ kind: "charts", title: "x", rows: [{ label: "y", figures: "z", values }] }], 80);
	expect(line?.chart).toHaveLength(36);
	expect(line?.chart?.map((value) => value === 9)).toEqual(Array.from({ length: 36 }, (_, at) => at === 1));
	const [, narrow] = detailLines([{ kind: "charts", title: "x", rows: [{ label: "y", figures: "z", values }] }], 20);
	expect(narrow?.chart).toEqual([]);
});

test("latencies are a histogram, of one call and of a process", async () => {
	const times = { totalNs: 1, avgNs: 1, p50Ns: 1, p99Ns: 1, maxNs: 1 };
	const buckets = [...Array<number>(10).fill(0), 17, 0, 5];
	const syscalls = [
		aSyscall({ pid: 10, name: "read", latency: { ...times, buckets } }),
		aSyscall({ pid: 10, name: "write", latency: { ...times, buckets: buckets.slice(0, 11) }, count: 1 }),
	];
	const story = await openStory({ rows: 90, columns: 100, snapshot: { ...snapshot, syscalls } });
	await story.keys("Enter");
	expect(story.line(" 1.0us ").trim()).toMatch(/^1.0us +34 +#{20}$/);
	expect(story.line(" 2.0us ").trim()).toMatch(/^2.0us +0$/);
	expect(story.line(" 4.1us ").trim()).toMatch(/^4.1us +5 +###$/);
	await story.keys("Esc 2 Enter");
	expect(story.line(" 4.1us ").trim()).toMatch(/^4.1us +5 +#{6}$/);
	await story.quit();
});

test("the details of a file have all processes that use it, under any name", async () => {
	const file = { path: "/eb/log", device: "254:0", inode: "77" };
	const files = [
		aFile({ ...file, pid: 10, comm: "dd", flags: "O_WRONLY|O_APPEND", writeBytes: 1709, readBytes: 0 }),
		aFile({ ...file, pid: 12, comm: "tail", path: "/eb/other-name", flags: "O_RDONLY", readBytes: 211, writeBytes: 0 }),
		aFile({ ...file, inode: "78", pid: 99, comm: "stranger", readBytes: 0, writeBytes: 0 }),
	];
	const processes = [...snapshot.processes, aProcess({ pid: 12, user: "eb-otto", comm: "tail" })];
	const story = await openStory({ rows: 60, columns: 100, snapshot: { ...snapshot, files, processes } });
	await story.keys("4 Enter");
	expect(story.line("WRONLY|APPEND").trim()).toMatch(/^10 +dd +www-data +WRONLY\|APPEND +0B? +1\.7K .*\/eb\/log$/);
	expect(story.line("eb-otto").trim()).toMatch(/^12 +tail +eb-otto +RDONLY +211B? +0B? .*\/eb\/other-name$/);
	expect(story.lineNumber("stranger")).toBe(-1);
	await story.quit();
});

test("the help has every key of the table that dispatches them", async () => {
	const story = await openStory({ rows: 80, columns: 120, snapshot });
	await story.keys("F1");
	for (const { keys, help } of keymapOf(PANES)) {
		const line = story.line(help.slice(0, 40));
		for (const key of keys) expect(line).toContain(keyName(key));
	}
	await story.keys("?");
	expect(story.lineNumber("WHAT IT DOES")).toBe(-1);
	await story.quit();
});

test("the health overlay shows each probe's state and the full reason", async () => {
	const reason = "This kernel was built without kprobes, so that reads of io_uring are counted when they complete.";
	const health = {
		...snapshot.health,
		probes: [{ probe: "file", state: "fallback", variant: "tp", reason, lost: 3 }],
	} as const;
	const story = await openStory({ snapshot: { ...snapshot, health } });
	await story.keys("i");
	expect(story.line("probe file")).toMatch(/fallback +tp +3/);
	expect(story.line("refresh ")).toContain("31ms at the longest");
	expect(story.text().replaceAll(/\s+/g, " ")).toContain("they complete.");
	await story.quit();
});

test("events of earlier refreshes stay in the details", async () => {
	const story = await openStory({ rows: 90, snapshot });
	await story.keys("Enter");
	await story.publish({ ...snapshot, events: [anEvent({ pid: 10, type: "exit", text: "ended by a test" })] });
	story.line("started by a test");
	story.line("ended by a test");
	await story.quit();
});
