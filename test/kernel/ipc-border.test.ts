/**
 * --pid and --comm: the links of a wanted process with others. The other ends are known although none of their calls is
 * counted, and no other pane has a row of them.
 */

import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type LinkCase, linksOf, rowsOf, sideBySide, testEach } from "../helpers/links.ts";
import { describeLive, LiveSession, whyNoHandover, whyNoMappings } from "../helpers/live-session.ts";
import { until, Workload } from "../helpers/workload.ts";

interface Border extends LinkCase {
	readonly roles: readonly [string, string];
	/** Data arrives in whole messages; else the wanted process may have read it in other pieces. */
	readonly hasMessages?: boolean;
	/** Which of the two is wanted; by default each in turn. */
	readonly of?: string;
}

/** The name of the wanted role in `role.h`. */
const WANTED = "eb-wanted";

/** The option that forces a tiny size, and the table's name in health. */
const TABLES = [
	["peers", "process-peers"],
	["channels", "ipc-channels"],
] as const;

/** Of the workload's processes, only the wanted one has rows in the other panes. */
function expectOnly(snapshot: Snapshot, workload: Workload, wanted: string): void {
	const pids = new Set(workload.pids.values());
	const seen = (rows: readonly { readonly pid: number }[]) => [
		...new Set(rows.map((row) => row.pid).filter((pid) => pids.has(pid))),
	];
	const pid = workload.pid(wanted);
	expect(seen(snapshot.processes)).toEqual([pid]);
	for (const rows of [snapshot.syscalls, snapshot.files, snapshot.tcp]) expect([[], [pid]]).toContainEqual(seen(rows));
}

/** Ids of System V objects and numbers of terminals vary. */
function namedLinks(snapshot: Snapshot, workload: Workload, wanted: string): string[] {
	return linksOf(snapshot, workload)
		.map((link) => link.replace(/ id \d+$/, "").replace(WANTED, wanted))
		.sort();
}

/** Objects that are only held open appear after the next pass over all descriptors. */
async function expectLinks(session: LiveSession, workload: Workload, border: Border, wanted: string) {
	const isExact = (link: string) => border.hasMessages || !link.includes(`> ${wanted} `);
	const known = (link: string) => (isExact(link) ? link : link.replace(/\d+ messages/, "read as"));
	const seen = (snapshot: Snapshot) => namedLinks(snapshot, workload, wanted).map(known);
	const snapshot = await session.expect(seen, border.worked.map(known));
	expect(session.losses()).toEqual([]);
	return snapshot;
}

/** A test for each border, with its first or its second role as the wanted one. */
function borderTests(borders: Readonly<Record<string, Border>>, which: 0 | 1): void {
	const wantedIn = (border: Border) => border.roles[which];
	const cases = Object.entries(borders)
		.filter(([, border]) => border.of === undefined || border.of === wantedIn(border))
		.map(([name, border]) => {
			const environment = { ...border.environment, WANTED: wantedIn(border) };
			return [name, { ...border, environment }] as const;
		});
	const all = cases.map(([, border]) => border);

	describe(`of the ${which === 0 ? "first" : "second"}, known by its name`, () => {
		const { session, workload } = sideBySide(all, false, () => new LiveSession({ comm: WANTED }));
		testEach(cases, async (border) => {
			const wanted = wantedIn(border);
			expectOnly(await expectLinks(session(), workload(border), border, wanted), workload(border), wanted);
		});
	});

	describe(`of the ${which === 0 ? "first" : "second"}, known by its pid and older than the session, as its peer`, () => {
		const { session, workload } = sideBySide(all, true, (workloads) => {
			const pids = [...workloads].map(([border, workload]) => workload.pid(wantedIn(border)));
			return new LiveSession({ pids });
		});
		testEach(cases, async (border) => {
			const wanted = wantedIn(border);
			if (border.open) expect(namedLinks(session().first, workload(border), wanted)).toEqual(border.open);
			expectOnly(await expectLinks(session(), workload(border), border, wanted), workload(border), wanted);
		});
	});
}

const both = (kind: string, name = "", server = "eb-server") => [
	`${kind} eb-client > ${server} 11 messages 11143 bytes observed${name}`,
	`${kind} ${server} > eb-client 5 messages 1535 bytes observed${name}`,
];
const client = { roles: ["eb-client", "eb-server"], args: [11, 1013, 5, 307] } as const;
const writer = { workload: "ipc-pipe", roles: ["eb-writer", "eb-reader"] } as const;

const udp = {
	...client,
	workload: "ipc-inet",
	args: ["udp", "127.0.0.1", ...client.args],
	open: ["udp eb-server > eb-client 0 messages 0 bytes open"],
	hasMessages: true,
};

const BORDERS: Readonly<Record<string, Border>> = {
	"a pipe": {
		...writer,
		args: ["one", 11, 1013],
		open: ["pipe eb-writer > eb-reader 0 messages 0 bytes open"],
		worked: ["pipe eb-writer > eb-reader 11 messages 11143 bytes observed"],
	},
	"a pipe whose both ends a parent still holds": {
		...writer,
		args: ["holder", 13, 509],
		open: ["pipe eb-writer > eb-reader 0 messages 0 bytes open"],
		worked: ["pipe eb-writer > eb-reader 13 messages 6617 bytes observed"],
	},
	"a FIFO": {
		...writer,
		args: ["fifo", 7, 1009],
		open: ["fifo eb-writer > eb-reader 0 messages 0 bytes open $DIR/pipe.fifo"],
		worked: ["fifo eb-writer > eb-reader 7 messages 7063 bytes observed $DIR/pipe.fifo"],
	},
	"a socketpair": {
		...client,
		workload: "ipc-unix",
		args: ["pair", ...client.args],
		open: ["unix-stream eb-client > eb-server 0 messages 0 bytes open"],
		worked: both("unix-stream"),
	},
	"a unix socket by its path": {
		...client,
		workload: "ipc-unix",
		args: ["listen", ...client.args],
		worked: both("unix-stream", " server.sock"),
	},
	"TCP over loopback": {
		...client,
		workload: "ipc-inet",
		args: ["tcp", "127.0.0.1", ...client.args],
		open: ["tcp eb-server > eb-client 0 messages 0 bytes open"],
		worked: both("tcp"),
	},
	"the child that serves a unix socket": {
		workload: "ipc-unix",
		args: ["forked", ...client.args],
		roles: ["eb-client", "eb-worker"],
		open: ["unix-stream eb-client > eb-worker 0 messages 0 bytes open server.sock"],
		worked: both("unix-stream", " server.sock", "eb-worker"),
	},
	"the child that serves a TCP connection": {
		workload: "ipc-inet",
		args: ["tcp-forked", "::1", ...client.args],
		roles: ["eb-client", "eb-worker"],
		open: ["tcp eb-client > eb-worker 0 messages 0 bytes open"],
		worked: both("tcp", "", "eb-worker"),
	},
	signals: {
		workload: "ipc-pass",
		args: ["signals", 13],
		roles: ["eb-sender", "eb-target"],
		hasMessages: true,
		worked: [
			"signal eb-sender > eb-target 13 messages 0 bytes observed SIGUSR1",
			"signal eb-sender > eb-target 14 messages 0 bytes observed SIGUSR2",
			"signal eb-sender > eb-target 15 messages 0 bytes observed SIGRTMIN",
		],
	},
	"descriptors handed over": {
		workload: "ipc-pass",
		args: ["rights", 13],
		whyNot: whyNoHandover,
		roles: ["eb-giver", "eb-taker"],
		open: ["unix-stream eb-giver > eb-taker 0 messages 0 bytes open"],
		hasMessages: true,
		worked: [
			"fd-pass eb-giver > eb-taker 13 messages 0 bytes observed $DIR/passed",
			"unix-stream eb-giver > eb-taker 13 messages 13 bytes observed",
		],
	},
	"a message queue of System V": {
		workload: "ipc-sysv",
		args: ["msg", 0, 13, 4099],
		roles: ["eb-sender", "eb-receiver"],
		hasMessages: true,
		worked: ["sysv-msg eb-sender > eb-receiver 13 messages 53287 bytes observed key 0x00000000"],
	},
	"memory of System V": {
		workload: "ipc-sysv",
		args: ["shm", 0, 13, 4099],
		roles: ["eb-first", "eb-second"],
		open: ["sysv-shm eb-first > eb-second 0 messages 0 bytes open key 0x00000000"],
		worked: ["sysv-shm eb-first > eb-second 0 messages 0 bytes open key 0x00000000"],
	},
	"a semaphore of System V, which remembers who used it last": {
		of: "eb-poster",
		workload: "ipc-sysv",
		args: ["sem", 0, 13, 4099],
		roles: ["eb-poster", "eb-taker"],
		worked: ["sysv-sem eb-poster > eb-taker 13 messages 0 bytes open key 0x00000000"],
	},
	"a datagram socket pair": {
		...client,
		workload: "ipc-unix",
		environment: { SOCKET_TYPE: "dgram" },
		args: ["pair", ...client.args],
		open: ["unix-dgram eb-client > eb-server 0 messages 0 bytes open"],
		hasMessages: true,
		worked: both("unix-dgram"),
	},
	"a message queue of POSIX": {
		workload: "ipc-posix",
		args: ["mq", "eb-queue", 13, 211],
		roles: ["eb-sender", "eb-receiver"],
		open: ["posix-mq eb-sender > eb-receiver 0 messages 0 bytes open /eb-queue"],
		hasMessages: true,
		worked: ["posix-mq eb-sender > eb-receiver 13 messages 2743 bytes observed /eb-queue"],
	},
	"shared memory of POSIX, one with its descriptor closed": {
		workload: "ipc-posix",
		args: ["shm", "eb-memory", 13, 4099],
		roles: ["eb-first", "eb-second"],
		whyNot: whyNoMappings,
		open: ["posix-shm eb-first > eb-second 0 messages 0 bytes open /eb-memory"],
		worked: ["posix-shm eb-first > eb-second 0 messages 0 bytes open /eb-memory"],
	},
	"shared anonymous memory": {
		workload: "ipc-posix",
		args: ["anonymous"],
		roles: ["eb-first", "eb-second"],
		whyNot: whyNoMappings,
		open: ["memfd eb-first > eb-second 0 messages 0 bytes open /dev/zero"],
		worked: ["memfd eb-first > eb-second 0 messages 0 bytes open /dev/zero"],
	},
	"an eventfd": {
		workload: "ipc-pass",
		args: ["eventfd", 13],
		roles: ["eb-ringer", "eb-waiter"],
		open: ["eventfd eb-ringer > eb-waiter 0 messages 0 bytes open"],
		hasMessages: true,
		worked: ["eventfd eb-ringer > eb-waiter 13 messages 104 bytes observed"],
	},
	"UDP, a connected socket": { ...udp, of: "eb-client", worked: both("udp") },
	"UDP, a socket that any process may send to": {
		...udp,
		of: "eb-server",
		worked: ["udp eb-server > eb-client 0 messages 0 bytes open", ...both("udp").slice(1)],
	},
	"datagrams to a path": {
		...client,
		workload: "ipc-unix",
		environment: { SOCKET_TYPE: "dgram" },
		args: ["datagram", 13, 211],
		of: "eb-client",
		open: ["unix-dgram eb-server > eb-client 0 messages 0 bytes open server.sock"],
		hasMessages: true,
		worked: ["unix-dgram eb-client > eb-server 13 messages 2743 bytes observed server.sock"],
	},
	"datagrams to a path, never connected": {
		...client,
		workload: "ipc-unix",
		environment: { SOCKET_TYPE: "dgram" },
		args: ["datagram-to", ...client.args],
		of: "eb-client",
		hasMessages: true,
		worked: ["unix-dgram eb-client > eb-server 11 messages 11143 bytes observed server.sock"],
	},
	"a descriptor taken by pidfd_getfd": {
		workload: "ipc-pass",
		args: ["getfd", 11],
		whyNot: whyNoHandover,
		roles: ["eb-giver", "eb-taker"],
		of: "eb-taker",
		hasMessages: true,
		worked: ["fd-pass eb-giver > eb-taker 11 messages 0 bytes observed $DIR/passed"],
	},
	"a pseudo terminal": {
		workload: "ipc-pass",
		args: ["pty", 13, 101],
		roles: ["eb-terminal", "eb-shell"],
		worked: [
			"pty eb-shell > eb-terminal 1 messages 1009 bytes observed /dev/pts/N",
			"pty eb-terminal > eb-shell 13 messages 1313 bytes observed /dev/pts/N",
		],
	},
};

describeLive("links across the border of --pid and --comm", () => {
	borderTests(BORDERS, 0);
	borderTests(BORDERS, 1);
	test("a client that is gone before the first refresh", async () => {
		const session = new LiveSession({ comm: "eb-server" });
		const workload = new Workload("ipc-unix", ["brief", 11, 1013]);
		try {
			await workload.ready("eb-server");
			await workload.work("eb-server");
			const client = workload.pid("eb-client");
			await until("its end", () => !existsSync(`/proc/${client}`));
			const rows = rowsOf(session.refresh(), workload);
			expect(rows.map((row) => [row.from.comm, row.to.comm, row.bytes, row.basis, row.name])).toEqual([
				["eb-client", "eb-server", 11143, "observed", "server.sock"],
			]);
		} finally {
			await workload.end();
			session.close();
		}
	});
});

describeLive("full tables of what wanted processes have to do with", () => {
	test.each([
		["process-peers", { peers: 7 }, { pairs: 11, channels: 13 }, 1],
		["ipc-channels", { channels: 11 }, { pairs: 1, channels: 13 }, 2],
	] as const)("%s: a user who fills it hides no other user's links", async (name, capacity, hogs, channels) => {
		const of = (user: number, pairs: number, count: number) =>
			new Workload("ipc-busy", ["busy", count, 3, 11], { PAIRS: `${pairs}`, UID: `${user}` });
		const hog = of(65534, hogs.pairs, hogs.channels);
		const victim = of(65533, 1, channels);
		const session = new LiveSession({ comm: "eb-feeder*", capacity });
		try {
			await hog.ready(
				...Array.from({ length: hogs.pairs }, (_, pair) => [`eb-feeder${pair}`, `eb-drainer${pair}`]).flat(),
			);
			const isFull = ({ health }: Snapshot) => health.maps.some(({ map, overflow }) => map === name && overflow > 0);
			await session.until("a full table", isFull);
			await victim.ready("eb-feeder0", "eb-drainer0");
			const ends = ["eb-drainer0", "eb-feeder0"];
			let refreshes = 0;
			await session.until("both ends of all links of the victim, refresh after refresh", (snapshot) => {
				const links = rowsOf(snapshot, victim).map(({ from, to }) => `${[from.comm, to.comm].sort()}`);
				const areAll = links.length === 2 * channels && links.every((link) => link === `${ends}`);
				refreshes = areAll ? refreshes + 1 : 0;
				return refreshes === 5;
			});
		} finally {
			await Promise.all([hog.end(), victim.end()]);
			session.close();
		}
	});
	test.each(TABLES)("%s: each that found no room is counted once, and reported", async (option, name) => {
		const pairs = [0, 1, 2].map((pair) => [`eb-feeder${pair}`, `eb-drainer${pair}`] as const);
		const workload = new Workload("ipc-busy", ["busy", 5, 3, 11], { PAIRS: "3" });
		try {
			await workload.ready(...pairs.flat());
			const pids = pairs.map(([feeder]) => workload.pid(feeder));
			const session = new LiveSession({ pids, capacity: { [option]: 1 } });
			const tableOf = (snapshot: Snapshot) => snapshot.health.maps.find(({ map }) => map === name);
			let isSaid = false;
			const full = await session.until("what finds no room", (snapshot) => {
				const texts = [...session.first.events, ...snapshot.events].map(({ text }) => text);
				isSaid ||= texts.some((text) => text.startsWith(`table ${name} is full`));
				return isSaid && (tableOf(snapshot)?.overflow ?? 0) >= 2 && snapshot;
			});
			expect(tableOf(full)).toMatchObject({ used: 1, capacity: 1 });
			let before = -1;
			await session.until("passes that bring no news", (snapshot) => {
				const { overflow = 0 } = tableOf(snapshot) ?? {};
				const isSame = overflow === before;
				before = overflow;
				return isSame;
			});
			session.close();
		} finally {
			await workload.end();
		}
	});
});
