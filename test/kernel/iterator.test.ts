/** The iterators find the same as /proc, and recover what was lost. */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

let session: LiveSession | null = null;
let workload: Workload | null = null;
afterEach(async () => {
	session?.close();
	await workload?.end();
	session = workload = null;
});

/** Parent and start of a process by its stat, "1 4711"; null when it is gone. */
function kinOf(pid: number): string | null {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, "utf8");
		const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
		return `${fields[1]} ${fields[19]}`;
	} catch {
		return null;
	}
}

const pidsInProc = () => readdirSync("/proc").map(Number).filter(Number.isInteger);
const tickNs = 10_000_000;

describeLive("iterators", () => {
	test("all processes of /proc are there at once, with parent, start, threads, user and memory", () => {
		const before = new Map(pidsInProc().map((pid) => [pid, kinOf(pid)]));
		const rssBefore = process.memoryUsage.rss();
		session = new LiveSession({ concerns: ["process"] });
		const { first } = session;
		const kinOfRow = (pid: number) => {
			const row = processIn(first, pid);
			return row ? `${row.ppid} ${Math.floor(Number(row.start) / tickNs)}` : "no row";
		};
		// Meanwhile others may end, get a new parent, or reuse a pid.
		const lasting = [...before].filter(([pid, kin]) => kin !== null && kinOf(pid) === kin);
		expect(lasting.length).toBeGreaterThan(10);
		expect(lasting.map(([pid]) => [pid, kinOfRow(pid)])).toEqual(lasting);
		const own = processIn(session.first, process.pid);
		expect(own).toMatchObject({
			uid: process.getuid?.(),
			gid: process.getgid?.(),
			exe: readlinkSync("/proc/self/exe"),
		});
		expect(own?.args).toEqual(readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1));
		// The time of opening and the first refresh lies between the two.
		expect(own?.rssBytes).toBeGreaterThan(rssBefore * 0.8);
		expect(own?.rssBytes).toBeLessThan(process.memoryUsage.rss() * 1.2);
		const namespace = (name: string) => Number(/\d+/.exec(readlinkSync(`/proc/self/ns/${name}`))?.[0]);
		for (const name of ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"] as const)
			expect(own?.namespaces[name]).toBe(namespace(name));
	});

	test("all open descriptors of a process are there, with their inodes", () => {
		session = new LiveSession({ concerns: ["ipc"] });
		const pid = process.pid;
		const held = session
			.records(wire.WireType.OBJECT)
			.filter((view) => wire.headPid(view, 0) === pid && wire.objectHow(view, 0) === wire.WireHow.HELD);
		const inodes = new Set(held.map((view) => view.getBigUint64(wire.WIRE_FIELDS.wire_object.ino.at, true)));
		for (const fd of readdirSync("/proc/self/fd")) {
			const link = (() => {
				try {
					return readlinkSync(`/proc/self/fd/${fd}`);
				} catch {
					return "";
				}
			})();
			const inode = /^(?:pipe|socket):\[(\d+)\]$/.exec(link)?.[1];
			if (inode !== undefined) expect(inodes).toContain(BigInt(inode));
		}
		expect(inodes.size).toBeGreaterThan(5);
	});

	test("after losses the next refresh is complete again", async () => {
		session = new LiveSession({ concerns: ["process"], capacity: { ringBytes: 4096 }, beatMs: null });
		const storm = new Workload("process", ["storm"]); // fills the ring, which nothing drains
		await storm.ready("eb-storm");
		await storm.work("eb-storm");
		await storm.end();
		workload = new Workload("process", ["tree"]);
		const names = Array.from({ length: 23 }, (_, index) => `eb-deep${index + 1}`);
		await workload.ready(...names);
		let snapshot = session.refresh();
		snapshot = session.refresh();
		expect(snapshot.health.records.lost).toBeGreaterThan(0);
		for (const [index, name] of names.entries()) {
			const row = processIn(snapshot, workload.pid(name));
			expect(row).toMatchObject({ comm: name, args: [expect.stringContaining("process"), "tree"], exit: null });
			if (index > 0) expect(row?.ppid).toBe(workload.pid(names[index - 1] as string));
		}
		await workload.end();
		workload = null;
		await session.until(
			"their ends",
			(now) =>
				now.processes.every((row) => !row.comm.startsWith("eb-deep") || row.exit !== null || row.state === "X") && now,
		);
	});

	test("a concern that is not wanted has no passes", () => {
		session = new LiveSession({ concerns: ["syscall"] });
		session.refresh();
		const kinds = session.records(wire.WireType.PASS).map((view) => wire.passKind(view, 0));
		expect(new Set(kinds)).toEqual(new Set([wire.WirePassKind.PROCESSES]));
	});
});
