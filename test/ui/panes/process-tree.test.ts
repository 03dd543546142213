import { expect, test } from "vitest";
import { createMatcher, parseFilter } from "../../../src/model/filter/index.ts";
import type { ProcessRow, Snapshot } from "../../../src/model/snapshot.ts";
import type { Query, Sort } from "../../../src/panes/pane.ts";
import { commandText } from "../../../src/panes/processes/columns.ts";
import { PROCESSES } from "../../../src/panes/processes/index.ts";
import { lineageBlock } from "../../../src/panes/processes/lineage.ts";
import { selectProcesses } from "../../../src/panes/processes/select.ts";
import { childrenOf, treeLines } from "../../../src/panes/processes/tree.ts";
import type { ProcessView } from "../../../src/panes/processes/view.ts";
import { aProcess, aSnapshot } from "../../helpers/snapshots.ts";

const process = (pid: number, ppid: number, comm: string, over: Partial<ProcessRow> = {}) =>
	aProcess({ pid, ppid, comm, args: [comm], user: "root", ...over });

/** systemd ─ sshd ─ bash ─ vim, and cron as a sibling of sshd. */
const snapshot = aSnapshot({
	processes: [
		process(40, 30, "vim"),
		process(1, 0, "systemd"),
		process(30, 20, "bash", { cpuPercent: 50 }),
		process(20, 1, "sshd"),
		process(25, 1, "cron", { cpuPercent: 90 }),
	],
});

function matcherOf(text: string, of: Snapshot) {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return createMatcher(parsed.filter, of);
}

function shown(
	over: Partial<Pick<ProcessView, "shape" | "hidesKernel">> & {
		filter?: string;
		sort?: Sort;
		folded?: readonly string[];
	} = {},
) {
	const { filter, shape = "tree", hidesKernel = false, sort = { key: "pid", isReversed: false } } = over;
	const asked: Query<ProcessView> = {
		matcher: filter === undefined ? null : matcherOf(filter, snapshot),
		linkedPids: null,
		sort,
		view: { shape, hidesKernel, folded: new Set(over.folded) },
	};
	return selectProcesses(snapshot, asked)
		.slice()
		.map(({ row, prefix, isContext }) => `${isContext ? "~" : ""}${prefix}${row.comm}`);
}

test("the tree shows which process started which", () => {
	expect(shown()).toEqual(["systemd", "|-sshd", "| `-bash", "|   `-vim", "`-cron"]);
});

test("a reparented process stays with its starter, and is marked", () => {
	const processes = [
		...snapshot.processes,
		process(41, 1, "daemon", { starter: { pid: 39, comm: "sh" }, shownUnder: 30 }),
	];
	const children = childrenOf([...processes].sort((a, b) => a.pid - b.pid));
	expect(treeLines(children).map(({ row, prefix }) => prefix + row.comm)).toEqual([
		"systemd",
		"|-sshd",
		"| `-bash",
		"|   |-vim",
		"|   `~daemon",
		"`-cron",
	]);
});

test("the details have the line of its ancestors, including those that are gone", () => {
	const gone = {
		pid: 39,
		start: "2",
		comm: "sh",
		exe: null,
		args: ["sh", "-c", "daemon &"],
		starter: { pid: 30, comm: "bash" },
	};
	const older = { ...gone, start: "1", comm: "other", starter: null };
	const row = process(41, 1, "daemon", { start: "3", exe: "/bin/d", starter: { pid: 39, comm: "sh" }, shownUnder: 30 });
	const bash = process(30, 20, "bash", { start: "1", exe: "/bin/bash" });
	const fork = process(42, 41, "daemon", {
		start: "4",
		exe: "/bin/d",
		args: ["daemon"],
		starter: { pid: 41, comm: "daemon" },
	});
	const line = (of: ProcessRow, ancestors: Snapshot["ancestors"]) => {
		const block = lineageBlock(of, aSnapshot({ processes: [row, bash, fork], ancestors }));
		return block.kind === "table" ? block.rows : [];
	};
	expect(line(fork, [older, gone])).toEqual([
		["42", "daemon", "", "fork", "daemon"],
		["41", "daemon", "", "fork, exec", "daemon"],
		["39", "sh", "gone", "fork, exec", "sh -c daemon &"],
		["30", "bash", "", "not seen", "bash"],
	]);
	expect(line(row, [])).toEqual([
		["41", "daemon", "", "fork", "daemon"],
		["39", "sh", "gone", "", "(not kept)"],
	]);
});

test("a line of more than 64 ancestors says that there are more", () => {
	const started = (pid: number) =>
		process(pid, pid - 1, `eb-${pid}`, { start: String(pid), starter: { pid: pid - 1, comm: `eb-${pid - 1}` } });
	const processes = Array.from({ length: 65 }, (_, index) => started(2 + index)).concat(
		process(1, 0, "systemd", { start: "1", starter: null }),
	);
	const line = (pid: number) => {
		const block = lineageBlock(started(pid), aSnapshot({ processes }));
		return block.kind === "table" ? block.rows : [];
	};
	expect(line(64)).toHaveLength(64);
	expect(line(64).at(-1)).toEqual(["1", "systemd", "", "not seen", "systemd"]);
	expect(line(65)).toHaveLength(65);
	expect(line(65).slice(-2)).toEqual([
		["2", "eb-2", "", "fork, exec", "eb-2"],
		["…", "", "", "", "(more ancestors)"],
	]);
});

test("siblings are in sort order", () => {
	expect(shown({ sort: { key: "cpu", isReversed: false } })).toEqual([
		"systemd",
		"|-cron",
		"`-sshd",
		"  `-bash",
		"    `-vim",
	]);
});

test("by container, each container is a tree of its own, and the machine comes last", () => {
	const inside = (name: string) => ({ container: { runtime: "podman", id: name.repeat(2), name, image: null } });
	const rows = [
		process(1, 0, "systemd"),
		process(2, 1, "conmon"),
		process(5, 1, "conmon"),
		process(6, 5, "web", inside("web")),
		process(3, 2, "db", inside("db")),
		process(7, 6, "worker", inside("web")),
		process(8, 6, "exec", inside("db")),
	];
	const view = { shape: "by container", hidesKernel: false, folded: new Set<string>() } as const;
	const sort = { key: "pid", isReversed: false };
	const lines = selectProcesses(aSnapshot({ processes: rows }), { matcher: null, linkedPids: null, sort, view });
	expect(lines.slice().map(({ row, prefix }) => prefix + row.comm)).toEqual([
		...["db", "exec"],
		...["web", "`-worker"],
		...["systemd", "|-conmon", "`-conmon"],
	]);
});

test("by unit, each unit or container is a tree of its own, even if two have one name; what has none comes last", () => {
	const web = { runtime: "podman", id: "ab12", name: "web", image: null };
	const rows = [
		process(1, 0, "systemd", { cgroup: "/init.scope" }),
		process(2, 1, "sshd", { cgroup: "/system.slice/ssh.service" }),
		process(3, 2, "shell", { cgroup: "/user.slice/session-3.scope" }),
		process(4, 3, "vim", { cgroup: "/user.slice/session-3.scope/deeper" }),
		process(5, 1, "one", { cgroup: "/user.slice/a.slice/app.service" }),
		process(6, 5, "two", { cgroup: "/user.slice/b.slice/app.service" }),
		process(7, 1, "serve", { cgroup: "/machine.slice/x.scope", container: web }),
		process(8, 1, "none", { cgroup: "/" }),
	];
	const view = { shape: "by unit", hidesKernel: false, folded: new Set<string>() } as const;
	const sort = { key: "pid", isReversed: false };
	const lines = selectProcesses(aSnapshot({ processes: rows }), { matcher: null, linkedPids: null, sort, view });
	expect(lines.slice().map(({ row, prefix }) => prefix + row.comm)).toEqual([
		...["one", "two"],
		...["systemd"],
		...["shell", "`-vim"],
		...["sshd", "serve", "none"],
	]);
	expect(PROCESSES.shownColumns(view).map(({ key }) => key)).toContain("unit");
});

test("a folded row sums up all below it and shows how many; a filter unfolds it", () => {
	const idOf = (pid: number) => PROCESSES.id(snapshot.processes.find((row) => row.pid === pid) as never);
	expect(shown({ folded: [idOf(20)] })).toEqual(["systemd", "|+ [2] sshd", "`-cron"]);
	expect(shown({ folded: [idOf(1), idOf(20)] })).toEqual(["+ [4] systemd"]);
	expect(shown({ folded: [idOf(40)] })).toEqual(shown());
	expect(shown({ folded: [idOf(1)], shape: "flat" })).toHaveLength(5);
	expect(shown({ folded: [idOf(20)], filter: "comm = bash" })).toContain("  `-bash");
});

test("flat, the sort orders all", () => {
	expect(shown({ shape: "flat", sort: { key: "cpu", isReversed: false } }).slice(0, 2)).toEqual(["cron", "bash"]);
	expect(shown({ shape: "flat", sort: { key: "pid", isReversed: true } })[0]).toBe("vim");
});

test("the filter keeps the ancestors of a match as context, and all its descendants", () => {
	expect(shown({ filter: "comm = bash" })).toEqual(["~systemd", "~`-sshd", "  `-bash", "    `-vim"]);
	expect(shown({ filter: "pid = 25" })).toEqual(["~systemd", "`-cron"]);
	expect(shown({ filter: "comm = nobody" })).toEqual([]);
});

test("flat, the filter keeps matches and what is below them", () => {
	expect(shown({ filter: "comm = bash", shape: "flat" })).toEqual(["bash", "vim"]);
});

test("link mode follows a process and all below it", () => {
	const followed = (pid: number) => PROCESSES.followed?.(process(pid, 1, "eb"), snapshot) ?? [];
	expect([...followed(20)].toSorted()).toEqual([20, 30, 40]);
	expect([...followed(25)]).toEqual([25]);
});

test("the tree of kernel threads is below all others", () => {
	const rows = [process(2, 0, "kthreadd"), process(3, 2, "kworker"), process(9, 0, "eb-init")];
	const query = { matcher: null, linkedPids: null, sort: { key: "pid", isReversed: false } };
	const lines = selectProcesses(aSnapshot({ processes: rows }), {
		...query,
		view: { shape: "tree", hidesKernel: false, folded: new Set() },
	});
	expect(lines.slice().map((line) => line.row.comm)).toEqual(["eb-init", "kthreadd", "kworker"]);
});

test.each([
	[["/usr/sbin/nginx", "-g", "x"], "nginx -g x"],
	[["nginx: master process /usr/sbin/nginx"], "nginx: master process /usr/sbin/nginx"],
	[["/usr/lib/postgresql/16/bin/postgres -D /var/lib"], "postgres -D /var/lib"],
	[["-bash"], "-bash"],
	[[""], ""],
])("the command of %j has its program without the folder", (args, text) => {
	expect(commandText(process(9, 1, "eb", { args }))).toBe(text);
});

test("a process whose parent is not visible is at the top", () => {
	const lines = treeLines(childrenOf([process(7, 6, "orphan"), process(8, 7, "child")]));
	expect(lines.map((line) => line.prefix + line.row.comm)).toEqual(["orphan", "`-child"]);
});

test("a chain of 10,000 parents is drawn", () => {
	const chain = Array.from({ length: 10_000 }, (_, at) => process(at + 1, at, `eb-${at}`));
	expect(treeLines(childrenOf(chain))).toHaveLength(10_000);
});

test("children of a reused pid are not drawn twice while its old process is still shown", () => {
	const gone = process(20, 1, "old", { start: "1", exit: { code: 0, signal: null, oom: false, durationMs: 1 } });
	const lines = treeLines(childrenOf([...snapshot.processes, gone]));
	expect(lines).toHaveLength(6);
	expect(lines.filter((line) => line.row.comm === "bash")).toHaveLength(1);
});

test("kernel threads are hidden, and programs that some of them started stay", () => {
	const processes = [
		process(1, 0, "init"),
		process(2, 0, "kthreadd", { exe: null, args: [] }),
		process(3, 2, "kworker/0", { exe: null, args: [] }),
		process(4, 2, "modprobe", { exe: "/sbin/modprobe" }),
	];
	const names = (of: readonly ProcessRow[], hidesKernel: boolean) =>
		selectProcesses(aSnapshot({ processes: of }), {
			matcher: null,
			linkedPids: null,
			sort: { key: "pid", isReversed: false },
			view: { shape: "tree", hidesKernel, folded: new Set() },
		})
			.slice()
			.map(({ row }) => row.comm);
	expect(names(processes, false)).toEqual(["init", "kthreadd", "kworker/0", "modprobe"]);
	expect(names(processes, true)).toEqual(["init", "modprobe"]);
	const inContainer = [
		process(1, 0, "init"),
		process(2, 1, "sh", { exe: null, args: [] }),
		process(3, 2, "x", { exe: null, args: [] }),
	];
	expect(names(inContainer, true)).toEqual(["init", "sh", "x"]);
});
