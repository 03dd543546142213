/** Containers as rows: sums over their processes, even if a user makes cgroups that look like theirs. */

import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { containerCgroup } from "../../src/model/tables/containers.ts";
import { WireKind, WireNameKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { aContainerTable, aTick } from "../helpers/containers.ts";
import { Scenario } from "../helpers/scenario.ts";
import { aProcess } from "../helpers/snapshots.ts";
import { record } from "../helpers/wire-encode.ts";

const id = "713e7c56aabb".padEnd(64, "0");
const other = "813e7c56aabb".padEnd(64, "0");
const shell = { pid: 102, start: 3_000_000_000n };
const child = { pid: 103, start: 4_000_000_000n };
const stranger = { pid: 104, start: 4_000_000_000n };
const MS = 1_000_000n;

/** A machine with cgroups: each has its path, and is in the container with that id. */
class Machine extends Scenario {
	cgroup(its: number, path: string, ...container: readonly string[]): this {
		this.#name(WireNameKind.CGROUP, its, path);
		return this.#name(WireNameKind.CONTAINER, its, container.join("\0"));
	}

	#name(kind: number, its: number, text: string): this {
		return this.add(record(WireType.NAME, "wire_name", this.head(), { id: its, kind, len: text.length }, text));
	}
}

const podman = ["podman", id, "web", "eb-image:1"];
const web = () => new Machine().cgroup(7, `/machine/libpod-${id}`, ...podman);
const rows = (snapshot: Snapshot) => snapshot.containers.map(({ name, processes, pids }) => [name, processes, pids]);

test("CPU, memory and bytes of all processes together, ended ones included", () => {
	const machine = web().process(shell, { cgroup: 7, ns_tgid: 1, rss_bytes: 1009 });
	machine.process(child, { cgroup: 7, ns_tgid: 17, rss_bytes: 2003 }).tick();
	machine.process(shell, { cgroup: 7, cpu_ns: 110n * MS, rss_bytes: 1009 });
	machine.process(child, { cgroup: 7, cpu_ns: 70n * MS, rss_bytes: 2003 });
	machine.object(child, { kind: WireKind.REGULAR, dev: 1, ino: 5 }, "/eb-file");
	machine.io(child, { dev: 1, ino: 5, read_bytes: 307, write_bytes: 211 });
	const snapshot = machine.tick();
	const whole = {
		processes: 2,
		cpuPercent: 18,
		rssBytes: 3012,
		readRate: 307,
		writeRate: 211,
		rxRate: 0,
		txRate: 0,
		seccompRefused: null,
	};
	expect(snapshot.containers).toEqual([
		{
			...{ runtime: "podman", id, name: "web", image: "eb-image:1", cgroup: `/machine/libpod-${id}` },
			pids: [102, 103],
			...whole,
		},
	]);
	expect(snapshot.processes.map(({ pid, nsPid }) => [pid, nsPid])).toEqual([
		[102, 1],
		[103, 17],
	]);
	machine.exit(child, { cpu_ns: 90n * MS });
	expect(machine.tick().containers).toMatchObject([{ processes: 1, pids: [102, 103], rssBytes: 1009, cpuPercent: 2 }]);
});

test("over TCP, what was sent and received over the connections of its processes", () => {
	const owned = aProcess({ pid: 102, container: { runtime: "podman", id, name: "web", image: null } });
	const tcp = [
		{ pid: 102, rxRate: 1009, txRate: 13 },
		{ pid: 102, rxRate: 2, txRate: 0.5 },
		{ pid: 7, rxRate: 50, txRate: 50 },
	];
	const [row] = aContainerTable().tick([owned], tcp as never, aTick);
	expect(row).toMatchObject({ rxRate: 1011, txRate: 13.5 });
});

test("refused calls of a container stay counted when the process that made them is forgotten", () => {
	const table = aContainerTable();
	const container = { runtime: "podman", id, name: "web", image: null };
	const rowsOf = (...refused: (number | null)[]) =>
		table.tick(
			refused.map((seccompRefused, at) => aProcess({ pid: 102 + at, container, seccompRefused })),
			[],
			aTick,
		)[0]?.seccompRefused;
	expect(rowsOf(0, 13)).toBe(13);
	expect(rowsOf(5, 17)).toBe(22);
	expect(rowsOf(5)).toBe(22);
	expect(rowsOf(12)).toBe(29);
	expect(rowsOf(null)).toBe(null);
});

test("cgroups inside a container belong to it, and its own name is used for all", () => {
	const machine = web().cgroup(8, `/machine/libpod-${id}/init.scope`, "podman", id);
	const snapshot = machine.process(child, { cgroup: 8 }).process(shell, { cgroup: 7 }).tick();
	expect(rows(snapshot)).toEqual([["web", 2, [103, 102]]]);
});

test("a cgroup named with the id of another container has a row of its own", () => {
	const machine = web().cgroup(8, `/user.slice/libpod-${id}`, "podman", id);
	const snapshot = machine.process(shell, { cgroup: 7 }).process(stranger, { cgroup: 8 }).tick();
	expect(rows(snapshot)).toEqual([
		["web", 1, [102]],
		[null, 1, [104]],
	]);
});

test("one that is gone stays as long as its last process is shown, and a new name shows at once", () => {
	const machine = web().process(shell, { cgroup: 7 });
	machine.process(child, { cgroup: 7 }).tick();
	machine.exit(shell).cgroup(7, `/machine/libpod-${id}`, "podman", id, "shop");
	expect(rows(machine.tick())).toEqual([["shop", 1, [102, 103]]]);
	expect(rows(machine.exit(child).tick())).toEqual([["shop", 0, [102, 103]]]);
	expect(rows(machine.tick(6))).toEqual([]);
});

test("events say when a container began and ended, also one that lived between two refreshes; not what was there before", () => {
	const machine = web().process(shell, { cgroup: 7 });
	const livesIn = ({ events }: Snapshot) =>
		events.filter(({ type }) => type.startsWith("container-")).map(({ type, pid, text }) => [type, pid, text]);
	expect(livesIn(machine.tick())).toEqual([]);
	machine.cgroup(8, `/machine/libpod-${other}`, "podman", other, "brief").process(child, { cgroup: 8 }).exit(child);
	expect(livesIn(machine.exit(shell).tick())).toEqual([
		["container-stop", 102, "podman web"],
		["container-start", 103, "podman brief"],
		["container-stop", 103, "podman brief"],
	]);
	machine.process(stranger, { cgroup: 7 });
	const { events } = machine.tick();
	expect(events.find(({ type }) => type === "container-start")?.data).toEqual({
		...{ runtime: "podman", id, name: "web", image: "eb-image:1", cgroup: `/machine/libpod-${id}` },
	});
	expect(livesIn(machine.tick(6))).toEqual([]);
});

test("if nothing changed, the row objects are the same", () => {
	const machine = web().process(shell, { cgroup: 7 });
	machine.tick();
	const before = machine.tick().containers;
	machine.process(stranger);
	expect(machine.tick().containers).toBe(before);
});

test("10,000 cgroups of one user hide no other user's container", () => {
	const machine = new Machine();
	for (let at = 0; at < 10_000; at++) {
		const its = at.toString(16).padStart(64, "0");
		machine.cgroup(1000 + at, `/user.slice/libpod-${its}`, "podman", its);
		machine.process({ pid: 1000 + at, start: 5n }, { cgroup: 1000 + at, uid: 1000 });
	}
	const snapshot = machine
		.cgroup(7, `/libpod-${id}`, ...podman)
		.process(shell, { cgroup: 7 })
		.tick();
	expect(snapshot.containers).toHaveLength(10_001);
	expect(snapshot.containers.find((row) => row.id === id)).toMatchObject({ name: "web", processes: 1 });
});

test.each([
	[`/a/libpod-${id}/container/x`, id, `/a/libpod-${id}`],
	[`/docker/${id}`, id, `/docker/${id}`],
	["/machine.slice/machine-eb\\x2dbox.scope/payload/init.scope", "eb-box", "/machine.slice/machine-eb\\x2dbox.scope"],
	["/lxc.payload.eb/x.service", "eb", "/lxc.payload.eb"],
	["/elsewhere", id, "/elsewhere"],
])("the container's own cgroup in %s", (path, its, own) => {
	expect(containerCgroup(path, its)).toBe(own);
});
