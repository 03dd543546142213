import { describe, expect, it } from "vitest";
import { FIELDS } from "../../../src/model/filter/fields.ts";
import { createMatcher, type Matcher, parseFilter } from "../../../src/model/filter/index.ts";
import { createListTest } from "../../../src/model/filter/list-test.ts";
import { rememberLongTexts } from "../../../src/model/filter/long-texts.ts";
import { compileRegex } from "../../../src/model/filter/regex.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { aSnapshot } from "../../helpers/snapshots.ts";
import { fileRow, ipcRow, processRow, syscallRow, tcpRow } from "./rows.ts";

function matcherOf(text: string, snapshot: Snapshot): Matcher {
	const result = parseFilter(text);
	if (!result.ok) throw new Error(`${text}: ${result.message} (column ${result.column})`);
	return createMatcher(result.filter, snapshot);
}

const podman = { runtime: "podman", id: "713e7c56aabbccddeeff", name: "web", image: null };
const machine = aSnapshot({
	processes: [
		processRow({
			pid: 10,
			comm: "nginx",
			args: ["nginx", "-g", "daemon off;"],
			uid: 33,
			user: "www-data",
			txRate: 2048,
		}),
		processRow({ pid: 11, ppid: 10, comm: "php", exe: "/usr/bin/php8", uid: 1000, user: null, container: podman }),
		processRow({ pid: 12, comm: "e\\x1bvil", state: "R", cgroup: "/user.slice" }),
		processRow({ pid: 13, comm: "gone", exit: { code: 0, signal: null, oom: false, durationMs: 3 } }),
		processRow({ pid: 13, comm: "reborn", uid: 7, user: "lp" }),
	],
	syscalls: [
		syscallRow({ pid: 10, comm: "nginx", name: "read", errors: 5 }),
		syscallRow({ pid: 11, comm: "php", name: "openat", rate: 3000 }),
	],
	files: [
		fileRow({ pid: 10, comm: "nginx", path: "/etc/nginx.conf", readBytes: 100 }),
		fileRow({ pid: 11, comm: "php", path: "/srv/a b(1)", type: "fifo", writeBytes: 20 * 1024 ** 2 }),
		fileRow({ pid: 13, comm: "reborn", path: "/tmp/x" }),
	],
	ipc: [ipcRow({ kind: "unix-stream", name: "@bus", from: { pid: 10, comm: "nginx" }, to: { pid: 11, comm: "php" } })],
	tcp: [
		tcpRow({ pid: 10, comm: "nginx", remoteAddress: "10.0.0.7", remotePort: 4444 }),
		tcpRow({ pid: 0, comm: "", state: "TIME_WAIT", localPort: 22 }),
	],
});

/** The pids of processes and files, names of system calls and so on that match `text`. */
function left(text: string) {
	const matcher = matcherOf(text, machine);
	return {
		processes: machine.processes.filter((row) => matcher.processes(row)).map((row) => row.comm),
		syscalls: machine.syscalls.filter((row) => matcher.syscalls(row)).map((row) => row.name),
		files: machine.files.filter((row) => matcher.files(row)).map((row) => row.pid),
		ipc: machine.ipc.filter((row) => matcher.ipc(row)).length,
		tcp: machine.tcp.filter((row) => matcher.tcp(row)).map((row) => row.pid),
	};
}

describe("processes", () => {
	const cases: [text: string, comms: string[]][] = [
		["10", ["nginx"]],
		["pid >= 12", ["e\\x1bvil", "gone", "reborn"]],
		["ng", ["nginx"]],
		["'daemon OFF'", []],
		["'daemon off'", ["nginx"]],
		["NGINX", []],
		["args = -g", ["nginx"]],
		["exe ~ php\\d$", ["php"]],
		["user = www-data", ["nginx"]],
		["user = 1000 or uid = 7", ["php", "reborn"]],
		["container = web", ["php"]],
		["container = 713e7c56aabb", ["php"]],
		["not container ~ . and pid < 12", ["nginx"]],
		["state = R", ["e\\x1bvil"]],
		["cgroup ~ ^/user", ["e\\x1bvil"]],
		["comm = 'e\\x1bvil'", ["e\\x1bvil"]],
		["comm = 'e\x1bvil'", ["e\\x1bvil"]],
		["comm ~ ^e.vil$", ["e\\x1bvil"]],
		["rate > 1.9K", ["nginx"]],
		["duration < 4ms", ["gone"]],
		["ppid = 10 or comm = nginx and pid = 99", ["php"]],
		["(ppid = 10 or comm = nginx) and pid = 99", []],
	];
	it.each(cases)("%s", (text, comms) => {
		expect(left(text).processes).toEqual(comms);
	});
});

describe("a process is also found by its rows", () => {
	const cases: [text: string, comms: string[]][] = [
		["port = 80", ["nginx"]],
		["path ~ ^/etc and addr = 10.0.0.7", ["nginx"]],
		["syscall = openat", ["php"]],
		["errors > 4", ["nginx"]],
		["bytes > 10M", ["php"]],
		["peer = php", ["nginx"]],
		["peer = nginx", ["php"]],
		["kind = fifo", ["php"]],
	];
	it.each(cases)("%s", (text, comms) => {
		expect(left(text).processes).toEqual(comms);
	});
});

describe("rows are judged by their own fields, then by their process's", () => {
	it("narrows every kind of row to the processes of a user", () => {
		expect(left("user = www-data")).toEqual({
			processes: ["nginx"],
			syscalls: ["read"],
			files: [10],
			ipc: 1,
			tcp: [10],
		});
	});
	it("prefers the live one of two processes with the same pid", () => {
		expect(left("user = lp").files).toEqual([13]);
		expect(left("comm = gone").files).toEqual([]);
	});
	it("keeps only the files that match themselves", () => {
		expect(left("path = '/srv/a b(1)'").files).toEqual([11]);
		expect(left("path ~ (1)$").files).toEqual([]);
		expect(left("path ~ \\(1\\)$").files).toEqual([11]);
	});
	it("sees both ends of a link and of a connection", () => {
		expect(left("11").ipc).toBe(1);
		expect(left("container = web").ipc).toBe(1);
		expect(left("path = @bus").ipc).toBe(1);
		expect(left("port = 4444").tcp).toEqual([10]);
		expect(left("peer = 10.0.0.7:4444").tcp).toEqual([10]);
	});
	it("keeps rows without a value only on request", () => {
		expect(left("user = root").tcp).toEqual([]);
		expect(left("user != root").tcp).toEqual([10, 0]);
		expect(left("state = TIME_WAIT").tcp).toEqual([0]);
	});
});

it("not X keeps exactly what X does not, and `and`/`or` are intersection and union", () => {
	const parts = ["pid > 10", "user = root", "port = 80", "path ~ e", "kind != fifo", "rate < 10K", "comm !~ n"];
	const judge = (text: string): boolean[] => {
		const matcher = matcherOf(text, machine);
		return [
			...machine.processes.map((row) => matcher.processes(row)),
			...machine.files.map((row) => matcher.files(row)),
			...machine.tcp.map((row) => matcher.tcp(row)),
			...machine.ipc.map((row) => matcher.ipc(row)),
		];
	};
	for (const a of parts) {
		expect(judge(`not ${a}`)).toEqual(judge(a).map((isMatch) => !isMatch));
		for (const b of parts) {
			const [left, right] = [judge(a), judge(b)];
			expect(judge(`${a} and ${b}`)).toEqual(left.map((isMatch, at) => isMatch && right[at]));
			expect(judge(`${a} or ${b}`)).toEqual(left.map((isMatch, at) => isMatch || right[at]));
		}
	}
});

describe("a regular expression takes time linear in the text", () => {
	const args = (text: string) => aSnapshot({ processes: [processRow({ pid: 10, args: ["sh", "-c", text] })] });
	it.each([
		["(a+)+$", `${"a".repeat(40)}!`],
		["(a|a)*b", "a".repeat(100_000)],
		[".*.*.*=x", "a".repeat(20_000)],
		["a.*b", "a".repeat(100_000)],
		["(x+x+)+y", "x".repeat(100_000)],
	])("%s", (pattern, text) => {
		const snapshot = args(text);
		const matcher = matcherOf(`args ~ "${pattern}"`, snapshot);
		expect(snapshot.processes.map(matcher.processes)).toEqual([false]);
	});
	it("and matches if JavaScript's own does", () => {
		const patterns = [
			"^/etc/",
			"log$",
			"a.*b",
			"[a-z]+\\d{2}",
			"(foo|bar)+",
			"\\.conf\\b",
			"x?y*z+",
			"[^/]+$",
			"\\w\\-\\w",
		];
		const texts = ["/etc/a-b.conf", "/var/x.log", "ab12", "foobarz", "a\nb", "yyz é", "", "/"];
		for (const pattern of patterns) {
			const own = new RegExp(pattern);
			const found = texts.map((text) => compileRegex(pattern)(text));
			expect(found, pattern).toEqual(texts.map((text) => own.test(text)));
		}
	});
});

it("a command line is matched once, whatever else of its process changes", () => {
	let judged = 0;
	const test = createListTest(FIELDS.args, (value) => {
		judged++;
		return value === "nginx -g";
	});
	const args = ["nginx", "-g"];
	expect([test(args), test(args), judged]).toEqual([true, true, 1]);
	expect([test(["nginx"]), test(["nginx"])]).toEqual([false, false]);
	expect(judged).toBe(5);
	expect([createListTest(FIELDS.comm, (value) => value === "b")(["a", "b"])]).toEqual([true]);
});

it("a long text is matched once, a short one each time", () => {
	let judged = 0;
	const test = rememberLongTexts((text) => {
		judged++;
		return text.endsWith("!");
	});
	const texts = [`${"a".repeat(300)}!`, "b".repeat(300), "short!"];
	const answers = () => texts.map(test);
	expect(answers()).toEqual([true, false, true]);
	expect(judged).toBe(3);
	expect(answers()).toEqual([true, false, true]);
	expect(judged).toBe(4);
});
