/** TCP from sock_diag: exact bytes, which side opened the connection, which process owns it. */
import { spawn } from "node:child_process";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { SessionOptions } from "../../src/model/feed/addon.ts";
import type { Snapshot, TcpRow } from "../../src/model/snapshot.ts";
import { Workload } from "../helpers/workload.ts";
import { Observer } from "./observer.ts";

const observers: Observer[] = [];
const workloads: Workload[] = [];
const closers: (() => void)[] = [];

function observe(options: Partial<SessionOptions> = {}): Observer {
	const observer = new Observer({ concerns: ["tcp"], ...options });
	observers.push(observer);
	return observer;
}

afterEach(async () => {
	for (const close of closers.splice(0)) close();
	for (const observer of observers.splice(0)) observer.close();
	for (const workload of workloads.splice(0)) await workload.end();
});

function ofRole(snapshot: Snapshot, workload: Workload, name: string, role: TcpRow["role"]): TcpRow | undefined {
	return snapshot.tcp.find((row) => row.pid === workload.pid(name) && row.role === role);
}

it.each([
	["127.0.0.1", 4],
	["::1", 6],
])("counts what both sides sent and received over %s, and tells client from server", async (address, family) => {
	// 7 messages of 1009 bytes there, 3 of 211 bytes back
	const workload = new Workload("ipc-inet", ["tcp", address, 7, 1009, 3, 211]);
	workloads.push(workload);
	await workload.ready("eb-server", "eb-client");
	await workload.work();

	const snapshot = observe().refresh();

	const client = ofRole(snapshot, workload, "eb-client", "client");
	const server = ofRole(snapshot, workload, "eb-server", "server");
	const listener = ofRole(snapshot, workload, "eb-server", "listener");
	expect(client).toMatchObject({ family, state: "ESTABLISHED", txBytes: 7063, rxBytes: 633, comm: "eb-client" });
	expect(server).toMatchObject({ family, state: "ESTABLISHED", txBytes: 633, rxBytes: 7063, comm: "eb-server" });
	expect(listener).toMatchObject({ family, state: "LISTEN", remotePort: 0, localPort: server?.localPort });
	expect(client?.remotePort).toBe(server?.localPort);
	expect(client?.localPort).toBe(server?.remotePort);
	expect(client?.remoteAddress).toBe(address);
	expect(client?.rttUs).toBeGreaterThan(0);
});

it("shows a connection with the child that serves it, and the listener with the parent", async () => {
	const workload = new Workload("ipc-inet", ["tcp-forked", "127.0.0.1"]);
	workloads.push(workload);
	await workload.ready("eb-client", "eb-worker");
	await workload.work();

	const snapshot = observe().refresh();

	expect(ofRole(snapshot, workload, "eb-worker", "server")).toMatchObject({ rxBytes: 7063, txBytes: 633 });
	expect(ofRole(snapshot, workload, "eb-server", "listener")).toBeDefined();
	expect(ofRole(snapshot, workload, "eb-server", "server")).toBeUndefined();
});

it("of several holders, a connection belongs to the youngest with the name of the oldest", async () => {
	const workload = new Workload("ipc-inet", ["tcp-held", "127.0.0.1"]);
	workloads.push(workload);
	await workload.ready("eb-client", "eb-older", "eb-younger", "eb-other");
	const { tcp } = observe().refresh();
	const client = tcp.find(({ pid, role }) => pid === workload.pid("eb-client") && role === "client");
	const servers = tcp.filter(({ localPort, remotePort }) => localPort === client?.remotePort && remotePort !== 0);

	expect(servers.map(({ pid }) => pid)).toEqual([workload.pid("eb-younger")]);
	expect(ofRole({ tcp } as Snapshot, workload, "eb-server", "listener")).toBeDefined();
});

it("counts for each process the bytes of its connections", async () => {
	const observer = observe();
	observer.refresh();
	const workload = new Workload("ipc-inet", ["tcp", "127.0.0.1", 7, 1009, 3, 211]);
	workloads.push(workload);
	await workload.ready("eb-server", "eb-client");
	observer.refresh();
	await workload.work();

	const { processes, intervalMs } = observer.refresh();
	const bytes = (role: string) => {
		const row = processes.find(({ pid }) => pid === workload.pid(role));
		return [row?.txRate, row?.rxRate].map((rate = 0) => Math.round((rate * intervalMs) / 1000));
	};
	expect(bytes("eb-client")).toEqual([7063, 633]);
	expect(bytes("eb-server")).toEqual([633, 7063]);
});

/** A process in its own network namespace, with loopback up; null if that may not be created. */
async function enclave(): Promise<number | null> {
	const child = spawn("unshare", ["--net", "sh", "-c", "ip link set lo up && echo up && exec sleep 600"]);
	closers.push(() => child.kill("SIGKILL"));
	const isUp = new Promise<boolean>((resolve) => {
		child.stdout.once("data", () => resolve(true));
		child.once("error", () => resolve(false));
		child.once("exit", () => resolve(false));
	});
	return (await isUp) && child.pid !== undefined ? child.pid : null;
}

it.skipIf(process.geteuid?.() !== 0)("reads network namespaces that it may enter (needs root)", async () => {
	const space = `/proc/${await enclave()}/ns/net`;
	const workload = new Workload("ipc-inet", ["tcp", "127.0.0.1", 7, 1009, 3, 211], {
		SERVER_NETNS: space,
		CLIENT_NETNS: space,
	});
	workloads.push(workload);
	await workload.ready("eb-server", "eb-client");
	await workload.work();
	const snapshot = observe().refresh();

	expect(ofRole(snapshot, workload, "eb-client", "client")).toMatchObject({ txBytes: 7063, rxBytes: 633 });
	expect(ofRole(snapshot, workload, "eb-server", "server")).toMatchObject({ txBytes: 633, rxBytes: 7063 });
});

it.skipIf(process.geteuid?.() !== 0)("reads many network namespaces in turns, and says so (needs root)", async () => {
	const names = ["eb-net-g0", "eb-net-g1", "eb-net-g2"];
	const workload = new Workload("networks", ["sockets", names.length, 0, "eb-net-g"]);
	workloads.push(workload);
	await workload.ready(...names);
	await workload.work();
	const observer = observe({ capacity: { networks: 1 } });
	const sums = await observer.until("the bytes of all", ({ tcp }) => {
		const rows = names.map((name) => tcp.find((row) => row.comm === name && row.txBytes > 0));
		return rows.every((row) => row !== undefined) && rows.map((row) => row?.txBytes);
	});

	expect(sums).toEqual([7919, 7920, 7921]);
	const { probes } = observer.refresh().health;
	expect(probes.find(({ probe }) => probe === "tcp")?.reason).toMatch(/network namespaces are read in turns.* wait/);
});

/** One connection inside this process, which owns both ends. */
async function connection(host: string, listenOn: string): Promise<[Server, Socket, Socket]> {
	const server = createServer({ allowHalfOpen: true });
	await new Promise<void>((resolve) => server.listen(0, listenOn, resolve));
	const { port } = server.address() as { port: number };
	const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
	const client = connect(port, host);
	const peer = await accepted;
	peer.resume();
	closers.push(() => {
		client.destroy();
		peer.destroy();
		server.close();
	});
	return [server, client, peer];
}

it("shows a v4-mapped connection as IPv4 on both sides", async () => {
	const [, client] = await connection("127.0.0.1", "::");
	const rows = observe()
		.refresh()
		.tcp.filter((row) => row.pid === process.pid && [row.localPort, row.remotePort].includes(client.localPort ?? -1));

	expect(rows).toHaveLength(2);
	for (const row of rows)
		expect(row).toMatchObject({ family: 4, localAddress: "127.0.0.1", remoteAddress: "127.0.0.1" });
});

it("does not count the FIN of a half-closed connection as a byte", async () => {
	const [, client] = await connection("127.0.0.1", "127.0.0.1");
	client.end("x".repeat(997));
	const isServer = (row: TcpRow) => row.remotePort === client.localPort;
	const row = await observe().until("the half-closed connection", ({ tcp }) =>
		tcp.find((row) => isServer(row) && row.rxBytes >= 997),
	);

	expect(row.rxBytes).toBe(997);
});
