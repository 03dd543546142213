import { expect, test } from "vitest";
import { hostNamed } from "../../src/hosts/host.ts";
import { HostRows, withOwnPids } from "../../src/hosts/host-rows.ts";
import { ownPid, pidOnHost } from "../../src/model/host-pids.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { blankRow } from "../helpers/blank-row.ts";
import { aLink, anEvent, aProcess, aSnapshot } from "../helpers/snapshots.ts";

test("the largest pid of the last machine is a number of 32 bits, and no pid is another machine's", () => {
	const last = 2 ** 22 - 1;
	expect(pidOnHost(63, last)).toBeLessThan(2 ** 32);
	expect(pidOnHost(0, last)).toBeLessThan(pidOnHost(1, 1));
	expect(ownPid(pidOnHost(63, last))).toBe(last);
	// What a kernel cannot have stays among the pids of who sent it.
	expect(pidOnHost(1, 5 * 2 ** 22 + 7)).toBe(pidOnHost(1, 7));
	expect(pidOnHost(5, 0)).toBe(0);
});

test("every pid of a row is of its machine, at any depth, and printed as it is there", () => {
	const rows = new HostRows("b", 1);
	const on = (pid: number) => pidOnHost(1, pid);
	const process = aProcess({ pid: 812, ppid: 1, nsPid: 7, starter: { pid: 5, comm: "sh" } });
	const fork = anEvent({ type: "fork", pid: 5, data: { childPid: 6, childTid: 6 } as never });
	const container = { ...blankRow<Snapshot["containers"][number]>("ContainerRow"), pids: [5, 6] };
	const link = aLink({ from: { pid: 10, comm: "dd" }, to: { pid: 0, comm: "other" } });
	const snapshot = aSnapshot({
		hosts: [],
		processes: rows.of("processes", [process]),
		events: rows.of("events", [fork]),
		containers: rows.of("containers", [container]),
		ipc: rows.of("ipc", [link]),
	});
	expect(snapshot.processes).toMatchObject([
		{ host: "b", pid: on(812), ppid: on(1), shownUnder: on(1), nsPid: on(7), starter: { pid: on(5) }, uid: 33 },
	]);
	expect(snapshot.events).toMatchObject([{ host: "b", pid: on(5), data: { childPid: on(6) } }]);
	expect(snapshot.containers).toMatchObject([{ host: "b", pids: [on(5), on(6)] }]);
	expect(snapshot.ipc).toMatchObject([{ host: "b", from: { host: "b", pid: on(10) }, to: { host: "b", pid: 0 } }]);
	const printed = withOwnPids(snapshot);
	expect(printed.processes).toEqual([{ ...process, host: "b" }]);
	expect(printed.events).toEqual([{ ...fork, host: "b" }]);
	expect(printed.ipc).toMatchObject([{ from: { pid: 10, host: "b" }, to: { pid: 0, host: "b" } }]);
});

test("a row that did not change stays the same object", () => {
	const rows = new HostRows("a", 0);
	const list = [aProcess()];
	expect(rows.of("processes", [...list])[0]).toBe(rows.of("processes", list)[0]);
});

test.each([
	["web1", "web1"],
	["root@web1.example.org", "web1.example.org"],
	["ssh://me@web1:2222", "web1:2222"],
	["fe80::1%eth0", "fe80::1%eth0"],
])("%s is the machine %s", (text, name) => {
	expect(hostNamed(text)).toEqual({ name, destination: text });
});

test.each([
	"",
	"-oProxyCommand=reboot",
	"a b",
	"a;reboot",
	"root@",
	"@web1",
	"root@-x",
	"$(reboot)",
	"web\u001b[31m",
	"x".repeat(256),
])("%j is no machine", (text) => {
	expect(hostNamed(text)).toBeNull();
});
