import { Box } from "ink";
import { render } from "ink-testing-library";
import { expect, test } from "vitest";
import { createTheme } from "../../../src/format/theme.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { PaneView } from "../../../src/ui/components/pane-view.tsx";
import { PANE_NAMES, paneNamed } from "../../helpers/panes.ts";
import { aFile, aHealth, aLink, aProcess, aSnapshot, aSocket, aSyscall, aSystem } from "../../helpers/snapshots.ts";

/** ink-testing-library's terminal has this many columns. */
const COLUMNS = 100;
const SOURCE_NOTE = "BPF needs root.";

function draw(name: string, snapshot: Snapshot): string[] {
	const pane = paneNamed(name);
	const query = {
		matcher: null,
		linkedPids: null,
		sort: { key: pane.defaultSort, isReversed: pane.isReversedAtFirst },
		view: pane.initialView,
	};
	const rect = {
		pane,
		left: 0,
		top: 0,
		width: COLUMNS,
		height: 8,
		hasTitle: true,
		hasHead: true,
		bodyTop: 2,
		bodyHeight: 6,
	};
	const app = render(
		<Box width={COLUMNS} height={rect.height}>
			<PaneView
				number={PANE_NAMES.indexOf(name) + 1}
				rect={rect}
				snapshot={snapshot}
				lines={pane.select(snapshot, query)}
				query={query}
				state={{ selectedId: null, lostId: null, index: 0, top: 0, sort: query.sort, columns: null, view: query.view }}
				isFocused={true}
				deadPids={new Set()}
				sourceNote={SOURCE_NOTE}
				theme={createTheme({ color: false, ascii: false })}
			/>
		</Box>,
	);
	const frame = app.lastFrame() ?? "";
	app.unmount();
	// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about the words, not their attributes
	return frame.replaceAll(/\x1b\[\d+m/g, "").split("\n");
}

/** The words of the first row, without the blanks between them. */
const firstRow = (lines: readonly string[]) => (lines[2] ?? "").trim().split(/ {1,}/);

test("a process", () => {
	const row = aProcess({
		ppid: 0,
		cpuPercent: 12.34,
		readRate: 2048,
		container: { runtime: "podman", id: "713e", name: "web", image: null },
	});
	const lines = draw("processes", aSnapshot({ processes: [row] }));
	expect(lines[0]).toMatch(/^ 1 Processes .* tree {2}1\/1 $/);
	expect(firstRow(lines)).toEqual("812 www-data S 12.3 11.4M 10 2.0K nginx -g daemon off;".split(" "));
});

test("without counted calls there is no column of zeros", () => {
	const snapshot = aSnapshot({
		processes: [aProcess({ ppid: 0, syscallRate: null })],
		system: aSystem({ syscallRate: null }),
	});
	expect(draw("processes", snapshot)[1]).not.toContain("CALL/s");
});

test("a fallback says why below its rows, except for what the header says", () => {
	const reason = `${SOURCE_NOTE} Calls are not counted.`;
	const probe = { probe: "syscall", state: "fallback", variant: "sampled", reason, lost: 0 } as const;
	const health = aHealth({ probes: [probe] });
	const lines = draw("syscalls", aSnapshot({ syscalls: [aSyscall()], health }));
	expect(lines.slice(3, 5)).toEqual(["", " Calls are not counted."]);
	expect(draw("syscalls", aSnapshot({ syscalls: [], health })).slice(3)).toContain(" Calls are not counted.");
	const full = Array.from({ length: 23 }, (_, nr) => aSyscall({ nr, name: `call${nr}` }));
	expect(draw("syscalls", aSnapshot({ syscalls: full, health })).join()).not.toContain("Calls are not counted.");
});

test("a kernel thread has its name in brackets", () => {
	const lines = draw(
		"processes",
		aSnapshot({ processes: [aProcess({ ppid: 0, comm: "kthreadd", args: [], exe: null })] }),
	);
	expect(lines[2]).toContain("[kthreadd]");
});

test.each([
	[{ code: 3, signal: null, oom: false, durationMs: 1500 }, "(exit 3, 1.5s)"],
	[{ code: null, signal: "SIGKILL", oom: true, durationMs: 12 }, "(oom-killed, 12ms)"],
	[{ code: null, signal: "SIGTERM", oom: false, durationMs: null }, "(SIGTERM)"],
	[{ code: null, signal: null, oom: false, durationMs: null }, "(gone)"],
])("how a process ended: %j", (exit, text) => {
	expect(draw("processes", aSnapshot({ processes: [aProcess({ ppid: 0, exit })] }))[2]).toContain(text);
});

test("a system call, with latency where it is measured", () => {
	const latency = { totalNs: 4e9, avgNs: 3_300_000, p50Ns: 800, p99Ns: 12_000_000, maxNs: 1.2e9, buckets: [] };
	const lines = draw("syscalls", aSnapshot({ syscalls: [aSyscall({ errors: 7, errorRate: 0.5, latency })] }));
	expect(lines[1]?.trim().split(/ +/)).toEqual("PID COMM SYSCALL CALL/sv CALLS ERR/s ERRS AVG P50 P99 MAX".split(" "));
	expect(firstRow(lines)).toEqual("812 nginx epoll_wait 10 1.2k 0.5 7 3.3ms 800ns 12ms 1.2s".split(" "));
});

test("a link", () => {
	const lines = draw("ipc", aSnapshot({ ipc: [aLink({ rate: 2048 })] }));
	expect(firstRow(lines)).toEqual("dd 10 cat 11 pipe 2.0K 1.0M 16 never observed pipe:[48122]".split(" "));
});

test("a link without bytes counts messages", () => {
	const lines = draw("ipc", aSnapshot({ ipc: [aLink({ kind: "signal", name: "SIGHUP", rate: 2048, bytes: 0 })] }));
	expect(firstRow(lines)).toEqual("dd 10 cat 11 signal 2.0k 16 never observed SIGHUP".split(" "));
});

test("a file, the end of a long path, and a mark if only the end is known", () => {
	const path = `/srv/${"deep/".repeat(30)}file.log`;
	const lines = draw(
		"files",
		aSnapshot({ files: [aFile({ path, readRate: 1 }), aFile({ path: "…/cut/by/the-kernel", inode: "2" })] }),
	);
	expect(lines[2]).toMatch(/ \+[a-z/]*deep\/file\.log$/);
	expect(lines[3]).toMatch(/ \+\/cut\/by\/the-kernel$/);
});

test("connections: the busiest first, a listener without another end, an orphan without an owner", () => {
	const tcp = [
		aSocket({ pid: 0, comm: "", state: "TIME_WAIT" }),
		aSocket({ role: "listener", state: "LISTEN", localAddress: "::", family: 6, remoteAddress: "::", remotePort: 0 }),
		aSocket({ rxRate: 5, rxBytes: 4096 }),
	];
	const lines = draw("tcp", aSnapshot({ tcp }));
	expect(firstRow(lines)).toEqual(expect.arrayContaining(["ESTAB", "127.0.0.1:80", "127.0.0.1:51544", "5B", "4.0K"]));
	expect(lines.slice(2).join("\n")).toMatch(/LISTEN \*:80 +\*:\*/);
	expect(lines.slice(2).join("\n")).toMatch(/ - .*TIME-W/);
});

test("a wide name keeps the columns in line", () => {
	const lines = draw(
		"ipc",
		aSnapshot({
			ipc: [aLink({ from: { pid: 1, comm: "日本語プロセス名です" } }), aLink({ from: { pid: 1, comm: "plain" } })],
		}),
	);
	const cells = (line = "") =>
		Array.from(line, (character) => (character.charCodeAt(0) > 0x2fff ? "xx" : character)).join("");
	expect(cells(lines[2]).indexOf("cat 11")).toBeGreaterThan(0);
	expect(cells(lines[2]).indexOf("cat 11")).toBe(cells(lines[3]).indexOf("cat 11"));
});
