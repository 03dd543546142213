/** --pid and --comm: processes that are only the peer of a wanted one. */

import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import {
	WireHandover,
	WireHow,
	WireKind,
	WireProcessFlag,
	WireTcpFlag,
	WireType,
} from "../../src/model/wire/layout.gen.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const [mine, peer, shell] = [1, 2, 3].map((pid) => ({ pid, start: 100n })) as [Who, Who, Who];
const FOREIGN = { flags: WireProcessFlag.FOREIGN };
const fifo = { dev: 14, ino: 7, kind: WireKind.FIFO, mode: 0o010644 };

const scene = () => new Scenario().process(mine, { comm: "eb-mine" }).process(peer, { comm: "eb-peer", ...FOREIGN });
const holds = (scenario: Scenario, who: Who, fields: object) =>
	scenario.object(who, { how: WireHow.HELD, is_foreign: Number(who !== mine), ...fields });
const short = (snapshot: Snapshot) =>
	snapshot.ipc.map((row) => [row.kind, row.from.comm, row.to.comm, row.messages, row.bytes, row.basis]).sort();

test("a link to a process that is not wanted, which has no row anywhere else", () => {
	const scenario = scene().object(mine, { ...fifo, fmode: 2 }, "/tmp/eb-fifo");
	holds(scenario, peer, { ...fifo, fmode: 1 }).io(mine, { dev: 14, ino: 7, writes: 3, write_bytes: 33 });
	const snapshot = scenario.tick();
	expect(short(snapshot)).toEqual([["fifo", "eb-mine", "eb-peer", 3, 33, "observed"]]);
	expect(snapshot.processes.map((row) => row.comm)).toEqual(["eb-mine"]);
	expect(snapshot.files.map((row) => row.comm)).toEqual(["eb-mine"]);
});

test("of several holders of the other end, the one that has only that end", () => {
	const scenario = scene().process(shell, { comm: "eb-sh", ...FOREIGN });
	scenario.object(mine, { ...fifo, fmode: 1 });
	holds(holds(scenario, shell, { ...fifo, fmode: 3 }), peer, { ...fifo, fmode: 2 });
	scenario.io(mine, { dev: 14, ino: 7, reads: 5, read_bytes: 55 });
	expect(short(scenario.tick())).toEqual([["fifo", "eb-peer", "eb-mine", 5, 55, "observed"]]);
});

test("one that becomes wanted gets its rows", () => {
	const scenario = holds(scene(), peer, { ...fifo, fmode: 1 });
	expect(scenario.tick().processes).toHaveLength(1);
	const snapshot = scenario.process(peer, { comm: "eb-peer" }).tick();
	expect(snapshot.processes.map((row) => row.comm)).toEqual(["eb-mine", "eb-peer"]);
	expect(snapshot.files.map((row) => row.comm)).toEqual(["eb-peer"]);
});

test("a wanted one stays wanted, and one that is gone is forgotten", () => {
	const scenario = scene().process(mine, { comm: "eb-mine", ...FOREIGN });
	holds(scenario.object(mine, { ...fifo, fmode: 2 }), peer, { ...fifo, fmode: 1 });
	expect(scenario.tick().processes).toHaveLength(1);
	scenario.wait(1).pass("PROCESSES", (pass) => pass.process(mine, { comm: "eb-mine" }));
	scenario.tick();
	expect(scenario.tick(6).ipc).toEqual([]);
	expect(scenario.tick().processes.map((row) => row.comm)).toEqual(["eb-mine"]);
});

test("the other end of a connection has no row", () => {
	const here = { family: 2, local: [127, 0, 0, 1], remote: [127, 0, 0, 1], state: 1, how: WireHow.HELD };
	const socket = { dev: 8, kind: WireKind.TCP, mode: 0o140777, fmode: 3, ...here };
	const scenario = scene();
	scenario.object(mine, { ...socket, ino: 21, sock: 0x210n, local_port: 4711, remote_port: 80 });
	scenario.tcp({ ...here, sock: 0x210n, ino: 21n, local_port: 4711, remote_port: 80 });
	scenario.tcp({ ...here, sock: 0x220n, ino: 22n, local_port: 80, remote_port: 4711, flags: WireTcpFlag.FOREIGN });
	holds(scenario, peer, { ...socket, ino: 22, sock: 0x220n, local_port: 80, remote_port: 4711 });
	scenario.io(mine, { dev: 8, ino: 21, writes: 7, write_bytes: 77 });
	const snapshot = scenario.tick();
	expect(snapshot.tcp.map((row) => [row.comm, row.localPort])).toEqual([["eb-mine", 4711]]);
	expect(short(snapshot)).toEqual([["tcp", "eb-mine", "eb-peer", 7, 77, "observed"]]);
});

test("descriptors handed over: the half that is not sent is filled in once the holder is known", () => {
	const [near, far] = [
		{ dev: 8, ino: 31, kind: WireKind.UNIX_STREAM, mode: 0o140777, sock: 0x310n, peer: 0x320n, peer_ino: 32 },
		{ dev: 8, ino: 32, kind: WireKind.UNIX_STREAM, mode: 0o140777, sock: 0x320n, peer: 0x310n, peer_ino: 31 },
	] as const;
	const scenario = scene().object(mine, near);
	const half = (how: number, sock: bigint) =>
		record(WireType.FD_PASS, "wire_fd_pass", scenario.head(mine), { file: 0x990n, sock, how });
	scenario.add(half(WireHandover.SENT, 0x320n), half(WireHandover.SENT, 0x320n), half(WireHandover.RECEIVED, 0x310n));
	expect(scenario.tick().ipc).toEqual([]);
	expect(short(holds(scenario, peer, far).tick()).filter(([kind]) => kind === "fd-pass")).toEqual([
		["fd-pass", "eb-mine", "eb-peer", 2, 0, "observed"],
		["fd-pass", "eb-peer", "eb-mine", 1, 0, "observed"],
	]);
});
