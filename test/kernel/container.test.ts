/** Processes in real containers, and links between containers and to the outside. */

import { execFileSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readlinkSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ContainerNames } from "../../src/lookups/container-names.ts";
import { foreignFiles, loadAddon } from "../../src/model/feed/addon.ts";
import type { IpcRow, ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import { Daemons, describeProgram } from "../helpers/daemons.ts";
import { linkLine } from "../helpers/links.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { Podman, whyNoPodman } from "../helpers/podman.ts";
import { RedisServer, redisBytes, redisOptions } from "../helpers/redis.ts";
import { compileWorkload, until, Workload } from "../helpers/workload.ts";
import { Observer } from "../proc-source/observer.ts";

const whyNot = whyNoPodman();
let directory: string;
let shared: string;
let podman: Podman;
let session: LiveSession;
let beat: NodeJS.Timeout;

const namespacesOf = (pid: number) =>
	Object.fromEntries(
		["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"].map((kind) => [
			kind,
			Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/${kind}`))),
		]),
	);

/** Processes in the containers of that name, running or not. */
const membersOf = (snapshot: Snapshot, ...names: string[]): ProcessRow[] =>
	snapshot.processes.filter(({ container }) => names.includes(container?.name ?? ""));

/** Links with both ends in these containers, without those of the runtime that started them. */
function linksWithin(snapshot: Snapshot, ...names: string[]): IpcRow[] {
	const pids = new Set(membersOf(snapshot, ...names).map(({ pid }) => pid));
	return snapshot.ipc
		.filter(({ from, to }) => pids.has(from.pid) && pids.has(to.pid))
		.filter(({ kind, from, to }) => kind !== "signal" && !`${from.comm} ${to.comm}`.includes("runc"));
}

const between = (row: IpcRow) => [row.kind, row.from.comm, row.to.comm, row.bytes, row.name, row.basis];

describe.skipIf(whyNot !== null)(whyNot === null ? "podman" : `podman (skipped: ${whyNot})`, () => {
	beforeAll(async () => {
		directory = mkdtempSync(join(tmpdir(), "eb-"));
		chmodSync(directory, 0o755);
		shared = join(directory, "volume");
		mkdirSync(shared);
		podman = await Podman.inDirectory(directory);
	});
	afterAll(async () => {
		await podman.close();
		rmSync(directory, { recursive: true, force: true });
	});

	describeLive("containers", () => {
		// One for each test: while another session opens in this thread, nothing drains this one.
		beforeEach(() => {
			session = new LiveSession();
			beat = setInterval(() => session.drain(), 20); // as the program does
		});
		afterEach(() => {
			clearInterval(beat);
			session.close();
		});

		test("runtime, id, name, cgroup and namespaces, by both sources, started before and after them", async () => {
			const observer = new Observer();
			observer.refresh();
			const { id, pid } = await podman.start("eb-web", shared, "sleep", "60");
			const expected = {
				comm: "sleep",
				args: ["sleep", "60"],
				exe: "/usr/bin/sleep",
				container: { runtime: "podman", id, name: "eb-web", image: null },
				nsPid: 1,
				cgroup: expect.stringMatching(`/libpod-${id}$`),
				namespaces: namespacesOf(pid),
			};
			expect(processIn(session.refresh(), pid)).toMatchObject(expected);
			const later = { session: new LiveSession(), observer: new Observer() };
			try {
				expect(processIn(observer.refresh(), pid)).toMatchObject(expected);
				expect(processIn(later.session.first, pid)).toMatchObject(expected);
				expect(processIn(later.observer.refresh(), pid)).toMatchObject(expected);
			} finally {
				for (const each of [observer, later.session, later.observer]) each.close();
			}
			// Here the name is in a command line only: the storage is not where podman has it.
			for (const silent of [new LiveSession({ noArgs: true }), new Observer({ noArgs: true })]) {
				const row = processIn(silent.refresh(), pid);
				silent.close();
				expect(row).toMatchObject({ args: [], container: { id, name: null } });
			}
		});

		test("a row of its own: image, what its processes wrote, and its name after it was renamed", async () => {
			const work = "until [ -e go ]; do sleep 0.05; done; head -c 100003 /dev/zero > out; touch done; exec sleep 60";
			const { id } = await podman.start("eb-sum", shared, "sh", "-c", work);
			const rowIn = (snapshot: Snapshot) => snapshot.containers.find((row) => row.id === id);
			const names = () => new ContainerNames(foreignFiles(loadAddon()), true);
			session.refresh();
			await session.findNames(names());
			session.refresh();
			writeFileSync(join(shared, "go"), "");
			await until("its work", () => existsSync(join(shared, "done")));
			const snapshot = session.refresh();
			const row = rowIn(snapshot);
			expect(row).toMatchObject({
				runtime: "podman",
				name: "eb-sum",
				image: "localhost/eb-image:latest",
				processes: 1,
			});
			// Rates and intervals are rounded: some bytes in a hundred thousand.
			expect(((row?.writeRate ?? 0) * snapshot.intervalMs) / 1000).toBeCloseTo(100003, -1);
			const pids = membersOf(snapshot, "eb-sum").map(({ pid }) => pid);
			expect([...(row?.pids ?? [])].sort()).toEqual(pids.sort());
			await podman.rename("eb-sum", "eb-total");
			await session.findNames(names());
			expect(rowIn(session.refresh())?.name).toBe("eb-total");
			process.kill(pids.find((pid) => processIn(snapshot, pid)?.exit === null) ?? 0, "SIGKILL");
			await session.expect((later) => rowIn(later)?.processes, 0);
		});

		test("a pipeline that has ended before the first refresh", async () => {
			const output = await podman.run("eb-line", shared, "sh", "-c", "head -c 100003 /dev/zero | tr '\\0' b | wc -c");
			const snapshot = session.refresh();
			const [member] = membersOf(snapshot, "eb-line");
			const lives = snapshot.events.flatMap(({ type, data }) =>
				"runtime" in data && data.id === member?.container?.id ? [type] : [],
			);
			expect(lives).toEqual(["container-start", "container-stop"]);
			expect(output.trim()).toBe("100003");
			expect(linksWithin(snapshot, "eb-line").map(between).sort()).toEqual([
				["pipe", "head", "tr", 100003, null, "observed"],
				["pipe", "tr", "wc", 100003, null, "observed"],
			]);
			expect(session.losses()).toEqual([]);
		});

		test("a FIFO in a volume that two containers share, by the path in the container that opened it first", async () => {
			execFileSync("mkfifo", [join(shared, "fifo")]);
			await podman.start("eb-source", shared, "sh", "-c", "head -c 70001 /dev/zero > fifo");
			await podman.run("eb-drain", shared, "cat", "fifo");
			const snapshot = session.refresh();
			const links = linksWithin(snapshot, "eb-source", "eb-drain");
			expect(links.map(between)).toEqual([["fifo", "head", "cat", 70001, "/shared/fifo", "observed"]]);
			const containers = links.flatMap(({ from, to }) => [from, to].map(({ pid }) => processIn(snapshot, pid)));
			expect(containers.map((row) => row?.container?.name)).toEqual(["eb-source", "eb-drain"]);
		});

		describeProgram("redis-server", () => {
			const asked = 7 * redisBytes("set", "eb-key", "x".repeat(211));
			const answered = 7 * "+OK\r\n".length;
			const ask = ["-r", "7", "set", "eb-key", "x".repeat(211)];

			test("on the machine, its client in a container: a unix socket in a volume", async () => {
				const daemons = new Daemons(directory);
				try {
					const redis = await RedisServer.start(daemons, shared);
					await podman.run("eb-guest", shared, "redis-cli", "-s", "redis.sock", ...ask);
					const snapshot = session.refresh();
					const [guest] = membersOf(snapshot, "eb-guest").filter(({ comm }) => comm === "redis-cli");
					const links = snapshot.ipc.filter(
						({ from, to }) => [from.pid, to.pid].sort().join() === [guest?.pid, redis.pid].sort().join(),
					);
					expect(links.map(between).sort()).toEqual([
						["unix-stream", "redis-cli", "redis-server", asked, redis.socket, "observed"],
						["unix-stream", "redis-server", "redis-cli", answered, redis.socket, "observed"],
					]);
				} finally {
					await daemons.stop();
				}
			});

			test("in one container, its client in another", async () => {
				await podman.start("eb-redis", shared, "redis-server", ...redisOptions("/shared/inner.sock"));
				await until("the socket of Redis", () => existsSync(join(shared, "inner.sock")));
				await podman.run("eb-client", shared, "redis-cli", "-s", "inner.sock", ...ask);
				const links = linksWithin(session.refresh(), "eb-redis", "eb-client");
				expect(
					links
						.filter(({ kind }) => kind === "unix-stream")
						.map(between)
						.sort(),
				).toEqual([
					["unix-stream", "redis-cli", "redis-server", asked, "/shared/inner.sock", "observed"],
					["unix-stream", "redis-server", "redis-cli", answered, "/shared/inner.sock", "observed"],
				]);
			});
		});
	});

	describeLive("rootless", () => {
		test("runtime, id, name, image, pid inside, started before and after a session", async () => {
			const home = mkdtempSync(join(tmpdir(), "eb-"));
			const volume = join(home, "volume");
			mkdirSync(volume);
			const rootless = await Podman.inDirectory(home, true);
			const older = new LiveSession();
			try {
				const { id, pid } = await rootless.start("eb-less", volume, "sh", "-c", "sleep 61 & wait");
				const container = { runtime: "podman", id, name: "eb-less" };
				const younger = new LiveSession();
				const observer = new Observer();
				const nsPidOf = (of: number) =>
					Number(/^NSpid:.*\t(\d+)$/m.exec(readFileSync(`/proc/${of}/status`, "utf8"))?.[1]);
				const snapshots = [older.refresh(), younger.first, observer.refresh()];
				for (const each of [younger, observer]) each.close();
				for (const snapshot of snapshots) {
					const members = membersOf(snapshot, "eb-less").filter(({ exit }) => exit === null);
					expect(members.map(({ comm }) => comm)).toEqual(["sh", "sleep"]);
					expect(members.map(({ nsPid }) => nsPid)).toEqual(members.map((member) => nsPidOf(member.pid)));
					expect(members[0]?.nsPid).toBe(1);
					expect(members[0]).toMatchObject({ pid, uid: 65534, container, namespaces: namespacesOf(pid) });
					expect(snapshot.containers.find((row) => row.id === id)).toMatchObject({ ...container, processes: 2 });
				}
				const find = async () => {
					await older.findNames(new ContainerNames(foreignFiles(loadAddon()), true));
					const row = older.refresh().containers.find((one) => one.id === id);
					return [row?.name, row?.image];
				};
				expect(await find()).toEqual(["eb-less", "localhost/eb-image:latest"]);
				await rootless.rename("eb-less", "eb-fewer");
				expect(await find()).toEqual(["eb-fewer", "localhost/eb-image:latest"]);
			} finally {
				older.close();
				await rootless.close();
				rmSync(home, { recursive: true, force: true });
			}
		});
	});

	describeLive("a workload in a container, younger and older than a session", () => {
		const CASES = [
			{
				name: "pipe",
				words: ["ipc-pipe", "one", 11, 1013],
				roles: ["eb-writer", "eb-reader"],
				open: ["pipe eb-writer > eb-reader 0 messages 0 bytes open"],
				worked: ["pipe eb-writer > eb-reader 11 messages 11143 bytes observed"],
			},
			{
				name: "socket",
				words: ["ipc-unix", "listen", 11, 1013, 5, 307],
				roles: ["eb-client", "eb-server"],
				open: [],
				worked: [
					"unix-stream eb-client > eb-server 11 messages 11143 bytes observed server.sock",
					"unix-stream eb-server > eb-client 5 messages 1535 bytes observed server.sock",
				],
			},
			{
				name: "queue",
				words: ["ipc-sysv", "msg", "0x7abc", 13, 4099],
				roles: ["eb-sender", "eb-receiver"],
				open: [],
				worked: ["sysv-msg eb-sender > eb-receiver 13 messages 53287 bytes observed key 0x00007abc id 0"],
			},
			{
				name: "memory",
				words: ["ipc-sysv", "shm", 0, 13, 4099],
				roles: ["eb-first", "eb-second"],
				open: ["sysv-shm eb-first > eb-second 0 messages 0 bytes open key 0x00000000 id 0"],
				worked: ["sysv-shm eb-first > eb-second 0 messages 0 bytes open key 0x00000000 id 0"],
			},
		];
		const workloads = new Map<string, Workload>();
		const linesOf = (snapshot: Snapshot, { name, roles }: (typeof CASES)[number]) =>
			linksWithin(snapshot, `eb-${name}`)
				.filter(({ from, to }) => roles.includes(from.comm) && roles.includes(to.comm))
				.map((row) => linkLine(row, workloads.get(name)?.directory ?? ""))
				.sort();
		let older: LiveSession;
		let younger: LiveSession;

		beforeAll(async () => {
			older = new LiveSession();
			for (const { name, words } of CASES) {
				const [program = "", ...args] = words.map(String);
				const workload = new Workload(
					program,
					args,
					{},
					(its) => copyFileSync(compileWorkload(program), join(its.directory, program)),
					(_, folder) => podman.wordsToRun(`eb-${name}`, folder, `/shared/${program}`, ...args),
				);
				workloads.set(name, workload);
			}
			for (const { name, roles } of CASES) await workloads.get(name)?.ready(...roles);
			younger = new LiveSession();
		});
		afterAll(async () => {
			for (const workload of workloads.values()) await workload.end();
			younger?.close();
			older?.close();
		});

		test.each(CASES)("$name", async (each) => {
			expect(linesOf(younger.first, each)).toEqual(each.open);
			await workloads.get(each.name)?.work(...each.roles);
			for (const session of [older, younger]) {
				const links = await session.until("its links", (snapshot) => {
					const found = linesOf(snapshot, each);
					return found.length >= each.worked.length && found;
				});
				expect(links).toEqual(each.worked);
			}
		});
	});
});
