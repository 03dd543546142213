/** Links over System V shared memory, semaphores and message queues: key, id, direction, counts. */

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { semaphoresPast } from "../helpers/ground-truth.ts";
import { type LinkCase, linksOf, linkTests, rowsOf } from "../helpers/links.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const cases = [
	{
		what: "sem",
		roles: ["eb-poster", "eb-taker"],
		worked: "sysv-sem eb-poster > eb-taker 26 messages 0 bytes observed",
	},
	{
		what: "msg",
		roles: ["eb-sender", "eb-receiver"],
		worked: "sysv-msg eb-sender > eb-receiver 13 messages 53287 bytes observed",
	},
	{
		what: "shm",
		roles: ["eb-first", "eb-second"],
		open: "sysv-shm eb-first > eb-second 0 messages 0 bytes open",
		worked: "sysv-shm eb-first > eb-second 0 messages 0 bytes open",
	},
];

/** In its own IPC namespace, where the first id is 0. */
const fresh = { workload: "ipc-sysv", environment: { FRESH_IPC: "1" } } as const;

const keys = [
	["0x7abc", "key 0x00007abc id 0"],
	["0", "key 0x00000000 id 0"],
] as const;

const inFreshNamespaces = cases.flatMap(({ what, roles, worked, open }) =>
	keys.map(([key, name]): [string, LinkCase] => [
		`${what}, ${key === "0" ? "IPC_PRIVATE" : `key ${key}`}`,
		{
			...fresh,
			args: [what, key, 13, 4099],
			roles,
			open: open === undefined ? [] : [`${open} ${name}`],
			worked: [`${worked} ${name}`],
		},
	]),
);

describeLive("in both variants of the probe", () => {
	// In parallel, since a new namespace may get the inode number of one that has just been freed.
	linkTests({
		...Object.fromEntries(inFreshNamespaces),
		"semget in another thread than semop": {
			...fresh,
			args: ["sem-thread", "0x7abd", 13],
			roles: ["eb-poster", "eb-taker"],
			worked: ["sysv-sem eb-poster > eb-taker 26 messages 0 bytes observed key 0x00007abd id 0"],
		},
		"who opens, looks, fails or is refused has not used it": {
			...fresh,
			args: ["attempts", "0x7abe", 13, 4099],
			roles: ["eb-attempter", "eb-sender", "eb-receiver"],
			worked: ["sysv-msg eb-sender > eb-receiver 13 messages 53287 bytes observed key 0x00007abe id 0"],
		},
		"a queue that is removed before its receiver is back": {
			...fresh,
			args: ["msg-removed", "0x7abf", 1, 4099],
			roles: ["eb-sender", "eb-receiver"],
			worked: ["sysv-msg eb-sender > eb-receiver 1 messages 4099 bytes observed key 0x00007abf id 0"],
		},
	});
	test("what the receiver of a removed queue reports about it: all, or that it is gone", async () => {
		const session = new LiveSession();
		const workload = new Workload("ipc-sysv", ["msg-removed", "0x7ac1", 1, 101], { FRESH_IPC: "1" });
		try {
			await workload.ready("eb-sender", "eb-receiver");
			await workload.work();
			const { health } = session.refresh();
			const [told, ...more] = session
				.records(wire.WireType.OBJECT)
				.filter((record) => wire.headPid(record, 0) === workload.pid("eb-receiver"))
				.filter((record) => wire.objectKind(record, 0) === wire.WireKind.SYSV_MSG);
			const isGone =
				((told as DataView).getUint16(wire.WIRE_FIELDS.wire_object.name_flags.at, true) & wire.WireTextFlag.DELETED) !==
				0;
			expect(more).toEqual([]);
			expect((told as DataView).getUint32(wire.WIRE_FIELDS.wire_object.rdev.at, true)).toBe(isGone ? 0 : 0x7ac1);
			const isHandedOver = health.probes.some(({ probe, variant }) => probe === "sysv" && variant === "lsm");
			if (isHandedOver) expect(isGone).toBe(false);
		} finally {
			await workload.end();
			session.close();
		}
	});
});

describeLive("who owns an object and who made it", () => {
	test("a queue whose owner was changed", async () => {
		const session = new LiveSession();
		const workload = new Workload("ipc-sysv", ["msg", 0, 3, 101]);
		try {
			await workload.ready("eb-sender", "eb-receiver");
			await workload.work();
			const [row] = rowsOf(session.refresh(), workload);
			const creator = { creatorUid: process.getuid?.(), creatorGid: process.getgid?.() };
			expect(row).toMatchObject({ kind: "sysv-msg", bytes: 303, owner: { uid: 1201, gid: 1301, ...creator } });
		} finally {
			await workload.end();
			session.close();
		}
	});
});

describeLive("used before the session", () => {
	for (const { what, roles } of cases.slice(0, 2))
		test(`${what}: the last user is known`, async () => {
			const workload = new Workload("ipc-sysv", [what, "0x45425443", 13, 4099]);
			try {
				await workload.ready(...roles);
				await workload.work(...roles);
				const session = new LiveSession();
				const [id] = workload.marks("id");
				const [from, to] = roles;
				const links = linksOf(session.first, workload);
				const losses = session.losses();
				session.close();
				if (what === "msg")
					expect(links).toEqual([`sysv-msg ${from} > ${to} 0 messages 0 bytes open key 0x45425443 id ${id}`]);
				// a semaphore only stores its last user
				else expect(links).toEqual([]);
				expect(losses).toEqual([]);
			} finally {
				await workload.end();
			}
		});
});

describeLive("a set of more semaphores than are read", () => {
	test("health says how many are not", () => {
		const id = execFileSync("ipcmk", ["-S", "71"], { encoding: "utf8" }).match(/\d+/)?.[0] ?? "";
		const session = new LiveSession();
		session.close();
		const skipped = semaphoresPast(64);
		execFileSync("ipcrm", ["-s", id]);
		expect(skipped).toBeGreaterThanOrEqual(7);
		expect(session.first.health.probes.find(({ probe }) => probe === "sysv")?.reason).toContain(
			`${skipped} System V semaphores were not read for their last user: only the first 64 of each set are.`,
		);
	});
});
