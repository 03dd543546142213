import { expect, test } from "vitest";
import { diffReceipts } from "../../src/follow/diff.ts";
import { fileOf, processOf, receiptOf, SHELL, socketOf } from "./receipts.ts";

test("different pids, temporary names, ids and ephemeral ports are ignored", () => {
	const run = (pid: number, temporary: string, id: string, port: number) =>
		receiptOf({
			processes: [
				processOf({ pid, startedBy: null }),
				processOf({ pid: pid + 1, comm: "cat", args: ["cat", temporary], startedBy: { pid, comm: "sh" } }),
			],
			files: [
				fileOf({ path: temporary, by: { pid: pid + 1, comm: "cat" } }),
				fileOf({ path: `/proc/${pid}/stat`, by: { pid, comm: "sh" } }),
				fileOf({ path: `/var/lib/eb/${id}`, by: { pid, comm: "sh" } }),
			],
			sockets: [socketOf({ name: `127.0.0.1:${port} > 127.0.0.1:80`, by: { pid, comm: "sh" } })],
		});
	const one = run(100, "/tmp/tmp.aB3dE6", "153c27aa00ff153c", 40_001);
	expect(diffReceipts(one, run(2345, "/tmp/tmp.Zz9yXw", "ffeeddcc00112233", 51_234))).toEqual([]);
});

test("shows what is only in one, and what differs", () => {
	const one = receiptOf({
		processes: [processOf({ startedBy: null }), processOf({ pid: 101, comm: "ls" })],
		files: [fileOf({ path: "/a", writeBytes: 100 }), fileOf({ path: "/b", created: true })],
		sockets: [socketOf({ name: "127.0.0.1:40001 > 10.0.0.1:80" })],
	});
	const other = receiptOf({
		processes: [processOf({ startedBy: null, exit: { code: 7, signal: null } }), processOf({ pid: 101, comm: "ls" })],
		files: [fileOf({ path: "/a", writeBytes: 200 }), fileOf({ path: "/b" })],
		sockets: [socketOf({ name: "127.0.0.1:40001 > 10.0.0.2:80" })],
	});
	expect(diffReceipts(one, other)).toEqual([
		"+ file /b by sh",
		"+ process sh: status 7",
		"+ socket tcp 127.0.0.1:# > 10.0.0.2:80 of sh",
		"- file /b by sh created",
		"- process sh: status 0",
		"- socket tcp 127.0.0.1:# > 10.0.0.1:80 of sh",
		"~ file /a by sh: written 100 and 200 bytes",
	]);
});

test("a few bytes more or less are ignored, one process more is not", () => {
	const run = (bytes: number, children: number) =>
		receiptOf({
			processes: Array.from({ length: children }, (_, at) => processOf({ pid: 200 + at, comm: "true" })),
			files: [fileOf({ path: "/log", writeBytes: bytes, by: SHELL })],
		});
	expect(diffReceipts(run(1000, 2), run(1099, 2))).toEqual([]);
	expect(diffReceipts(run(1000, 2), run(1000, 3))).toEqual(["~ process true: status 0: 2 and 3 times"]);
});
