/** Descriptors sent and received over unix sockets: two halves that addresses join. */

import { expect, test } from "vitest";
import { WireHandover, WireKind, WireType } from "../../src/model/wire/layout.gen.ts";
import { Scenario, type Who } from "../helpers/scenario.ts";
import { record } from "../helpers/wire-encode.ts";

const [giver, taker, stranger] = [10, 20, 30].map((pid) => ({ pid, start: 100n })) as [Who, Who, Who];
const { SENT, RECEIVED } = WireHandover;
const SOCK = 0xffff_8880_0000_2000n;
const socket = { dev: 8, kind: WireKind.UNIX_STREAM, mode: 0o140777, sock: SOCK };

function half(scenario: Scenario, who: Who, how: number, ino = 71n): Scenario {
	return scenario.add(
		record(WireType.FD_PASS, "wire_fd_pass", scenario.head(who), { file: 0x990n, dev: 8, ino, sock: SOCK, how }),
	);
}

const links = (scenario: Scenario, seconds = 1) =>
	scenario
		.tick(seconds)
		.ipc.filter(({ kind }) => kind === "fd-pass")
		.map(({ from, to, messages }) => [from.pid, to.pid, messages]);

test("the halves join in either order, and a message may wait for minutes", () => {
	const scenario = new Scenario().object(taker, { ...socket, ino: 501 });
	half(half(scenario, taker, RECEIVED), giver, SENT);
	expect(links(scenario)).toEqual([[10, 20, 1]]);
	half(scenario, giver, SENT);
	links(scenario, 300);
	half(scenario, taker, RECEIVED);
	expect(links(scenario)).toEqual([[10, 20, 2]]);
});

test("a message that died with its socket is not received by the next socket at its address", () => {
	const scenario = half(new Scenario().object(taker, { ...socket, ino: 501 }), giver, SENT);
	expect(links(scenario)).toEqual([]);
	half(scenario.object(stranger, { ...socket, ino: 502 }), stranger, RECEIVED);
	expect(links(scenario)).toEqual([]);
});

test("what was sent to a socket that nobody accepted is forgotten after a minute", () => {
	const scenario = half(new Scenario(), giver, SENT);
	links(scenario, 61);
	expect(links(half(scenario, stranger, RECEIVED))).toEqual([]);
});

test("what was received from nobody who was seen is not taken for what somebody sends later", () => {
	const scenario = half(new Scenario().object(taker, { ...socket, ino: 501 }), taker, RECEIVED);
	links(scenario, 11);
	expect(links(half(scenario, stranger, SENT))).toEqual([]);
});

test("another file at the address of the one that was sent is not that one", () => {
	const scenario = half(new Scenario().object(taker, { ...socket, ino: 501 }), giver, SENT, 71n);
	expect(links(half(scenario, taker, RECEIVED, 73n))).toEqual([]);
});
