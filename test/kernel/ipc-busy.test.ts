/** Many links at once: none lost, none confused, all exact. */

import { expect, test } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { linksOf, rowsOf } from "../helpers/links.ts";
import { describeLive, LiveSession, whyNoHandover, whyNoMappings } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const PAIRS = 10;
const CHANNELS = 50;
const MESSAGES = 101;
const BYTES = 211;

/** Refreshes as the program does until all roles are done. */
async function watch(session: LiveSession, work: Promise<unknown>): Promise<Snapshot> {
	let isDone = false;
	work.then(() => {
		isDone = true;
	});
	while (!isDone) {
		await new Promise((resolve) => setTimeout(resolve, 20));
		session.drain();
	}
	await work;
	return session.refresh();
}

const describeRow = (row: IpcRow) =>
	`${row.kind} ${row.from.comm} > ${row.to.comm} ${row.messages} ${row.bytes} ${row.basis}`;

describeLive("500 pipes and 500 sockets busy", () => {
	for (const isOlder of [false, true])
		test(isOlder ? "older than the session" : "made while it runs", async () => {
			let session = isOlder ? null : new LiveSession();
			const roles = Array.from({ length: PAIRS }, (_, pair) => [`eb-feeder${pair}`, `eb-drainer${pair}`]).flat();
			const workload = new Workload("ipc-busy", ["busy", CHANNELS, MESSAGES, BYTES], { PAIRS: `${PAIRS}` });
			try {
				await workload.ready(...roles);
				session ??= new LiveSession();
				const snapshot = await watch(session, workload.work(...roles));
				const expected = Array.from({ length: PAIRS }, (_, pair) =>
					["pipe", "unix-stream"].flatMap((kind) =>
						Array<string>(CHANNELS).fill(
							`${kind} eb-feeder${pair} > eb-drainer${pair} ${MESSAGES} ${MESSAGES * BYTES} observed`,
						),
					),
				).flat();
				const rows = rowsOf(snapshot, workload);
				expect(rows.map(describeRow).sort()).toEqual(expected.sort());
				expect(new Set(rows.map((row) => row.channel)).size).toBe(2 * PAIRS * CHANNELS);
				expect(session.losses()).toEqual([]);
			} finally {
				await workload.end();
				session?.close();
			}
		});
});

const EVERYTHING: readonly (readonly [string, string, readonly string[], readonly (string | number)[], string])[] = [
	["pipe", "ipc-pipe", ["eb-writer", "eb-reader"], ["one", 7, 1009], "observed"],
	["fifo", "ipc-pipe", ["eb-writer", "eb-reader"], ["fifo", 7, 1009], "observed"],
	["unix-stream", "ipc-unix", ["eb-client", "eb-server"], ["listen", 7, 1009, 0, 1], "observed"],
	["unix-dgram", "ipc-unix", ["eb-client", "eb-server"], ["datagram", 7, 1009], "observed"],
	["tcp", "ipc-inet", ["eb-client", "eb-server"], ["tcp", "127.0.0.1", 7, 1009, 0, 1], "observed"],
	["udp", "ipc-inet", ["eb-client", "eb-server"], ["udp", "::1", 7, 1009, 0, 1], "observed"],
	["sysv-sem", "ipc-sysv", ["eb-poster", "eb-taker"], ["sem", 0, 7], "observed"],
	["sysv-msg", "ipc-sysv", ["eb-sender", "eb-receiver"], ["msg", 0, 7, 1009], "observed"],
	["sysv-shm", "ipc-sysv", ["eb-first", "eb-second"], ["shm", 0], "open"],
	["posix-shm", "ipc-posix", ["eb-first", "eb-second"], ["shm", "eb-all"], "open"],
	["posix-sem", "ipc-posix", ["eb-poster", "eb-taker"], ["sem", "eb-all", 7], "open"],
	["posix-mq", "ipc-posix", ["eb-sender", "eb-receiver"], ["mq", "eb-all", 7, 1009], "observed"],
	["memfd", "ipc-posix", ["eb-first", "eb-second"], ["memfd", "eb-all"], "observed"],
	["signal", "ipc-pass", ["eb-sender", "eb-target"], ["signals", 7], "observed"],
	["fd-pass", "ipc-pass", ["eb-giver", "eb-taker"], ["getfd", 7], "observed"],
	["eventfd", "ipc-pass", ["eb-ringer", "eb-waiter"], ["eventfd", 7], "observed"],
	["pty", "ipc-pass", ["eb-terminal", "eb-shell"], ["pty", 7, 1009], "observed"],
];

/** Why this kernel does not show a kind. */
const NOT_HERE: Readonly<Record<string, string | null>> = {
	"posix-shm": whyNoMappings,
	"posix-sem": whyNoMappings,
	"fd-pass": whyNoHandover,
};
const HERE = EVERYTHING.filter(([kind]) => (NOT_HERE[kind] ?? null) === null);

describeLive("all kinds at once", () => {
	test("each workload has its links, and no other has any of them", async () => {
		const session = new LiveSession();
		const workloads = HERE.map(([, name, , args]) => new Workload(name, args));
		try {
			await Promise.all(HERE.map(([, , roles], index) => workloads[index]?.ready(...roles)));
			const work = Promise.all(HERE.map(([, , roles], index) => workloads[index]?.work(...roles)));
			const snapshot = await watch(session, work);
			const pids = new Map(
				workloads.flatMap((workload, index) => [...workload.pids.values()].map((pid) => [pid, index])),
			);
			const strangers = snapshot.ipc.filter((row) => {
				const [from, to] = [pids.get(row.from.pid), pids.get(row.to.pid)];
				return from !== undefined && to !== undefined && from !== to;
			});
			expect(strangers).toEqual([]);
			for (const [index, [kind, , , , basis]] of HERE.entries()) {
				const links = linksOf(snapshot, workloads[index] as Workload);
				expect(links.filter((link) => link.startsWith(`${kind} `) && link.includes(` ${basis}`))).not.toEqual([]);
				expect(links.filter((link) => !link.startsWith(`${kind} `))).toEqual([]);
			}
			expect(session.losses()).toEqual([]);
		} finally {
			await Promise.all(workloads.map((workload) => workload.end()));
			session.close();
		}
	});
});
