/** Links of real programs: a shell pipeline, ssh-agent, dbus-daemon, Redis, PostgreSQL; each with its own clients. */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IpcRow, Snapshot } from "../../src/model/snapshot.ts";
import { Daemons, describeProgram, isThere } from "../helpers/daemons.ts";
import { describeLive, LiveSession } from "../helpers/live-session.ts";
import { RedisServer, redisBytes } from "../helpers/redis.ts";
import { until } from "../helpers/workload.ts";

const between = (snapshot: Snapshot, from: string, to: number) =>
	snapshot.ipc.filter((row) => row.from.comm === from && row.to.pid === to);

let directory: string;
let session: LiveSession;
let daemons: Daemons;

describeLive("links of real programs", () => {
	beforeAll(() => {
		directory = mkdtempSync(join(tmpdir(), "eb-"));
		chmodSync(directory, 0o755);
		daemons = new Daemons(directory);
		session = new LiveSession();
	});
	afterAll(async () => {
		await daemons.stop();
		session.close();
		rmSync(directory, { recursive: true, force: true });
	});

	test("a shell pipeline of four", async () => {
		const shell = spawn("sh", ["-c", "head -c 1000003 /dev/zero | tr a b | cat | wc -c"], { stdio: "ignore" });
		const exited = new Promise((resolve) => shell.on("exit", resolve));
		await exited;
		const snapshot = session.refresh();
		const members = new Map(
			snapshot.processes.filter((row) => row.ppid === shell.pid).map((row) => [row.pid, row.comm]),
		);
		const links = snapshot.ipc.filter((row) => members.has(row.from.pid) && members.has(row.to.pid));
		expect(links.map((row: IpcRow) => [row.kind, row.from.comm, row.to.comm, row.bytes, row.basis]).sort()).toEqual([
			["pipe", "cat", "wc", 1000003, "observed"],
			["pipe", "head", "tr", 1000003, "observed"],
			["pipe", "tr", "cat", 1000003, "observed"],
		]);
	});

	describeProgram("ssh-agent", () => {
		test("a client asks for keys: both ways, by the path of the socket", async () => {
			const socket = join(directory, "agent.sock");
			const agent = daemons.start("ssh-agent", "-D", "-a", socket);
			await until("the agent's socket", () => existsSync(socket));
			spawnSync("ssh-add", ["-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
			const snapshot = session.refresh();
			const [asked] = between(snapshot, "ssh-add", agent);
			expect(asked).toMatchObject({ kind: "unix-stream", name: socket, basis: "observed" });
			const answer = snapshot.ipc.find((row) => row.from.pid === agent && row.to.pid === asked?.from.pid);
			expect(answer).toMatchObject({ kind: "unix-stream", channel: asked?.channel, basis: "observed" });
			// a request is at least four bytes of length and one of type, the answer has a number of keys as well
			expect(asked?.bytes).toBeGreaterThanOrEqual(5);
			expect(answer?.bytes).toBeGreaterThanOrEqual(9);
		});
	});

	describeProgram("dbus-daemon", () => {
		test("two clients at once, each with a link of its own", async () => {
			const socket = join(directory, "bus.sock");
			const bus = daemons.start("dbus-daemon", "--session", "--nofork", "--nopidfile", `--address=unix:path=${socket}`);
			await until("the bus's socket", () => existsSync(socket));
			const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
			const call = ["--session", "--dest=org.freedesktop.DBus", "--type=method_call", "--print-reply"];
			const clients = [1, 2].map(() =>
				spawn("dbus-send", [...call, "/", "org.freedesktop.DBus.ListNames"], { env, stdio: "ignore" }),
			);
			await Promise.all(clients.map((client) => new Promise((resolve) => client.on("exit", resolve))));
			const snapshot = session.refresh();
			for (const { pid } of clients) {
				const links = snapshot.ipc.filter((row) => row.kind === "unix-stream");
				const asked = links.filter((row) => row.from.pid === pid && row.to.pid === bus);
				const answered = links.filter((row) => row.from.pid === bus && row.to.pid === pid);
				expect(asked).toMatchObject([{ name: socket, basis: "observed" }]);
				expect(answered).toMatchObject([{ name: socket, basis: "observed" }]);
				expect(asked[0]?.bytes).toBeGreaterThan(100);
				expect(answered[0]?.bytes).toBeGreaterThan(100);
			}
		});
	});

	describeProgram("redis-server", () => {
		const value = "x".repeat(1009);
		const [asked, answered] = [redisBytes("get", "eb-key"), "$1009\r\n".length + 1009 + "\r\n".length];
		let redis: RedisServer;
		beforeAll(async () => {
			redis = await RedisServer.start(daemons, directory);
		});
		const linksOf = (snapshot: Snapshot, client: number | undefined) =>
			snapshot.ipc
				.filter(({ kind, name }) => kind === "unix-stream" && name === redis.socket)
				.filter(({ from, to }) => [from.pid, to.pid].includes(client ?? 0))
				.map(({ from, to, bytes, basis }) => [from.comm, to.comm, bytes, basis])
				.sort();

		test("one client sets a value seven times, another one reads it three times", () => {
			const setter = redis.client("-r", "7", "set", "eb-key", value);
			const getter = redis.client("-r", "3", "get", "eb-key");
			const snapshot = session.refresh();
			expect(linksOf(snapshot, setter)).toEqual([
				["redis-cli", "redis-server", 7 * redisBytes("set", "eb-key", value), "observed"],
				["redis-server", "redis-cli", 7 * "+OK\r\n".length, "observed"],
			]);
			expect(linksOf(snapshot, getter)).toEqual([
				["redis-cli", "redis-server", 3 * asked, "observed"],
				["redis-server", "redis-cli", 3 * answered, "observed"],
			]);
		});

		test("server and client older than the session", async () => {
			const client = daemons.startListening("redis-cli", "-s", redis.socket);
			client.stdin?.write(`set eb-key ${value}\nset eb-ready 1\n`);
			await until("the client's first words", () => redis.ask("get", "eb-ready") === "1");
			const later = new LiveSession();
			try {
				const [first] = linksOf(later.first, client.pid);
				expect(first?.slice(2)).toEqual([0, "open"]);
				client.stdin?.write("get eb-key\n".repeat(11));
				client.stdin?.write("set eb-ready 2\n");
				await until("the client's last words", () => redis.ask("get", "eb-ready") === "2");
				expect(linksOf(later.refresh(), client.pid)).toEqual([
					["redis-cli", "redis-server", 11 * asked + redisBytes("set", "eb-ready", "2"), "observed"],
					["redis-server", "redis-cli", 11 * answered + "+OK\r\n".length, "observed"],
				]);
			} finally {
				later.close();
			}
		});
	});

	const postgres = "/usr/lib/postgresql/15/bin";
	const hasPostgres = existsSync(`${postgres}/postgres`) && isThere("runuser") && isThere("psql");
	describe.skipIf(!hasPostgres)(
		hasPostgres ? "PostgreSQL" : "PostgreSQL (skipped: version 15 is not installed)",
		() => {
			test("the worker that serves is the peer, not the postmaster", async () => {
				const data = join(directory, "data");
				execFileSync("install", ["-d", "-o", "postgres", data]);
				const as = (...command: string[]) => ["-u", "postgres", "--", ...command];
				execFileSync("runuser", as(`${postgres}/initdb`, "-A", "trust", "-N", data), { stdio: "ignore", cwd: data });
				const server = [`${postgres}/postgres`, "-D", data, "-k", data, "-c", "listen_addresses=", "-c", "fsync=off"];
				daemons.start("runuser", ...as(...server));
				const socket = join(data, ".s.PGSQL.5432");
				const ask = () =>
					spawnSync("runuser", as("psql", "-h", data, "-c", "select repeat('x', 10007)", "template1"), {
						stdio: "ignore",
					});
				await until("the server's answer", () => existsSync(socket) && ask().status === 0);
				const snapshot = session.refresh();
				const asked = snapshot.ipc.filter((row) => row.from.comm === "psql" && row.name === socket);
				const postmaster = snapshot.processes.find((row) => row.comm === "postgres" && row.args.includes("-k"));
				expect(asked.length).toBeGreaterThan(0);
				for (const row of asked) expect(row).toMatchObject({ kind: "unix-stream", to: { comm: "postgres" } });
				expect(asked.map((row) => row.to.pid)).not.toContain(postmaster?.pid);
				const answers = snapshot.ipc.filter((row) => row.to.comm === "psql" && row.name === socket);
				expect(Math.max(...answers.map((row) => row.bytes))).toBeGreaterThan(10007);
			});
		},
	);
});
