/**
 * Full tables of the model, with tiny sizes forced: no user is hidden by another, sums stay right, and health says so.
 */

import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
	WireHandover,
	WireHow,
	WireIoFlag,
	WireKind,
	WireNameKind,
	WireType,
} from "../../src/model/wire/layout.gen.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const hog = { pid: 10, start: 5n };
const other = { pid: 11, start: 5n };
const root = { pid: 20, start: 5n };
const peer = { pid: 21, start: 5n };
const HOG = 1000;

const file = (ino: number) => ({ ino, dev: 8, mode: 0o100600, kind: WireKind.REGULAR });
const tableOf = (snapshot: Snapshot, name: string) => snapshot.health.maps.find(({ map }) => map === name);
const lossesIn = (snapshot: Snapshot) => snapshot.events.filter(({ type }) => type === "loss").map(({ text }) => text);

function people(scenario: Scenario): Scenario {
	for (const who of [hog, other]) scenario.process(who, { comm: `eb-hog${who.pid}`, holder: HOG });
	for (const who of [root, peer]) scenario.process(who, { comm: `eb-root${who.pid}` });
	return scenario;
}

function hold(scenario: Scenario, who: Who, count: number): void {
	for (let ino = 1; ino <= count; ino++) {
		scenario.object(who, { ...file(who.pid * 10_000 + ino), how: WireHow.HELD }, `/held/${who.pid}.${ino}`);
	}
}

test("a user with many open files hides no other user's: those have rows, links and bytes", () => {
	const scenario = people(new Scenario({ "file-uses": 100 }));
	hold(scenario, hog, 130);
	scenario.tick();
	scenario
		.object(root, { ...file(7), slot: 1 }, "/secret")
		.io(root, { ino: 7, dev: 8, slot: 1, writes: 3, write_bytes: 17 });
	const pipe = { kind: WireKind.PIPE, ino: 9, dev: 14, mode: 0o010600 };
	scenario
		.object(root, { ...pipe, fmode: 2, slot: 2 })
		.io(root, { ino: 9, dev: 14, mode: 0o010600, slot: 2, writes: 1, write_bytes: 11 });
	scenario
		.object(peer, { ...pipe, fmode: 1, slot: 3 })
		.io(peer, { ino: 9, dev: 14, mode: 0o010600, slot: 3, reads: 1, read_bytes: 11 });
	const snapshot = scenario.tick();
	expect(snapshot.files.find(({ path }) => path === "/secret")).toMatchObject({
		pid: 20,
		writeBytes: 17,
		writeRate: 17,
	});
	expect(snapshot.ipc).toMatchObject([{ kind: "pipe", bytes: 11, from: { pid: 20 }, to: { pid: 21 } }]);
	expect(snapshot.files.filter(({ pid }) => pid === hog.pid)).toHaveLength(97);
	expect(tableOf(snapshot, "file-uses")).toEqual({ map: "file-uses", used: 100, capacity: 100, overflow: 30 + 3 });
	expect(lossesIn(snapshot)).toEqual([
		"table file-uses is full, 3 more did not fit: files that are only held open have no row and no links",
	]);
});

test("a later pass over all of them does not change that", () => {
	const scenario = people(new Scenario({ "file-uses": 100 }));
	hold(scenario, hog, 130);
	hold(scenario, root, 13);
	scenario.tick();
	const snapshot = scenario
		.pass("OBJECTS", () => {
			hold(scenario, hog, 130);
			hold(scenario, root, 13);
		})
		.tick();
	const count = (who: Who) => snapshot.files.filter(({ pid }) => pid === who.pid).length;
	expect([count(hog), count(root)]).toEqual([87, 13]);
});

test("counts of an evicted file are in its process's row for all others, so its rows add up", () => {
	const scenario = people(new Scenario({ "file-uses": 20 }));
	const write = (who: Who, ino: number, slot: number, write_bytes: number, flags = 0) =>
		scenario
			.object(who, { ...file(ino), slot }, `/f${ino}`)
			.io(who, { ino, dev: 8, mode: 0o100600, slot, opens: 1, writes: 1, write_bytes, flags });
	for (let ino = 1; ino <= 20; ino++) write(hog, ino, ino, 101);
	scenario.tick();
	// The kernel freed the slots of seven: it counts from 0 if they are used again.
	for (let ino = 1; ino <= 7; ino++) write(hog, ino, ino, 101, WireIoFlag.RETIRED);
	for (let ino = 31; ino <= 35; ino++) write(root, ino, ino, 7);
	const snapshot = scenario.tick();
	const own = snapshot.files.filter(({ pid }) => pid === hog.pid);
	expect(own.find(({ path }) => path === "other")).toMatchObject({
		opens: 5,
		writes: 5,
		writeBytes: 505,
		writeRate: 0,
	});
	expect(own).toHaveLength(15 + 1);
	expect(own.reduce((sum, row) => sum + row.writeBytes, 0)).toBe(20 * 101);
	expect(snapshot.files.filter(({ pid }) => pid === root.pid)).toHaveLength(5);
	scenario.exit(hog).tick();
	expect(scenario.tick(6).files.filter(({ pid }) => pid === hog.pid)).toEqual([]);
});

test("a process that renames endlessly has a bounded number of rows, and their counts are not lost", () => {
	const scenario = people(new Scenario({ "file-names": 10 }));
	const rename = (who: Who, times: number) => {
		for (let count = 1; count <= times; count++) {
			scenario.object(who, { ...file(1), slot: who.pid }, `/name${count}`);
			scenario.io(who, { ino: 1, dev: 8, mode: 0o100600, slot: who.pid, writes: count, write_bytes: count * 101 });
		}
	};
	rename(root, 4);
	rename(hog, 31);
	const snapshot = scenario.tick();
	const rows = (who: Who) => snapshot.files.filter(({ pid }) => pid === who.pid);
	expect(rows(root).map(({ path }) => path)).toEqual(["/name1", "/name2", "/name3", "/name4"]);
	expect(rows(hog)).toHaveLength(7 + 1 + 1); // old names, the one it has, and "other"
	expect(rows(hog).reduce((sum, row) => sum + row.writeBytes, 0)).toBe(31 * 101);
	expect(tableOf(snapshot, "file-names")).toEqual({ map: "file-names", used: 10, capacity: 10, overflow: 23 });
});

function spill(scenario: Scenario, who: Partial<Who>, fields: Record<string, number>): void {
	scenario.add(record(WireType.SPILL, "wire_spill", scenario.head(who), fields));
}

test("what did not fit in the kernel's table is in its process's row for all others, so its rows add up", () => {
	const scenario = people(new Scenario());
	scenario.io(hog, { ino: 1, dev: 8, mode: 0o100600, slot: 1, writes: 2, write_bytes: 11 });
	spill(scenario, hog, { reads: 3, read_bytes: 300, writes: 1, write_bytes: 7 });
	scenario.tick();
	spill(scenario, hog, { reads: 4, read_bytes: 317, writes: 1, write_bytes: 7 });
	const { files, processes } = scenario.tick();
	const counts = { opens: 0, reads: 4, writes: 1, readBytes: 317, writeBytes: 7, readRate: 17, writeRate: 0 };
	expect(files.find(({ path }) => path === "other")).toMatchObject({ pid: hog.pid, ...counts });
	expect(processes.find(({ pid }) => pid === hog.pid)).toMatchObject({ readRate: 17, writeRate: 0 });
});

test("what found no room even there is in rows of a process without a pid, so all rows add up", () => {
	const scenario = people(new Scenario()).syscall(root, 39, 101);
	scenario.tick();
	spill(scenario, {}, { calls: 13, errors: 2, writes: 5, write_bytes: 35 });
	scenario.syscall(root, 39, 202);
	const { files, processes, syscalls, system } = scenario.tick();
	expect(syscalls.find(({ pid }) => pid === 0)).toMatchObject({ comm: "other", name: "other", count: 13, errors: 2 });
	expect(files).toMatchObject([{ pid: 0, comm: "other", path: "other", writes: 5, writeBytes: 35, writeRate: 35 }]);
	expect(processes.find(({ pid }) => pid === 0)).toMatchObject({ comm: "other", syscallRate: 13, writeRate: 35 });
	expect(system.syscallRate).toBe(101 + 13);
});

test("what the kernel counts always has a row", () => {
	const scenario = people(new Scenario({ "file-uses": 10 }));
	for (let ino = 1; ino <= 15; ino++)
		scenario.io(hog, { ino, dev: 8, mode: 0o100600, slot: ino, writes: 1, write_bytes: 5 });
	expect(scenario.tick().files).toHaveLength(15);
});

function kill(scenario: Scenario, from: Who, to: Who, signal: number): void {
	const fields = { signal, target_pid: to.pid, target_start: BigInt(to.start), target_comm: "eb-to" };
	scenario.add(record(WireType.SIGNAL, "wire_signal", scenario.head(from), fields));
}

test("a user who sends many signals hides no other user's, and their counts add up", () => {
	const scenario = people(new Scenario({ "ipc-links": 20 }));
	for (let signal = 1; signal <= 30; signal++) {
		kill(scenario, hog, other, signal);
		kill(scenario, hog, other, signal);
	}
	scenario.tick();
	kill(scenario, root, peer, 12);
	const snapshot = scenario.tick();
	expect(snapshot.ipc.find(({ from }) => from.pid === root.pid)).toMatchObject({
		name: "SIGUSR2",
		messages: 1,
		rate: 1,
	});
	const own = snapshot.ipc.filter(({ from }) => from.pid === hog.pid);
	expect(own.reduce((sum, row) => sum + row.messages, 0)).toBe(60);
	const rest = own.find(({ name }) => name === "other");
	expect(rest).toMatchObject({
		kind: "signal",
		channel: "signal:[other]",
		to: { pid: 0, comm: "other" },
		messages: 22,
	});
	// The newest stay.
	expect(own.map(({ name }) => name)).toContain("SIGPWR");
	expect(own.map(({ name }) => name)).not.toContain("SIGHUP");
	expect(tableOf(snapshot, "ipc-links")).toMatchObject({ used: 20, capacity: 20, overflow: 11 });
	scenario.exit(hog).tick();
	expect(scenario.tick(6).ipc.map(({ from }) => from.pid)).toEqual([root.pid]);
});

function pass(scenario: Scenario, who: Who, how: number, sock: bigint): void {
	const fields = { file: 0x990n, dev: 8, ino: 71n, sock, how };
	scenario.add(record(WireType.FD_PASS, "wire_fd_pass", scenario.head(who), fields));
}

test.each([
	["of many sockets", (count: number) => BigInt(0x2000 + 16 * count)],
	["of one socket", () => 0x2000n],
])("a user who sends descriptors that are never received hides no other user's: %s", (_, sock) => {
	const scenario = people(new Scenario({ "ipc-handovers": 20 }));
	for (let count = 1; count <= 31; count++) pass(scenario, hog, WireHandover.SENT, sock(count));
	pass(scenario, root, WireHandover.SENT, 0x1000n);
	for (let count = 1; count <= 7; count++) pass(scenario, hog, WireHandover.SENT, sock(count));
	pass(scenario, peer, WireHandover.RECEIVED, 0x1000n);
	const snapshot = scenario.tick();
	const links = snapshot.ipc.map(({ from, to, messages }) => [from.pid, to.pid, messages]);
	expect(links).toHaveLength(2);
	expect(links).toContainEqual([root.pid, peer.pid, 1]);
	expect(links).toContainEqual([hog.pid, 0, 11 + 1 + 7]);
	expect(tableOf(snapshot, "ipc-handovers")).toEqual({
		map: "ipc-handovers",
		used: 19,
		capacity: 20,
		overflow: 11 + 1 + 7,
	});
});

test("signals that the kernel sends count for the receiver", () => {
	const scenario = people(new Scenario({ "ipc-links": 10 }));
	for (let pid = 100; pid < 120; pid++) {
		scenario.process({ pid, start: 5n }, { holder: HOG });
		const fields = { signal: 17, code: 1, target_pid: pid, target_start: 5n };
		scenario.add(record(WireType.SIGNAL, "wire_signal", scenario.head(), fields));
	}
	kill(scenario, root, peer, 12);
	const snapshot = scenario.tick();
	expect(snapshot.ipc.some(({ from }) => from.pid === root.pid)).toBe(true);
	expect(snapshot.ipc.find(({ channel }) => channel === "signal:[other]")).toMatchObject({
		from: { pid: 0, comm: "kernel" },
		messages: 11,
	});
});

test("a user who causes many events hides no other user's, and the row for those left out names the user", () => {
	const scenario = people(new Scenario({ events: 50 }));
	for (let signal = 0; signal < 80; signal++) kill(scenario, hog, other, 10);
	for (let signal = 0; signal < 3; signal++) kill(scenario, root, peer, 15);
	scenario.add(record(WireType.MAP, "wire_map", {}, { map: "io", used: 1, capacity: 2, overflow: 3 }));
	const { events } = scenario.tick();
	expect(events.filter(({ pid }) => pid === root.pid)).toHaveLength(3);
	expect(events.filter(({ pid }) => pid === hog.pid)).toHaveLength(46);
	expect(events.filter(({ type }) => type === "loss").map(({ text }) => text)).toEqual([
		expect.stringMatching(/^table io is full, 3 more did not fit: /),
		"34 more events in this interval are not listed: 34 of uid 1000",
	]);
	expect(scenario.tick().events).toEqual([]);
});

test("of the dead processes, those of the user with the most are dropped first, each after it was shown", () => {
	const scenario = new Scenario({ "process-dead": 10 });
	const die = (pid: number, holder: number) =>
		scenario.process({ pid, start: 5n }, { holder }).exit({ pid, start: 5n }, { holder });
	for (let pid = 100; pid < 103; pid++) die(pid, 0);
	for (let pid = 200; pid < 220; pid++) die(pid, HOG);
	const first = scenario.tick();
	expect(first.processes).toHaveLength(23);
	expect(tableOf(first, "process-dead")).toMatchObject({ used: 10, overflow: 13 });
	expect(
		scenario
			.tick()
			.processes.map(({ pid }) => pid)
			.sort(),
	).toEqual([100, 101, 102, 213, 214, 215, 216, 217, 218, 219]);
	expect(scenario.tick(6).processes).toEqual([]);
	expect(tableOf(scenario.tick(), "process-dead")).toMatchObject({ used: 0 });
});

test("of the dead processes, the calls of those of the user with the most lose their rows first, after they were shown", () => {
	const scenario = new Scenario({ "syscall-dead": 5 });
	const callers = ({ syscalls }: Snapshot) => syscalls.map(({ pid }) => pid).sort();
	const live = (pid: number, holder: number) =>
		scenario.process({ pid, start: 5n }, { holder }).syscall({ pid, start: 5n }, 39, 7);
	const end = (pid: number, holder: number) => scenario.exit({ pid, start: 5n }, { holder });
	for (const pid of [100, 101]) live(pid, 0);
	for (const pid of [200, 201, 202, 203, 204, 205, 206]) live(pid, HOG);
	scenario.tick();
	for (const pid of [100, 101]) end(pid, 0);
	for (const pid of [200, 201, 202, 203, 204, 205]) end(pid, HOG);
	const first = scenario.tick();
	expect(callers(first)).toEqual([100, 101, 200, 201, 202, 203, 204, 205, 206]);
	expect(tableOf(first, "syscall-dead")).toMatchObject({ used: 5, overflow: 3 });
	const second = scenario.tick();
	expect(callers(second)).toEqual([100, 101, 203, 204, 205, 206]);
	expect(second.processes).toHaveLength(9);
	expect(callers(scenario.tick(6))).toEqual([206]);
	expect(tableOf(scenario.tick(), "syscall-dead")).toMatchObject({ used: 0 });
});

const [ESTABLISHED, TIME_WAIT, CLOSE, LISTEN] = [1, 6, 7, 10];
const LOCALHOST = [127, 0, 0, 1];

function connection(who: Who, port: number, state: number): [Record<string, unknown>, Who] {
	const sock = BigInt(0x1_0000_0000 + who.pid * 100_000 + port);
	return [{ sock, netns: 1, local: LOCALHOST, remote: LOCALHOST, local_port: port, remote_port: 80, state }, who];
}

test("a user who closes many connections hides no other user's, and bytes of those never shown still count", () => {
	const scenario = people(new Scenario({ "tcp-closed": 10 }));
	const close = (who: Who, from: number, count: number) => {
		for (let port = from; port < from + count; port++) {
			scenario.tcp(...connection(who, port, ESTABLISHED));
			const [closed] = connection(who, port, CLOSE);
			scenario.tcp({ ...closed, tx_bytes: 17, rx_bytes: 5, retransmits: 1 }, who);
		}
	};
	const rowsOf = (snapshot: Snapshot, { pid }: Who) => snapshot.tcp.filter((row) => row.pid === pid);
	const sumOf = (snapshot: Snapshot, who: Who) => rowsOf(snapshot, who).reduce((sum, { txBytes }) => sum + txBytes, 0);
	scenario.tick();
	close(root, 1001, 3);
	close(hog, 1001, 31);
	const first = scenario.tick();
	expect(rowsOf(first, root)).toHaveLength(3);
	expect(rowsOf(first, hog)).toHaveLength(7 + 1);
	expect(rowsOf(first, hog).find(({ others }) => others !== undefined)).toMatchObject({
		...{ comm: "eb-hog10", state: "CLOSE", others: 24, retransmits: 24 },
		...{ txBytes: 24 * 17, rxBytes: 24 * 5, txRate: 24 * 17, rxRate: 24 * 5 },
	});
	expect(sumOf(first, hog)).toBe(31 * 17);
	expect(tableOf(first, "tcp-closed")).toMatchObject({ used: 10, capacity: 10, overflow: 24 });
	// Those that were shown are dropped first, and are not counted again.
	close(hog, 2001, 7);
	const second = scenario.tick();
	expect(rowsOf(second, hog).filter(({ others }) => others === undefined)).toHaveLength(7);
	expect(rowsOf(second, hog).find(({ others }) => others !== undefined)).toMatchObject({ others: 24, txRate: 0 });
	expect(rowsOf(second, root)).toHaveLength(3);
	const last = scenario.tick(6);
	expect(last.tcp).toMatchObject([{ pid: hog.pid, others: 24, txBytes: 24 * 17 }]);
	expect(tableOf(scenario.tick(), "tcp-closed")).toMatchObject({ used: 0 });
	expect(scenario.exit(hog).tick().tcp).toHaveLength(1);
	expect(scenario.tick(6).tcp).toEqual([]);
});

test("a link over connections that were dropped before they were shown is one to other, which keeps counting", () => {
	const scenario = people(new Scenario({ "tcp-closed": 2 }));
	const ends = (port: number) =>
		[
			[root, port, { sock: 0x9_0000_0000n + BigInt(port), local_port: port, remote_port: 80 }, 7],
			[peer, port + 1, { sock: 0xa_0000_0000n + BigInt(port), local_port: 80, remote_port: port }, 13],
		] as const;
	const addresses = { netns: 1, local: LOCALHOST, remote: LOCALHOST };
	const each = (port: number, visit: (who: Who, ino: number, socket: object, bytes: number) => void) => {
		for (const [who, ino, socket, bytes] of ends(port)) visit(who, ino, { ...addresses, ...socket }, bytes);
	};
	const open = (port: number) =>
		each(port, (who, ino, socket) => {
			scenario.tcp({ ...socket, state: ESTABLISHED }, who);
			scenario.object(who, { ...socket, kind: WireKind.TCP, dev: 8, ino, family: 2, fmode: 3, state: 1, slot: ino });
		});
	const move = (port: number, times: number) =>
		each(port, (who, ino, _, bytes) => {
			const counts = { writes: times, write_bytes: times * bytes, reads: times, read_bytes: times * (20 - bytes) };
			scenario.io(who, { ino, dev: 8, mode: 0o140777, slot: ino, ...counts });
		});
	const close = (port: number) => each(port, (who, _, socket) => scenario.tcp({ ...socket, state: CLOSE }, who));
	const links = () =>
		scenario
			.tick()
			.ipc.map(({ channel, from, to, messages, bytes, rate, others }) => {
				return [channel.replace(/:\d.*/, ""), from.pid, to.comm, messages, bytes, rate, others ?? 0];
			})
			.sort();
	scenario.tick();
	open(1100);
	move(1100, 3);
	expect(links()).toEqual([
		["tcp", root.pid, "eb-root21", 3, 21, 21, 0],
		["tcp", peer.pid, "eb-root20", 3, 39, 39, 0],
	]);
	for (const port of [1200, 1300]) open(port);
	for (const port of [1100, 1200, 1300]) close(port);
	// The kernel's counters are read after all this.
	move(1100, 5);
	move(1200, 11);
	expect(links()).toEqual([
		["tcp", root.pid, "eb-root21", 0, 0, 0, 0],
		["tcp:[other]", root.pid, "other", 16, 16 * 7, 13 * 7, 2],
		["tcp:[other]", peer.pid, "other", 16, 16 * 13, 13 * 13, 2],
	]);
	// One socket connects again: it is a new connection with its own counts.
	const again = (port: number, state: number) =>
		each(1200, (who, _, socket) => {
			const [from, to] = who === root ? [port, 80] : [80, port];
			scenario.tcp({ ...socket, local_port: from, remote_port: to, state }, who);
		});
	again(1400, ESTABLISHED);
	move(1200, 11 + 2);
	expect(links()).toEqual([
		["tcp", root.pid, "eb-root21", 0, 0, 0, 0],
		["tcp", root.pid, "eb-root21", 2, 2 * 7, 2 * 7, 0],
		["tcp", peer.pid, "eb-root20", 2, 2 * 13, 2 * 13, 0],
		["tcp:[other]", root.pid, "other", 16, 16 * 7, 0, 2],
		["tcp:[other]", peer.pid, "other", 16, 16 * 13, 0, 2],
	]);
	for (const port of [1500, 1600]) open(port);
	again(1400, CLOSE);
	for (const port of [1500, 1600]) close(port);
	links();
	move(1200, 11 + 2 + 3);
	expect(links()).toEqual([
		["tcp", root.pid, "eb-root21", 0, 0, 0, 0],
		["tcp:[other]", root.pid, "other", 16 + 5, 21 * 7, 3 * 7, 4],
		["tcp:[other]", peer.pid, "other", 16 + 5, 21 * 13, 3 * 13, 4],
	]);
	scenario.pass("OBJECTS").tick();
	scenario.tick(6); // the sockets are gone too
	expect(links()).toEqual([
		["tcp:[other]", root.pid, "other", 21, 21 * 7, 0, 4],
		["tcp:[other]", peer.pid, "other", 21, 21 * 13, 0, 4],
	]);
});

test("a connection in TIME_WAIT takes no place among the closed ones", () => {
	const scenario = people(new Scenario({ "tcp-closed": 1 }));
	scenario.tcp(...connection(root, 1001, ESTABLISHED)).tcp(...connection(root, 1001, TIME_WAIT));
	scenario.tcp(...connection(hog, 1002, ESTABLISHED)).tcp(...connection(hog, 1002, CLOSE));
	expect(tableOf(scenario.tick(), "tcp-closed")).toMatchObject({ used: 1, overflow: 0 });
	expect(
		scenario
			.tick()
			.tcp.map(({ state }) => state)
			.sort(),
	).toEqual(["CLOSE", "TIME_WAIT"]);
});

test("a user who listens on many ports takes none away from others: the server is still known", () => {
	const scenario = people(new Scenario({ "tcp-listeners": 10 }));
	const listen = (who: Who, port: number) => {
		const [socket] = connection(who, port, LISTEN);
		scenario.tcp({ ...socket, remote_port: 0 }, who);
		scenario.tcp({ ...socket, remote_port: 0, state: CLOSE }, who);
	};
	listen(root, 80);
	for (let port = 2001; port <= 2031; port++) listen(hog, port);
	// Older than ebtop: no record tells which side opened it.
	const [known] = connection(root, 80, ESTABLISHED);
	const [unknown] = connection(hog, 2001, ESTABLISHED);
	scenario.tcp({ ...known, sock: 0x2_0000_0001n, remote_port: 51_001, how: WireHow.HELD }, peer);
	scenario.tcp({ ...unknown, sock: 0x2_0000_0002n, remote_port: 51_002, how: WireHow.HELD }, peer);
	const snapshot = scenario.tick();
	const roleAt = (port: number) => snapshot.tcp.find(({ remotePort }) => remotePort === port)?.role;
	expect([roleAt(51_001), roleAt(51_002)]).toEqual(["server", "client"]);
	expect(tableOf(snapshot, "tcp-listeners")).toMatchObject({ used: 10, capacity: 10, overflow: 22 });
});

test("a user with many cgroups takes no names away from others", () => {
	const scenario = new Scenario({ names: 8 });
	const name = (id: number, kind: number, text: string) =>
		scenario.add(record(WireType.NAME, "wire_name", scenario.head(), { id: BigInt(id), kind, len: text.length }, text));
	scenario.process(root, { comm: "eb-root", cgroup: 7n, uid: 0 });
	name(7, WireNameKind.CGROUP, "/system.slice/eb");
	name(0, WireNameKind.USER, "root");
	for (let id = 100; id < 200; id++) {
		name(id, WireNameKind.CGROUP, `/hog/${id}`);
		name(id, WireNameKind.USER, `hog${id}`);
	}
	// A name is looked up again when the process changes.
	scenario.process(root, { comm: "eb-new", cgroup: 7n, uid: 0 });
	expect(scenario.tick().processes).toMatchObject([{ comm: "eb-new", cgroup: "/system.slice/eb", user: "root" }]);
	scenario.process(peer, { comm: "eb-late", cgroup: 7n, uid: 0 }).process(other, { comm: "eb-gone", cgroup: 100n });
	const rows = scenario.tick().processes;
	expect(rows.find(({ pid }) => pid === peer.pid)).toMatchObject({ cgroup: "/system.slice/eb", user: "root" });
	expect(rows.find(({ pid }) => pid === other.pid)).toMatchObject({ cgroup: null });
});
