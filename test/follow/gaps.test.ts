/** What is not followed, by rule: each kind of gap, and whom it concerns. */

import { expect, test } from "vitest";
import { Daemons } from "../../src/follow/daemons/daemons.ts";
import type { Followed, FollowedLink } from "../../src/follow/followed.ts";
import { findGaps } from "../../src/follow/gaps.ts";
import type { IpcRow } from "../../src/model/snapshot.ts";
import { Process } from "../../src/model/tables/process/process.ts";
import { WireStepFlag, WireStepKind } from "../../src/model/wire/layout.gen.ts";
import { blankRow } from "../helpers/blank-row.ts";

const OWN_PID = 5;
const command = new Process(10, 1, 0);
const server = new Process(20, 1, 0);
const stranger = new Process(30, 1, 0);
const GOROUTINE = 0x8000_0007;

function linkOf(to: Process, row: Partial<IpcRow>): FollowedLink {
	const ends = { from: command.ref, to: to.ref, basis: "observed", messages: 3, bytes: 7 } as const;
	return { row: { ...blankRow<IpcRow>("IpcRow"), ...ends, ...row }, from: command, to };
}

/** A followed command whose request `tid` of the server reads, with these links. */
function gapsOf(tid: number, ...links: FollowedLink[]) {
	const isOfCommand = (process: Process) => process === command;
	const all = [command, server, stranger];
	const daemons = new Daemons({
		isOfCommand,
		newest: (pid) => all.find((process) => process.pid === pid),
		command: () => command,
	});
	const none = { flags: 0, open: 0, object: "ask", socket: "s", position: 0, bytes: 8, mark: 0, dev: 0, gen: 0 };
	const message = { serial: 0, replySerial: 0, sender: 0, destination: 0, childTid: 0, childPid: 0 };
	daemons.stepped({ ...none, ...message, process: command, tid: 10, kind: WireStepKind.WRITE, timeNs: 1 });
	const flags = WireStepFlag.ACCEPTED;
	daemons.stepped({ ...none, ...message, flags, process: server, tid, kind: WireStepKind.READ, timeNs: 2 });
	// It also serves another client, so not all that it does is the command's.
	const other = { socket: "other", object: "0", flags, process: server, kind: WireStepKind.READ };
	daemons.stepped({ ...none, ...message, ...other, tid: 21, timeNs: 3 });
	const followed = {
		...{ daemons, lineage: { has: isOfCommand, missed: 0 }, missed: 0, health: null, uses: new Set() },
		links: new Map(links.map((link, at) => [String(at), link])),
	};
	return findGaps(followed as unknown as Followed, OWN_PID).map(({ kind, rule, process, says }) => [
		kind,
		rule,
		process?.pid,
		says,
	]);
}

test("of a followed daemon: what it does by itself, and goroutines that others started", () => {
	const later = [
		"later",
		"stream",
		20,
		expect.stringMatching(/ 20 did by itself after it had replied, as on a timer, is not followed\.$/),
	];
	expect(gapsOf(20)).toEqual([later]);
	expect(gapsOf(GOROUTINE)).toEqual([
		["goroutine", "lineage", 20, expect.stringMatching(/^What goroutines of .* 20 did /)],
		later,
	]);
});

test("of processes that the command only has links to; not of a followed one, nor of ebtop", () => {
	const found = gapsOf(
		20,
		linkOf(stranger, { kind: "unix-dgram", name: "/run/log" }),
		linkOf(server, { kind: "unix-stream", name: "/run/s" }),
		linkOf(new Process(OWN_PID, 1, 0), { kind: "pipe", name: null }),
		linkOf(stranger, { kind: "posix-shm", name: "/eb", basis: "open" }),
		linkOf(stranger, { kind: "pipe", name: null, basis: "open" }),
		linkOf(stranger, { kind: "signal", name: "SIGUSR1" }),
	);
	expect(found.slice(0, -1)).toEqual([
		["daemon", "stream", 30, expect.stringContaining(" 30 did for the command over unix-dgram /run/log ")],
		["memory", null, 30, expect.stringContaining(" 30 has posix-shm /eb of the command: ")],
		["signal", "signal", 30, expect.stringContaining(" 30 did for 3 of 3 SIGUSR1 of the command ")],
	]);
});
