/** Links over unix sockets: the peer is the process that uses the peer socket. */

import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { WireHow, WireKind } from "../../src/model/wire/layout.gen.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";

const [client, server, child, other] = [10, 20, 21, 30].map((pid) => ({ pid, start: 100n })) as [Who, Who, Who, Who];
const A = 0xffff_8880_0000_1000n;
const B = 0xffff_8880_0000_2000n;
const L = 0xffff_8880_0000_3000n;
const kind = WireKind.UNIX_STREAM;
const near = { kind, dev: 8, ino: 501, sock: A, peer: B, fmode: 3 };
const far = { kind, dev: 8, ino: 502, sock: B, peer: A, fmode: 3 };
const io = (ino: number) => ({ dev: 8, ino });
const PEER_NAME = 4;

const short = (snapshot: Snapshot) =>
	snapshot.ipc.map((row) => [row.from.pid, row.to.pid, row.messages, row.bytes, row.basis]).sort();

test("two directions are two links, named after the listening end", () => {
	const scenario = new Scenario();
	scenario.object(client, { ...near, name_flags: PEER_NAME }, "/run/eb.sock");
	scenario.object(server, far, "/run/eb.sock");
	scenario.io(client, { ...io(501), writes: 3, write_bytes: 300, reads: 1, read_bytes: 40 });
	scenario.io(server, { ...io(502), writes: 1, write_bytes: 40, reads: 3, read_bytes: 300 });
	const snapshot = scenario.tick();
	expect(short(snapshot)).toEqual([
		[10, 20, 3, 300, "observed"],
		[20, 10, 1, 40, "observed"],
	]);
	const named = { kind: "unix-stream", channel: "unix:[501,502]", name: "/run/eb.sock" };
	expect(snapshot.ipc).toMatchObject([named, named]);
});

test("written before accept: the link exists once the other side is seen", () => {
	const scenario = new Scenario().object(client, near).io(client, { ...io(501), writes: 1, write_bytes: 9 });
	expect(scenario.tick().ipc).toEqual([]);
	scenario.object(server, far);
	expect(short(scenario.tick())).toEqual([[10, 20, 1, 9, "observed"]]);
});

test("a new socket at the address of a peer that is gone is not a peer", () => {
	const scenario = new Scenario().object(client, near).io(client, { ...io(501), writes: 1, write_bytes: 9 });
	scenario.object(server, far).io(server, { ...io(502), reads: 1, read_bytes: 9 });
	scenario.tick();
	// Not connected yet when it is first seen, like any socket between socket() and connect().
	scenario.object(other, { ...far, ino: 601, peer: 0n }).io(other, { ...io(601), writes: 1, write_bytes: 7 });
	expect(short(scenario.tick())).toEqual([[10, 20, 1, 9, "observed"]]);
});

test("a new pair at the swapped addresses of a pair that is gone is a pair of its own", () => {
	const scenario = new Scenario().object(client, near).io(client, { ...io(501), writes: 1, write_bytes: 9 });
	scenario.object(server, far).io(server, { ...io(502), reads: 1, read_bytes: 9 });
	scenario.tick();
	// The new client comes first: the socket that has its peer's address so far is the old client.
	scenario.object(other, { ...far, ino: 601 }).io(other, { ...io(601), writes: 1, write_bytes: 7 });
	scenario.object(server, { ...near, ino: 602 }).io(server, { ...io(602), reads: 1, read_bytes: 7 });
	expect(short(scenario.tick())).toEqual([
		[10, 20, 1, 9, "observed"],
		[30, 20, 1, 7, "observed"],
	]);
});

/** A client whose server closed before it accepted: no process was seen with the other end. */
const refused = { ...near, name_flags: PEER_NAME };

test("a socket that is not connected yet, at the address of an end that was never seen, is not a peer", () => {
	const scenario = new Scenario().object(client, refused, "/run/eb.sock").io(client, { ...io(501), writes: 1 });
	scenario.tick();
	const later = { ...far, ino: 601, peer: L };
	scenario.object(other, { ...later, peer: 0n });
	scenario.object(other, { ...later, name_flags: PEER_NAME }, "/run/eb-other.sock");
	scenario.object(server, { ...near, ino: 602, sock: L, peer: B, peer_ino: 601 }, "/run/eb-other.sock");
	scenario.io(other, { ...io(601), writes: 7, write_bytes: 707 });
	expect(short(scenario.tick())).toEqual([[30, 20, 7, 707, "observed"]]);
});

test("a new pair at both addresses of a pair of which only one end was seen is a pair of its own", () => {
	const scenario = new Scenario().object(client, refused, "/run/eb.sock").io(client, { ...io(501), writes: 1 });
	scenario.tick();
	scenario.object(other, { ...far, ino: 601, name_flags: PEER_NAME }, "/run/eb.sock");
	scenario.io(other, { ...io(601), writes: 7, write_bytes: 707 });
	expect(short(scenario.tick())).toEqual([]);
	scenario.object(server, { ...near, ino: 602, peer_ino: 601 }, "/run/eb.sock");
	expect(short(scenario.tick())).toEqual([[30, 20, 7, 707, "observed"]]);
});

test("a client that is gone before its server accepts has a link by the addresses alone", () => {
	const scenario = new Scenario().object(client, refused, "/run/eb.sock");
	scenario.io(client, { ...io(501), writes: 3, write_bytes: 303 }).object(server, far, "/run/eb.sock");
	expect(short(scenario.tick())).toEqual([[10, 20, 3, 303, "observed"]]);
});

test("in a forked server the child that serves is the peer, not the parent that accepted", () => {
	const scenario = new Scenario().object(client, near).object(server, far);
	scenario.object(child, far).io(child, { ...io(502), reads: 1, read_bytes: 8 });
	scenario.io(client, { ...io(501), writes: 1, write_bytes: 8 });
	expect(short(scenario.tick())).toEqual([[10, 21, 1, 8, "observed"]]);
});

test("nothing sent yet: one open link from the lower pid", () => {
	const scenario = new Scenario();
	scenario.object(server, { ...far, how: WireHow.HELD }).object(client, { ...near, how: WireHow.HELD });
	expect(short(scenario.tick())).toEqual([[10, 20, 0, 0, "open"]]);
});

test("a reused address does not join unrelated sockets", () => {
	const scenario = new Scenario().object(server, { ...far, peer: 0x77n });
	scenario.object(client, near).io(client, { ...io(501), writes: 1, write_bytes: 1 });
	expect(scenario.tick().ipc).toEqual([]);
});

test("sources without kernel addresses pair by inode", () => {
	const scenario = new Scenario();
	scenario.object(client, { ...near, sock: 0, peer: 0, peer_ino: 502 });
	scenario.object(server, { ...far, sock: 0, peer: 0, peer_ino: 501 });
	expect(short(scenario.tick())).toEqual([[10, 20, 0, 0, "open"]]);
});

test("abstract names begin with @", () => {
	const scenario = new Scenario().object(client, near).object(server, far, "\0eb\x1babstract");
	expect(scenario.tick().ipc).toMatchObject([{ name: "@eb\\x1babstract" }]);
});

test("datagrams: bytes count for their sender, even if others send to the same socket", () => {
	const dgram = { kind: WireKind.UNIX_DGRAM, dev: 8, fmode: 3 };
	const scenario = new Scenario().object(server, { ...dgram, ino: 600, sock: L }, "/run/eb-log");
	scenario.object(
		client,
		{ ...dgram, ino: 601, sock: A, peer: L, peer_ino: 600, name_flags: PEER_NAME },
		"/run/eb-log",
	);
	// Not connected: only the name tells where it sends to.
	scenario.object(other, { ...dgram, ino: 602, sock: B, name_flags: PEER_NAME }, "/run/eb-log");
	scenario.io(client, { ...io(601), writes: 2, write_bytes: 20 });
	scenario.io(other, { ...io(602), writes: 5, write_bytes: 55 });
	scenario.io(server, { ...io(600), reads: 7, read_bytes: 75 });
	const snapshot = scenario.tick();
	expect(short(snapshot)).toEqual([
		[10, 20, 2, 20, "observed"],
		[30, 20, 5, 55, "observed"],
	]);
	expect(snapshot.ipc.every((row) => row.kind === "unix-dgram" && row.name === "/run/eb-log")).toBe(true);
});

test("a pair that a pass finds closed goes after five seconds", () => {
	const scenario = new Scenario().object(client, near).object(server, far);
	scenario.io(client, { ...io(501), writes: 1, write_bytes: 1 });
	expect(scenario.tick().ipc).toHaveLength(1);
	expect(scenario.pass("OBJECTS").tick().ipc).toHaveLength(1);
	scenario.tick(6);
	expect(scenario.tick().ipc).toHaveLength(0);
});
