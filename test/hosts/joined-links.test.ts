import { expect, test } from "vitest";
import { JoinedLinks } from "../../src/hosts/joined-links.ts";
import type { TcpRow } from "../../src/model/snapshot.ts";
import { aSocket } from "../helpers/snapshots.ts";

const NOW = "2026-11-28T09:00:00.000Z";
const LATER = "2026-11-28T09:00:01.000Z";

const CLIENT: Partial<TcpRow> = {
	...{ host: "a", pid: 10, comm: "eb-near", role: "client", txBytes: 7919, txRate: 7 },
	...{ localAddress: "10.0.0.1", localPort: 40_000, remoteAddress: "10.0.0.2", remotePort: 80 },
};
const SERVER: Partial<TcpRow> = {
	...{ host: "b", pid: 20, comm: "eb-far", role: "server", txBytes: 104_729, txRate: 11 },
	...{ localAddress: "10.0.0.2", localPort: 80, remoteAddress: "10.0.0.1", remotePort: 40_000 },
};

function linksOf(...rows: Partial<TcpRow>[]) {
	return new JoinedLinks().of(rows.map(aSocket), NOW);
}

test("a link each way, with what its sender counts; the client stands first in its name", () => {
	const near = { pid: 10, comm: "eb-near", host: "a" };
	const far = { pid: 20, comm: "eb-far", host: "b" };
	const channel = "tcp:10.0.0.1:40000-10.0.0.2:80";
	const usual = { kind: "tcp", channel, name: null, messages: 0, basis: "observed", lastSeen: NOW };
	const expected = [
		{ ...usual, host: "a", from: near, to: far, bytes: 7919, rate: 7 },
		{ ...usual, host: "b", from: far, to: near, bytes: 104_729, rate: 11 },
	];
	expect(linksOf(CLIENT, SERVER)).toEqual(expected);
	expect(linksOf(SERVER, CLIENT)).toEqual(expected);
	expect(linksOf({ ...SERVER, role: "unknown" }, CLIENT)).toEqual(expected);
});

test("open without data, one link; data later is seen then, and stays seen", () => {
	const links = new JoinedLinks();
	const quiet = [aSocket({ ...CLIENT, txBytes: 0 }), aSocket({ ...SERVER, txBytes: 0 })];
	expect(links.of(quiet, NOW)).toMatchObject([{ from: { host: "a" }, basis: "open", bytes: 0, lastSeen: null }]);
	const busy = [aSocket(CLIENT), aSocket({ ...SERVER, txBytes: 0 })];
	expect(links.of(busy, LATER)).toMatchObject([{ basis: "observed", bytes: 7919, lastSeen: LATER }]);
	expect(links.of(busy, "2026-11-28T09:00:02.000Z")).toMatchObject([{ lastSeen: LATER }]);
});

test.each([
	["both ends on one machine", [CLIENT, { ...SERVER, host: "a" }]],
	["one end only", [CLIENT]],
	["an end that could be of two machines", [CLIENT, SERVER, { ...SERVER, host: "c" }]],
	["an end without a process", [CLIENT, { ...SERVER, pid: 0 }]],
	["other ports", [CLIENT, { ...SERVER, remotePort: 40_001 }]],
	[
		"loopback, which each machine has",
		[
			{ ...CLIENT, localAddress: "127.0.0.1", remoteAddress: "127.0.0.1" },
			{ ...SERVER, localAddress: "127.0.0.1", remoteAddress: "127.0.0.1" },
		],
	],
	[
		"link-local addresses",
		[
			{ ...CLIENT, localAddress: "fe80::1", remoteAddress: "fe80::2" },
			{ ...SERVER, localAddress: "fe80::2", remoteAddress: "fe80::1" },
		],
	],
	["a listener", [CLIENT, { ...SERVER, remotePort: 0, remoteAddress: "0.0.0.0", state: "LISTEN" }]],
] as [string, Partial<TcpRow>[]][])("not joined: %s", (_, rows) => {
	expect(linksOf(...rows)).toEqual([]);
});

test("all of 1,000 connections", () => {
	const rows = Array.from({ length: 1000 }, (_, at) => [
		aSocket({ ...CLIENT, localPort: at + 1 }),
		aSocket({ ...SERVER, remotePort: at + 1 }),
	]).flat();
	expect(new JoinedLinks().of(rows, NOW)).toHaveLength(2000);
});
