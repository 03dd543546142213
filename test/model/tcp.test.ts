/** TCP: states, owners, counts, and both ends of a connection on this machine. */

import { expect, test } from "vitest";
import type { Snapshot, TcpRow } from "../../src/model/snapshot.ts";
import { WireHow, WireKind, WireTcpRole, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const client = { pid: 10, start: 5n };
const server = { pid: 20, start: 5n };
const worker = { pid: 21, start: 6n };
/** Cookies: the kernel counts them up. */
const [C, S, L] = [0x1_0000_1001n, 0x1_0000_1002n, 0x1_0000_1003n];
const LOCALHOST = [127, 0, 0, 1];
const near = { sock: C, netns: 1, local: LOCALHOST, remote: LOCALHOST, local_port: 51544, remote_port: 80 };
const far = { sock: S, netns: 1, local: LOCALHOST, remote: LOCALHOST, local_port: 80, remote_port: 51544 };
const listener = { sock: L, netns: 1, local: LOCALHOST, local_port: 80 };
const { CLIENT, SERVER, LISTENER } = WireTcpRole;
const [ESTABLISHED, SYN_SENT, SYN_RECV, TIME_WAIT, CLOSE, LISTEN] = [1, 2, 3, 6, 7, 10];
const socket = { kind: WireKind.TCP, dev: 8, family: 2, fmode: 3, state: 1 };

const of = (snapshot: Snapshot, port: number) => snapshot.tcp.filter((row) => row.localPort === port) as TcpRow[];

function connect(scenario: Scenario): Scenario {
	scenario.tcp({ ...listener, old_state: 7, state: LISTEN, role: LISTENER }, server);
	scenario.object(server, { ...socket, ...listener, ino: 700, state: LISTEN });
	scenario.tcp({ ...near, local_port: 0, old_state: 7, state: SYN_SENT, role: CLIENT }, client);
	scenario.tcp({ ...far, old_state: 10, state: SYN_RECV, role: SERVER });
	scenario.tcp({ ...near, old_state: SYN_SENT, state: ESTABLISHED, role: CLIENT });
	scenario.tcp({ ...far, old_state: SYN_RECV, state: ESTABLISHED, role: SERVER });
	scenario.object(client, { ...socket, ...near, ino: 701 });
	return scenario.object(server, { ...socket, ...far, ino: 702 });
}

test("a connection on this machine has a row for each end, and one for the listener", () => {
	const snapshot = connect(new Scenario().process(client, { comm: "eb-curl" })).tick();
	expect(snapshot.tcp).toHaveLength(3);
	expect(of(snapshot, 51544)).toEqual([
		{
			...{ pid: 10, comm: "eb-curl", role: "client", family: 4, state: "ESTABLISHED", durationMs: 1000 },
			...{ localAddress: "127.0.0.1", localPort: 51544, remoteAddress: "127.0.0.1", remotePort: 80 },
			...{ txBytes: 0, rxBytes: 0, txRate: 0, rxRate: 0, rttUs: 0, retransmits: 0 },
		},
	]);
	expect(of(snapshot, 80).map((row) => [row.pid, row.role, row.state, row.remotePort])).toEqual([
		[20, "listener", "LISTEN", 0],
		[20, "server", "ESTABLISHED", 51544],
	]);
	expect(snapshot.events.map((event) => [event.type, event.pid])).toEqual([
		["listen", 20],
		["connect", 10],
		["accept", 20],
	]);
});

test("a closed connection keeps its final counts for five seconds, TIME_WAIT adds no row", () => {
	const scenario = connect(new Scenario());
	scenario.tick();
	const numbers = { tx_bytes: 1234, rx_bytes: 77, rtt_us: 40, retransmits: 2 };
	scenario.tcp({ ...near, ...numbers, old_state: 5, state: CLOSE, local: [], remote: [] });
	const waiting = () =>
		scenario.pass("TCP", (inside) =>
			inside.tcp({ ...near, state: TIME_WAIT, how: WireHow.HELD }).tcp({ ...far, state: 1, how: 1 }),
		);
	const row = { pid: 10, state: "TIME_WAIT", txBytes: 1234, rxBytes: 77, rttUs: 40, retransmits: 2 };
	expect(of(waiting().tick(), 51544)).toMatchObject([{ ...row, txRate: 1234, durationMs: 1000 }]);
	expect(of(waiting().tick(10), 51544)).toMatchObject([{ ...row, txRate: 0, durationMs: 1000 }]);
	scenario.pass("TCP", (inside) => inside.tcp({ ...far, state: 1, how: 1 }));
	expect(of(scenario.tick(), 51544)).toHaveLength(0);
});

test("a connection that lived between two refreshes is in the next snapshot", () => {
	const scenario = new Scenario();
	scenario.tick();
	connect(scenario);
	scenario.tcp({ ...near, tx_bytes: 5, old_state: 1, state: CLOSE });
	expect(of(scenario.tick(), 51544)).toMatchObject([{ pid: 10, state: "CLOSE", txBytes: 5 }]);
	expect(of(scenario.tick(5), 51544)).toHaveLength(0);
});

test("reused ports are a new connection: neither bytes nor ends of the first one are mixed in", () => {
	const scenario = connect(new Scenario());
	scenario.wait(1).tcp({ ...near, tx_bytes: 11, rx_bytes: 13, old_state: 5, state: CLOSE });
	scenario.tcp({ ...far, tx_bytes: 13, rx_bytes: 11, old_state: 9, state: CLOSE }).wait(1);
	const again = { sock: 0x1_0000_2001n };
	scenario.tcp({ ...near, ...again, local_port: 0, old_state: 7, state: SYN_SENT, role: CLIENT }, worker);
	scenario.tcp({ ...near, ...again, old_state: SYN_SENT, state: ESTABLISHED, role: CLIENT });
	scenario.object(worker, { ...socket, ...near, ...again, ino: 703 });
	const late = { state: TIME_WAIT, how: WireHow.HELD };
	const snapshot = scenario.pass("TCP", (inside) => inside.tcp({ ...far, ...late })).tick();
	const rows = snapshot.tcp.map((row) => [row.pid, row.role, row.state, row.txBytes, row.rxBytes]);
	expect(rows.sort()).toEqual([
		[10, "client", "CLOSE", 11, 13],
		[20, "listener", "CLOSE", 0, 0],
		[20, "server", "TIME_WAIT", 13, 11],
		[21, "client", "ESTABLISHED", 0, 0],
	]);
	expect(snapshot.ipc.map((row) => [row.from.pid, row.to.pid])).toEqual([[10, 20]]);
});

test("events are newer than the pass of the same time: the newest record has the state, all count for the bytes", () => {
	const scenario = new Scenario().process(server, {});
	const moment = (record: object, ms: number) => {
		scenario.nowNs += BigInt(ms) * 1_000_000n;
		scenario.tcp({ ...far, ...record });
		scenario.nowNs -= BigInt(ms) * 1_000_000n;
	};
	scenario.pass("TCP", () => moment({ state: TIME_WAIT, how: WireHow.HELD }, 9));
	moment({ old_state: SYN_RECV, state: ESTABLISHED, role: SERVER }, 1);
	moment({ old_state: ESTABLISHED, state: 4, tx_bytes: 13, rx_bytes: 11 }, 2);
	moment({ old_state: 5, state: CLOSE, tx_bytes: 13, rx_bytes: 11 }, 3);
	expect(scenario.tick().tcp).toMatchObject([{ role: "server", state: "TIME_WAIT", txBytes: 13, rxBytes: 11 }]);
});

test("a socket that connects again, or once more after a refusal, is another connection", () => {
	const scenario = new Scenario().process(client, {});
	const start = { ...near, local_port: 0, old_state: CLOSE, state: SYN_SENT, role: CLIENT };
	scenario
		.tcp(start, client)
		.tcp({ ...near, old_state: SYN_SENT, state: CLOSE })
		.wait(0.1);
	scenario.tcp({ ...start, remote_port: 81 }, client);
	scenario.tcp({ ...near, remote_port: 81, old_state: SYN_SENT, state: ESTABLISHED, tx_bytes: 7 });
	const rows = scenario.tick().tcp.map((row) => [row.pid, row.remotePort, row.state, row.txBytes]);
	expect(rows.sort()).toEqual([
		[10, 80, "CLOSE", 0],
		[10, 81, "ESTABLISHED", 7],
	]);
});

test("a connection that one pass misses and the next one finds is the same", () => {
	const scenario = connect(new Scenario()).wait(1);
	const met = (...ends: object[]) =>
		scenario.pass("TCP", (inside) => {
			for (const end of ends) inside.tcp({ ...end, state: 1, how: WireHow.HELD, tx_bytes: 5 });
		});
	expect(of(met(far).tick(), 51544)).toMatchObject([{ state: "CLOSE" }]);
	expect(of(met(far, near).tick(), 51544)).toMatchObject([{ pid: 10, state: "ESTABLISHED", txBytes: 5 }]);
});

test("a socket without a cookie when announced is joined when it gets one", () => {
	const scenario = new Scenario().process(client, {}).object(client, { ...socket, ...near, sock: 0, ino: 701 });
	scenario.tick();
	scenario.tcp({ ...near, ino: 701, tx_bytes: 3, old_state: 1, state: 8 });
	scenario.pass("TCP", (inside) => inside.tcp({ ...near, ino: 701, state: 8, how: WireHow.HELD, tx_bytes: 5 }));
	expect(scenario.tick().tcp).toMatchObject([{ pid: 10, state: "CLOSE_WAIT", txBytes: 5 }]);
});

test("what a pass does not find is closed, in the namespaces that passes read", () => {
	const scenario = connect(new Scenario());
	scenario.object(client, { ...socket, ...near, sock: 0x44n, ino: 9, netns: 2, local: [10, 0, 0, 1] });
	scenario.pass("TCP", (inside) => inside.tcp({ ...far, state: 1, how: WireHow.HELD }));
	scenario.wait(1).pass("TCP", (inside) => inside.tcp({ ...far, state: 1, how: WireHow.HELD }));
	const states = scenario.tick().tcp.map((row) => [row.localAddress, row.localPort, row.state]);
	expect(states.sort()).toEqual([
		["10.0.0.1", 51544, "ESTABLISHED"],
		["127.0.0.1", 51544, "CLOSE"],
		["127.0.0.1", 80, "CLOSE"],
		["127.0.0.1", 80, "ESTABLISHED"],
	]);
});

test("connections older than the program: the side with a listener's port is the server", () => {
	const scenario = new Scenario().pass("TCP", (inside) => {
		inside.tcp({ ...near, state: 1, how: 1 }).tcp({ ...far, state: 1, how: 1 });
		inside.tcp({ ...listener, state: LISTEN, how: 1 }, server);
	});
	const snapshot = scenario.tick();
	expect(snapshot.tcp.map((row) => row.role).sort()).toEqual(["client", "listener", "server"]);
	expect(of(snapshot, 51544)).toMatchObject([{ pid: 0, comm: "" }]);
});

test.each([
	["v4-mapped as IPv4", 10, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1], 4, "10.0.0.1"],
	["loopback", 10, [...new Array(15).fill(0), 1], 6, "::1"],
	["the longest run of zeros", 10, [32, 1, 13, 184, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], 6, "2001:db8::1:0:0:1"],
	["a single zero group", 10, [32, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 6, "2001:0:1:1:1:1:1:1"],
])("addresses: %s", (_, family, local, expectedFamily, text) => {
	const scenario = new Scenario().tcp({ sock: 1, family, local, local_port: 1, remote_port: 2, state: 1 });
	expect(scenario.tick().tcp).toMatchObject([{ family: expectedFamily, localAddress: text }]);
});

test("both processes of a loopback connection are linked, the child of a forked server too", () => {
	const scenario = connect(new Scenario());
	scenario.object(worker, { ...socket, ...far, ino: 702 });
	scenario.io(client, { dev: 8, ino: 701, writes: 2, write_bytes: 100, reads: 1, read_bytes: 7 });
	scenario.io(worker, { dev: 8, ino: 702, reads: 5, read_bytes: 100, writes: 1, write_bytes: 7 });
	const snapshot = scenario.tick();
	expect(snapshot.ipc.map((row) => [row.kind, row.from.pid, row.to.pid, row.messages, row.bytes])).toEqual([
		["tcp", 10, 21, 2, 100],
		["tcp", 21, 10, 1, 7],
	]);
	expect(snapshot.ipc[0]?.channel).toBe("tcp:127.0.0.1:51544-127.0.0.1:80");
	expect(of(snapshot, 80).find((row) => row.role === "server")?.pid).toBe(21);
	scenario.tcp({ ...near, old_state: 1, state: CLOSE }).tcp({ ...far, old_state: 1, state: CLOSE });
	expect(scenario.tick().ipc).toHaveLength(2);
	expect(scenario.tick(6).ipc).toHaveLength(0);
});

test("the link of a socket that connects again starts again, as its connection does", () => {
	const scenario = connect(new Scenario());
	const io = (who: typeof client, ino: number, fields: object) => scenario.io(who, { dev: 8, ino, ...fields });
	io(client, 701, { writes: 13, write_bytes: 1313 });
	io(server, 702, { reads: 13, read_bytes: 1313 });
	const links = () => scenario.tick().ipc.map(({ to, messages, bytes }) => [to.pid, messages, bytes]);
	expect(links()).toEqual([[20, 13, 1313]]);
	scenario.tcp({ ...near, old_state: ESTABLISHED, state: CLOSE }).tcp({ ...far, old_state: ESTABLISHED, state: CLOSE });
	scenario.wait(0.1);
	const again = { ...near, remote_port: 81, local_port: 51546 };
	const other = { ...far, sock: S + 2n, local_port: 81, remote_port: 51546 };
	scenario.tcp({ ...again, local_port: 0, old_state: CLOSE, state: SYN_SENT, role: CLIENT }, client);
	scenario.tcp({ ...again, old_state: SYN_SENT, state: ESTABLISHED, role: CLIENT });
	scenario.tcp({ ...other, old_state: SYN_RECV, state: ESTABLISHED, role: SERVER });
	scenario.object(client, { ...socket, ...again, ino: 701 }).object(worker, { ...socket, ...other, ino: 703 });
	io(client, 701, { writes: 30, write_bytes: 3030 });
	io(worker, 703, { reads: 17, read_bytes: 1717 });
	expect(links()).toContainEqual([21, 17, 1717]);
	io(client, 701, { writes: 31, write_bytes: 3131 });
	expect(links()).toContainEqual([21, 18, 1818]);
});

test("the same addresses in two namespaces are two connections; the peer can be in another namespace", () => {
	const scenario = new Scenario();
	const [one, two] = [
		{ local: [10, 0, 0, 1], remote: [10, 0, 0, 2] },
		{ local: [10, 0, 0, 2], remote: [10, 0, 0, 1] },
	];
	scenario.object(client, { ...socket, ...near, ...one, ino: 1, netns: 1 });
	scenario.object(server, { ...socket, ...far, ...two, ino: 2, netns: 2 });
	scenario.object(worker, { ...socket, ...far, sock: 0x5n, ino: 3, netns: 3 });
	expect(scenario.tick().ipc.map((row) => [row.from.pid, row.to.pid, row.basis])).toEqual([[10, 20, "open"]]);
});

/** A pass that reads these namespaces, with what it finds there. */
function pass(scenario: Scenario, netns: readonly number[], fill: () => void = () => {}, is_gone = 0): Scenario {
	return scenario.pass("TCP", () => {
		fill();
		for (const one of netns) {
			scenario.add(record(WireType.NETWORK, "wire_network", scenario.head(), { netns: one, is_gone }));
		}
	});
}
const met = (scenario: Scenario, netns: number, tx_bytes: number) =>
	scenario.tcp({ ...near, sock: C + BigInt(netns), netns, state: ESTABLISHED, how: WireHow.HELD, tx_bytes });

test("namespaces are read in turns: a rate is over the time since the last read, and stays until the next", () => {
	const scenario = new Scenario();
	const look = (netns: number, tx: number) => pass(scenario, [netns], () => met(scenario, netns, tx));
	const rateIn = (snapshot: Snapshot, tx: number) => snapshot.tcp.find((row) => row.txBytes === tx)?.txRate;
	look(1, 1000).tick();
	expect(rateIn(look(2, 50_000).tick(), 50_000)).toBe(0); // how much of it belongs to this interval is unknown
	look(1, 2000).tick();
	expect(rateIn(look(2, 50_600).tick(), 50_600)).toBe(300);
	const last = look(1, 2000).tick();
	expect([rateIn(last, 2000), rateIn(last, 50_600)]).toEqual([0, 300]);
});

test("what a pass did not find is closed in the namespaces that it read, and in those that are gone", () => {
	const scenario = new Scenario();
	const fill = () => {
		for (const netns of [1, 2, 3]) met(scenario, netns, netns);
	};
	pass(scenario, [1, 2, 3], fill).tick();
	const states = (snapshot: Snapshot) => snapshot.tcp.map((row) => [row.txBytes, row.state]).sort();
	pass(scenario, [1]);
	expect(states(scenario.tick())).toEqual([
		[1, "CLOSE"],
		[2, "ESTABLISHED"],
		[3, "ESTABLISHED"],
	]);
	pass(scenario, [2], () => {}, 1);
	expect(states(scenario.tick())).toEqual([
		[1, "CLOSE"],
		[2, "CLOSE"],
		[3, "ESTABLISHED"],
	]);
});

test("TIME_WAIT stays as long as the passes over its namespace find it", () => {
	const scenario = new Scenario();
	const waiting = () => scenario.tcp({ ...near, sock: C + 9n, netns: 2, state: TIME_WAIT, how: WireHow.HELD });
	pass(scenario, [2], waiting).tick();
	expect(pass(scenario, [1]).tick(30).tcp).toHaveLength(1);
	pass(scenario, [2]).tick(1);
	expect(scenario.tick(6).tcp).toHaveLength(0);
});
