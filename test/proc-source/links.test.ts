/** Links that follow only from which process has which end open: the workloads of the kernel tests. */
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { semaphoresPast } from "../helpers/ground-truth.ts";
import { Workload } from "../helpers/workload.ts";
import { linksBetween, Observer } from "./observer.ts";

interface Case {
	readonly title: string;
	readonly workload: readonly [string, ...(string | number)[]];
	readonly kind: IpcRow["kind"];
	readonly roles: readonly [string, string];
	readonly name: (workload: Workload) => string | null;
	/** Data can only go one way, so `from` is the first role. */
	readonly isOneWay?: boolean;
	readonly environment?: Record<string, string>;
}

const KEY = 0x40000000 + process.pid;
const NAME = `eb-proc-${process.pid}`;

const cases: Case[] = [
	{
		title: "a pipe, from who can write to who can read",
		workload: ["ipc-pipe", "one"],
		kind: "pipe",
		roles: ["eb-writer", "eb-reader"],
		name: () => null,
		isOneWay: true,
	},
	{
		title: "a FIFO with its path",
		workload: ["ipc-pipe", "fifo"],
		kind: "fifo",
		roles: ["eb-writer", "eb-reader"],
		name: ({ directory }) => `${directory}/pipe.fifo`,
		isOneWay: true,
	},
	{
		title: "a unix stream socket, by the name that its listener is bound to",
		workload: ["ipc-unix", "listen"],
		kind: "unix-stream",
		roles: ["eb-server", "eb-client"],
		name: () => "server.sock",
	},
	{
		title: "a forked server: the child that serves, not the parent that accepted",
		workload: ["ipc-unix", "forked"],
		kind: "unix-stream",
		roles: ["eb-worker", "eb-client"],
		name: () => "server.sock",
	},
	{
		title: "a socketpair",
		workload: ["ipc-unix", "pair"],
		kind: "unix-stream",
		roles: ["eb-server", "eb-client"],
		name: () => null,
	},
	{
		title: "unix datagrams with a connected peer",
		workload: ["ipc-unix", "datagram"],
		kind: "unix-dgram",
		roles: ["eb-server", "eb-client"],
		name: () => "server.sock",
	},
	{
		title: "unix seqpacket",
		workload: ["ipc-unix", "listen"],
		kind: "unix-seqpacket",
		roles: ["eb-server", "eb-client"],
		name: () => "server.sock",
		environment: { SOCKET_TYPE: "seqpacket" },
	},
	{
		title: "TCP over IPv4 loopback",
		workload: ["ipc-inet", "tcp", "127.0.0.1"],
		kind: "tcp",
		roles: ["eb-server", "eb-client"],
		name: () => null,
	},
	{
		title: "TCP over IPv6 loopback",
		workload: ["ipc-inet", "tcp", "::1"],
		kind: "tcp",
		roles: ["eb-server", "eb-client"],
		name: () => null,
	},
	{
		title: "UDP between connected sockets",
		workload: ["ipc-inet", "udp", "127.0.0.1"],
		kind: "udp",
		roles: ["eb-server", "eb-client"],
		name: () => null,
	},
	{
		title: "System V shared memory by its key and id",
		workload: ["ipc-sysv", "shm", KEY],
		kind: "sysv-shm",
		roles: ["eb-first", "eb-second"],
		name: (workload) => `key 0x${KEY.toString(16)} id ${workload.marks("id")[0]}`,
	},
	{
		title: "a System V queue, from its last sender to its last receiver",
		workload: ["ipc-sysv", "msg", KEY],
		kind: "sysv-msg",
		roles: ["eb-sender", "eb-receiver"],
		name: (workload) => `key 0x${KEY.toString(16)} id ${workload.marks("id")[0]}`,
		isOneWay: true,
	},
	{
		title: "POSIX shared memory by its name",
		workload: ["ipc-posix", "shm", NAME],
		kind: "posix-shm",
		roles: ["eb-first", "eb-second"],
		name: () => `/${NAME}`,
	},
	{
		title: "a POSIX semaphore by its name",
		workload: ["ipc-posix", "sem", NAME],
		kind: "posix-sem",
		roles: ["eb-poster", "eb-taker"],
		name: () => `/${NAME}`,
	},
	{
		title: "a POSIX message queue by its name",
		workload: ["ipc-posix", "mq", NAME],
		kind: "posix-mq",
		roles: ["eb-sender", "eb-receiver"],
		name: () => `/${NAME}`,
	},
	{
		title: "a memfd that was passed on",
		workload: ["ipc-posix", "memfd", NAME],
		kind: "memfd",
		roles: ["eb-first", "eb-second"],
		name: () => `memfd:${NAME}`,
	},
	{
		title: "an eventfd",
		workload: ["ipc-pass", "eventfd"],
		kind: "eventfd",
		roles: ["eb-ringer", "eb-waiter"],
		name: () => null,
	},
];

const observers: Observer[] = [];
const workloads: Workload[] = [];

afterEach(async () => {
	for (const observer of observers.splice(0)) observer.close();
	for (const workload of workloads.splice(0)) await workload.end();
});

it("joins both ends of a terminal", async () => {
	const workload = new Workload("ipc-pass", ["pty"]);
	workloads.push(workload);
	await workload.ready("eb-terminal", "eb-shell");
	const observer = new Observer();
	observers.push(observer);
	const links = linksBetween(observer.refresh(), "pty", workload.pid("eb-terminal"), workload.pid("eb-shell"));

	expect(links).toHaveLength(1);
	expect(links[0]).toMatchObject({ basis: "open", name: expect.stringMatching(/^\/dev\/pts\/\d+$/) });
});

describe("links that were there before", () => {
	it.each(cases)("$title", async ({ workload: [file, ...args], kind, roles, name, isOneWay, environment }) => {
		const workload = new Workload(file, args, environment);
		workloads.push(workload);
		await workload.ready(...roles);
		await workload.work();
		const observer = new Observer();
		observers.push(observer);

		const links = linksBetween(observer.refresh(), kind, workload.pid(roles[0]), workload.pid(roles[1]));

		expect(links).toHaveLength(1);
		expect(links[0]).toMatchObject({ basis: "open", messages: 0, bytes: 0, rate: 0, name: name(workload) });
		expect([links[0]?.from.comm, links[0]?.to.comm].sort()).toEqual([...roles].sort());
		if (isOneWay) expect(links[0]?.from.comm).toBe(roles[0]);
	});
});

it("joins those that used or wait for a System V semaphore of one set", async () => {
	const workload = new Workload("ipc-sysv", ["sem-each", KEY]);
	workloads.push(workload);
	const roles = ["eb-first", "eb-second", "eb-waiter"] as const;
	await workload.ready(...roles);
	await workload.work();
	const observer = new Observer();
	observers.push(observer);
	const [first, second, waiter] = roles.map((role) => workload.pid(role)) as [number, number, number];
	const pairs = [
		[first, second],
		[first, waiter],
		[second, waiter],
	] as const;

	const links = await observer.until("all three links", (snapshot) => {
		const found = pairs.flatMap(([one, other]) => linksBetween(snapshot, "sysv-sem", one, other));
		return found.length === pairs.length && found;
	});
	const name = `key 0x${KEY.toString(16)} id ${workload.marks("id")[0]}`;
	for (const link of links) expect(link).toMatchObject({ basis: "open", messages: 0, bytes: 0, rate: 0, name });
});

it("shows a link that came later, and removes it when its processes are gone", async () => {
	const observer = new Observer();
	observers.push(observer);
	observer.refresh();
	const workload = new Workload("ipc-unix", ["pair"]);
	await workload.ready("eb-server", "eb-client");
	const [server, client] = [workload.pid("eb-server"), workload.pid("eb-client")];
	const links = (snapshot: Snapshot) => linksBetween(snapshot, "unix-stream", server, client);

	await observer.until("the link", (snapshot) => links(snapshot).length === 1);
	await workload.work();
	await workload.end();
	await observer.until("the end of the link", (snapshot) => links(snapshot).length === 0);
});

describe("a set of more semaphores than are read", () => {
	it("is reported in health", () => {
		const id = execFileSync("ipcmk", ["-S", "71"], { encoding: "utf8" }).match(/\d+/)?.[0] ?? "";
		const observer = new Observer();
		const { health } = observer.refresh();
		observer.close();
		const skipped = semaphoresPast(64);
		execFileSync("ipcrm", ["-s", id]);
		expect(skipped).toBeGreaterThanOrEqual(7);
		expect(health.probes.find(({ probe }) => probe === "ipc")?.reason).toContain(
			` ${skipped} System V semaphores were not read for their last user: only the first 64 of each set are.`,
		);
	});
});

it("reports that there are more files in /dev/shm than it searches for the name of a semaphore", async () => {
	const workload = new Workload("ipc-posix", ["sem", NAME]);
	const observer = new Observer({ concerns: ["ipc"], capacity: { shmNames: 1 } });
	const another = `/dev/shm/eb-another-${process.pid}`;
	writeFileSync(another, "");
	try {
		await workload.ready("eb-poster", "eb-taker");
		const reason = ({ health }: Snapshot) => health.probes.find(({ probe }) => probe === "ipc")?.reason ?? "";
		await observer.until("the sentence", (snapshot) =>
			reason(snapshot).includes("There are more than 1 files in /dev/shm: "),
		);
	} finally {
		rmSync(another);
		observer.close();
		await workload.work();
		await workload.end();
	}
});
