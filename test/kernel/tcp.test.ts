/** TCP on the live kernel: both ends of every connection, byte for byte, with their owners. */

import { existsSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { Snapshot, TcpRow } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { Workload } from "../helpers/workload.ts";

const CONNECTIONS = 13;
const ASKED = 100_003;
const ANSWERED = 211;
let workload: Workload;
let session: LiveSession | null = null;

afterEach(async () => {
	session?.close();
	session = null;
	await workload.end();
});

const port = () => Number(workload.marks("port")[0]);
const open = () => {
	session = new LiveSession({ concerns: ["tcp"] });
	return session;
};
const of = (snapshot: Snapshot, role: string) =>
	snapshot.tcp
		.filter((row) => row.role === role && (row.localPort === port() || row.remotePort === port()))
		.sort((a, b) => a.rxBytes + a.txBytes - b.rxBytes - b.txBytes);

function expectExchange(rows: readonly TcpRow[], name: string, family: number, address: string, isClient: boolean) {
	const asked = Array.from({ length: CONNECTIONS }, (_, index) => ASKED + index);
	expect(rows.map((row) => (isClient ? row.txBytes : row.rxBytes))).toEqual(asked);
	for (const row of rows)
		expect(row).toMatchObject({
			...{ pid: workload.pid(name), comm: name, family, state: "ESTABLISHED" },
			...{ localAddress: address, remoteAddress: address },
			[isClient ? "rxBytes" : "txBytes"]: ANSWERED,
			[isClient ? "remotePort" : "localPort"]: port(),
		});
}

describeLive("TCP", () => {
	const families = [
		["v4", 4, "127.0.0.1"],
		["v6", 6, "::1"],
		["mapped", 4, "127.0.0.1"],
	] as const;

	const exchange = async (age: string, kind: string, family: number, address: string) => {
		workload = new Workload("tcp", [age, kind]);
		await workload.ready("eb-server", "eb-client");
		const live = open();
		await workload.work("eb-server", "eb-client");
		const snapshot = await live.until("both owners", (now) => {
			const rows = [...of(now, "client"), ...of(now, "server")];
			return rows.length === 2 * CONNECTIONS && rows.every((row) => row.pid !== 0) && now;
		});
		expectExchange(of(snapshot, "client"), "eb-client", family, address, true);
		expectExchange(of(snapshot, "server"), "eb-server", family, address, false);
		expect(of(snapshot, "listener")).toMatchObject([{ state: "LISTEN", remotePort: 0, comm: "eb-server" }]);
		expect(live.losses()).toEqual([]);
	};

	test.each(["fresh", "old"].flatMap((age) => families.map((family) => [age, ...family] as const)))(
		"%s connections over %s: exact bytes at both ends, role and owner",
		exchange,
	);

	test.skipIf(!existsSync("/proc/sys/net/mptcp")).each(["fresh", "old"])(
		"%s connections over multipath TCP (needs a kernel that has it): the same",
		(age) => exchange(age, "multipath", 4, "127.0.0.1"),
	);

	test("old connections in another network namespace", async () => {
		workload = new Workload("tcp", ["old", "v4"], { NETNS: "1" });
		await workload.ready("eb-server", "eb-client");
		const live = open();
		await workload.work("eb-server", "eb-client");
		const snapshot = live.refresh();
		expectExchange(of(snapshot, "client"), "eb-client", 4, "127.0.0.1", true);
		expectExchange(of(snapshot, "server"), "eb-server", 4, "127.0.0.1", false);
		expect(of(snapshot, "listener")).toMatchObject([{ state: "LISTEN", comm: "eb-server" }]);
	});

	test("--pid: the connections of this process, and none of its peer", async () => {
		workload = new Workload("tcp", ["fresh", "v4"]);
		await workload.ready("eb-server", "eb-client");
		session = new LiveSession({ concerns: ["tcp"], pids: [workload.pid("eb-server")] });
		await workload.work("eb-server", "eb-client");
		const snapshot = session.refresh();
		expectExchange(of(snapshot, "server"), "eb-server", 4, "127.0.0.1", false);
		expect(snapshot.tcp.length).toBe(CONNECTIONS + 1);
		expect(of(snapshot, "listener")).toMatchObject([{ comm: "eb-server" }]);
	});

	test("a connection that came and went between two refreshes is shown with its final bytes", async () => {
		workload = new Workload("tcp", ["brief"]);
		await workload.ready("eb-brief");
		const live = open();
		await workload.work("eb-brief");
		const snapshot = live.refresh();
		const rows = snapshot.tcp.filter((row) => row.localPort === port() || row.remotePort === port());
		const closed = rows.filter((row) => row.state === "CLOSE" || row.state === "TIME_WAIT");
		expect(closed.filter((row) => row.role === "client" && row.txBytes === 1009 && row.rxBytes === 0).length).toBe(13);
		expect(closed.filter((row) => row.role === "server" && row.txBytes === 0 && row.rxBytes === 1009).length).toBe(13);
		for (const row of closed.filter((one) => one.role === "client")) expect(row.comm).toBe("eb-brief");
		expect(closed.filter((row) => row.role !== "listener").length).toBe(26);
	});

	test("many short connections: both ends of each have their own row with their own bytes", async () => {
		workload = new Workload("tcp", ["brief-many"]);
		await workload.ready("eb-one", "eb-two", "eb-three", "eb-four");
		const live = open();
		/** Of all refreshes: what closed is shown for five seconds, and a slow machine takes longer than that for all of them. */
		const ended = new Map<string, TcpRow>();
		const look = () => {
			for (const row of live.refresh().tcp)
				if (row.state === "CLOSE" || row.state === "TIME_WAIT") ended.set(`${row.localPort} ${row.remotePort}`, row);
		};
		const passes = setInterval(look, 20);
		await workload.work().finally(() => clearInterval(passes));
		look();
		const counted = (rows: readonly TcpRow[]) =>
			Object.fromEntries(
				[...Map.groupBy(rows, (row) => `${row.role} tx ${row.txBytes} rx ${row.rxBytes}`)].map(([row, { length }]) => [
					row,
					length,
				]),
			);
		const servers = [...ended.values()].filter((row) => row.localPort === port());
		const clients = [...ended.values()].filter((row) => row.remotePort === port());
		expect([counted(servers), counted(clients)]).toEqual([
			{ "server tx 3251 rx 83": 4 * 251 },
			{ "client tx 83 rx 3251": 4 * 251 },
		]);
		for (const row of servers) expect(["eb-left", "eb-right"]).toContain(row.comm);
	});

	test("refused connects are reported", async () => {
		workload = new Workload("tcp", ["refused"]);
		await workload.ready("eb-refused");
		const live = open();
		await workload.work("eb-refused");
		live.refresh();
		const failed = live
			.records(wire.WireType.TCP)
			.filter((view) => wire.tcpOldState(view, 0) === 2 && wire.tcpState(view, 0) === 7)
			.filter((view) => wire.tcpRemotePort(view, 0) === port());
		expect(failed.length).toBe(17);
	});
});
