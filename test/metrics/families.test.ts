import { expect, test } from "vitest";
import { Families } from "../../src/metrics/families.ts";
import { unitOf } from "../../src/model/names/units.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { aProcess, aSnapshot } from "../helpers/snapshots.ts";

const shown = (family: Iterable<{ labels: readonly string[]; counters: number[]; gauges: number[] }>) =>
	Object.fromEntries([...family].map(({ labels, counters, gauges }) => [labels.join(" "), [...counters, ...gauges]]));

const syscall = (pid: number, comm: string, count: number, errors = 0) =>
	({ pid, comm, nr: 0, name: "read", count, rate: 0, errors, errorRate: 0, latency: null }) as const;

function after(...snapshots: Partial<Snapshot>[]): Families {
	const families = new Families();
	for (const [seq, over] of snapshots.entries()) families.add(aSnapshot({ seq, intervalMs: 1000, ...over }));
	return families;
}

test("processes of one program and unit are one series", () => {
	const unit = { cgroup: "/system.slice/eb.service/sub", readRate: 11, writeRate: 3, rssBytes: 100, cpuPercent: 50 };
	const threadsAndStates = [6, 0, 2, 0, 0, 0];
	const processes = [1, 2].map((pid) => aProcess({ pid, ppid: 1, comm: "eb-web", threads: 3, state: "S", ...unit }));
	const families = after({ processes }, { processes });
	expect(shown(families.processes)).toEqual({ "eb-web eb.service": [2, 44, 12, 200, 2, ...threadsAndStates] });
});

test("threads of the kernel are one program", () => {
	const thread = (pid: number) =>
		aProcess({ pid, ppid: 2, comm: `kworker/${pid}`, cgroup: "/", cpuPercent: 10, exe: null, args: [] });
	const [series] = [...after({ processes: [thread(3), thread(4)] }).processes];
	expect(series?.labels).toEqual(["kernel", ""]);
});

test("calls are the growth of totals, also for a process with a reused pid", () => {
	const families = after(
		{ syscalls: [syscall(1, "eb-a", 5, 1), syscall(2, "eb-a", 7)] },
		{ syscalls: [syscall(1, "eb-a", 9, 1)] },
		{ syscalls: [syscall(1, "eb-a", 9, 1), syscall(2, "eb-a", 3)] },
		{ syscalls: [syscall(1, "eb-a", 2)] },
	);
	expect(shown(families.syscalls)).toEqual({ "eb-a read": [5 + 7 + 4 + 3 + 2, 1, 0] });
});

test("the exit of a process counts once, however long its row stays", () => {
	const gone = (pid: number, over: object) =>
		aProcess({ pid, comm: "eb-a", exit: { code: 0, signal: null, oom: false, durationMs: 1, ...over } });
	const processes = [
		gone(101, {}),
		gone(102, { code: null, signal: "SIGTERM" }),
		gone(103, { signal: "SIGKILL", oom: true }),
	];
	const families = after({ processes }, { processes }, { processes: [] }, { processes: [gone(104, {})] });
	expect(families.machine.oomKills).toBe(1);
	expect(shown(families.exits)).toEqual({ "eb-a exit": [2], "eb-a signal": [1], "eb-a oom": [1] });
});

test("a unit is the innermost one, a container by its name", () => {
	const container = { runtime: "podman", id: "713e7c56aabb0", name: "web", image: null };
	expect(unitOf({ container: null, cgroup: "/user.slice/user-0.slice/session-3.scope" })).toBe("session-3.scope");
	expect(unitOf({ container: null, cgroup: "/eb" })).toBe("");
	expect(unitOf({ container, cgroup: "/machine.slice/x.scope" })).toBe("web");
	expect(unitOf({ container: { ...container, name: null }, cgroup: null })).toBe("713e7c56aabb");
});
