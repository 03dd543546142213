/** Descriptors sent and received over unix sockets: two halves that are joined by addresses. */

import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
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

test("a message lost with its socket is not received by the next socket at its address", () => {
	const scenario = half(new Scenario().object(taker, { ...socket, ino: 501 }), giver, SENT);
	expect(links(scenario)).toEqual([]);
	half(scenario.object(stranger, { ...socket, ino: 502 }), stranger, RECEIVED);
	expect(links(scenario)).toEqual([[10, 0, 1]]);
});

const lossesIn = (snapshot: Snapshot) => snapshot.events.filter(({ type }) => type === "loss").map(({ data }) => data);

test("what was sent to a socket that was never accepted is in a row to others after a minute, with an event", () => {
	const scenario = half(half(half(new Scenario(), giver, SENT), giver, SENT, 73n), giver, SENT);
	expect(links(scenario)).toEqual([]);
	const later = scenario.tick(61);
	expect(later.ipc).toMatchObject([
		{ kind: "fd-pass", name: "other", from: { pid: 10 }, to: { pid: 0, comm: "other" } },
	]);
	expect(lossesIn(later)).toEqual([{ of: "handovers", count: 3 }]);
	expect(links(half(scenario, stranger, RECEIVED))).toEqual([[10, 0, 3]]);
	expect(lossesIn(scenario.tick())).toEqual([]);
});

test("what was received from an unknown sender is in a row from others, and not matched with what is sent later", () => {
	const scenario = half(new Scenario().object(taker, { ...socket, ino: 501 }), taker, RECEIVED);
	const later = scenario.tick(11);
	expect(later.ipc).toMatchObject([{ kind: "fd-pass", from: { pid: 0, comm: "other" }, to: { pid: 20 }, messages: 1 }]);
	expect(lossesIn(later)).toEqual([{ of: "handovers", count: 1 }]);
	expect(links(half(scenario, stranger, SENT))).toEqual([[0, 20, 1]]);
	scenario.exit(taker).tick();
	expect(links(scenario, 6)).toEqual([[30, 0, 1]]); // the socket is gone, with what waited for it
});

test("another file at the address of the one that was sent is not that one", () => {
	const scenario = half(new Scenario().object(taker, { ...socket, ino: 501 }), giver, SENT, 71n);
	expect(links(half(scenario, taker, RECEIVED, 73n))).toEqual([]);
});
