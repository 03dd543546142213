/** Names of containers from their monitors, and not from processes that only pretend to be one. */

import { describe, expect, test } from "vitest";
import type { LiveContainer } from "../../src/model/tables/process/names.ts";
import { containerRecord } from "../../src/model/wire/container-record.ts";
import { WireNameKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const id = "713e7c56aabb".padEnd(64, "0");
const monitor = { pid: 100, start: 1_000_000_000n };
const runtime = { pid: 101, start: 2_000_000_000n };
const first = { pid: 102, start: 3_000_000_000n };
const second = { pid: 103, start: 4_000_000_000n };
const CONTAINER = 7;

const conmon = (name: string, its = id) => ["/usr/bin/conmon", "--api-version", "1", "-c", its, "-u", its, "-n", name];

class Machine extends Scenario {
	constructor() {
		super();
		const text = `podman\0${id}`;
		this.add(
			record(
				WireType.NAME,
				"wire_name",
				this.head(),
				{ id: CONTAINER, kind: WireNameKind.CONTAINER, len: text.length },
				text,
			),
		);
	}

	run(who: typeof monitor, ppid: number, cgroup: number, args: readonly string[] = ["eb-work"]): this {
		this.process(who, { ppid, cgroup }).exec(who, "eb-work", "/bin/eb-work", [...args]);
		return this;
	}

	names(): Record<number, string | null | undefined> {
		return Object.fromEntries(this.tick().processes.map(({ pid, container }) => [pid, container?.name]));
	}
}

test("all processes of a container have the name that its monitor has, with the runtime in between or not", () => {
	const machine = new Machine().run(monitor, 1, 1, conmon("web"));
	machine.run(runtime, 100, 1, ["runc", "create", id]).run(first, 101, CONTAINER).run(second, 102, CONTAINER);
	expect(machine.names()).toEqual({ 100: undefined, 101: undefined, 102: "web", 103: "web" });
	const direct = new Machine().run(monitor, 1, 1, conmon("web")).run(first, 100, CONTAINER);
	expect(direct.names()).toMatchObject({ 102: "web" });
});

test.each([
	["a stranger", new Machine().run(monitor, 1, 1, conmon("evil")).run(first, 1, CONTAINER)],
	[
		"the monitor of another container",
		new Machine().run(monitor, 1, 1, conmon("evil", "a".repeat(64))).run(first, 100, CONTAINER),
	],
	["a process in the container", new Machine().run(first, 1, CONTAINER, conmon("evil")).run(second, 102, CONTAINER)],
	[
		"who has the pid of the parent by now",
		new Machine().run({ pid: 100, start: 9_000_000_000n }, 1, 1, conmon("evil")).run(first, 100, CONTAINER),
	],
	[
		"a program of another name",
		new Machine().run(monitor, 1, 1, ["/bin/conmon2", ...conmon("evil").slice(1)]).run(first, 100, CONTAINER),
	],
	["a monitor without a name", new Machine().run(monitor, 1, 1, ["conmon", "-c", id, "-n"]).run(first, 100, CONTAINER)],
])("%s gives no name", (_, machine) => {
	expect(machine.names()).toMatchObject({ 102: null });
	expect(machine.model.liveContainers()).toMatchObject([{ key: String(CONTAINER), runtime: "podman", id, name: null }]);
});

test("the nearest monitor counts, not one further up", () => {
	const machine = new Machine().run({ pid: 99, start: 5n }, 1, 1, conmon("evil"));
	machine.run(monitor, 99, 1, conmon("web")).run(first, 100, CONTAINER);
	expect(machine.names()).toMatchObject({ 102: "web" });
});

/** Rootless podman with cgroup v1, or --cgroups=disabled: the container has no cgroup of its own. */
describe("without a cgroup of its own", () => {
	const OUTSIDE = { ns_pid: 1, ns_user: 2 };
	const inside = (nsPid: number, userNamespace = 4) => ({ ns_tgid: nsPid, ns_pid: 3, ns_user: userNamespace });
	const container = { runtime: "podman", id, name: "web", image: null };
	const machineOf = (args: string[], member: object) =>
		new Machine()
			.process(monitor, { ppid: 1, cgroup: 1, ns_tgid: 100, ...OUTSIDE })
			.process(first, { ppid: 100, cgroup: 1, ...member })
			.exec(monitor, "conmon", "/usr/bin/conmon", args);
	const containersIn = (machine: Scenario) =>
		Object.fromEntries(machine.tick().processes.map((row) => [row.pid, row.container]));

	test("the processes below a monitor in another pid namespace are a container, and what they start", () => {
		const machine = machineOf(conmon("web"), inside(1)).process(second, { ppid: 102, cgroup: 1, ...inside(2) });
		const snapshot = machine.tick();
		expect(snapshot.processes.map((row) => [row.pid, row.container])).toEqual([
			[100, null],
			[102, container],
			[103, container],
		]);
		expect(snapshot.containers).toMatchObject([{ id, name: "web", pids: [102, 103], processes: 2 }]);
		const [live] = machine.model.liveContainers();
		expect(live).toMatchObject({ ...container, monitor: { pid: 100 } });
		const found = { ...container, name: "shop", image: "eb-image" };
		const told = (its: string) => containerRecord(live as LiveContainer, `podman\0${its}\0shop\0eb-image`);
		machine.add(told("a".repeat(64)));
		expect(containersIn(machine)).toMatchObject({ 102: container, 103: container });
		machine.add(told(id));
		expect(containersIn(machine)).toMatchObject({ 102: found, 103: found });
		machine.exit(monitor);
		expect(containersIn(machine)).toMatchObject({ 102: found, 103: found });
	});

	test.each([
		["of the monitor's own pid namespace", conmon("web"), { ns_tgid: 102, ...OUTSIDE }],
		["of a monitor without a whole id", conmon("web", "abc"), inside(1)],
		["of a program of another name", ["/bin/conmon2", ...conmon("web").slice(1)], inside(1)],
	])("a process %s is in none", (_, args, member) => {
		expect(containersIn(machineOf(args, member))).toEqual({ 100: null, 102: null });
	});

	test("another user's monitor that names the same id is another container", () => {
		const other = { pid: 200, start: 5_000_000_000n };
		const machine = machineOf(conmon("web"), inside(1))
			.process(other, { ppid: 1, cgroup: 1, ns_tgid: 200, ...OUTSIDE })
			.process({ pid: 202, start: 6_000_000_000n }, { ppid: 200, cgroup: 1, ...inside(1, 5) })
			.exec(other, "conmon", "/tmp/conmon", conmon("evil"));
		expect(machine.tick().containers.map(({ name, pids }) => [name, pids])).toEqual([
			["web", [102]],
			["evil", [202]],
		]);
	});
});
