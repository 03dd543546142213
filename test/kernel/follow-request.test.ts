/** A running process is chosen to be followed while all are watched, and then no longer followed. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Follow, Snapshot } from "../../src/model/snapshot.ts";
import { WireStepKind } from "../../src/model/wire/layout.gen.ts";
import { FOLLOW } from "../../src/panes/follow/index.ts";
import type { FollowRow, FollowView } from "../../src/panes/follow/rows.ts";
import { whyNoBpf } from "../helpers/drained-session.ts";
import { FollowServer } from "../helpers/follow-servers.ts";
import { describeNew, LiveSession } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";

const BEFORE = 3;
const REQUESTS = 7;
const PROBES = [
	"follow",
	"follow-fork",
	"follow-tcp",
	"follow-wake",
	"follow-signal",
	"follow-handler",
	"follow-cgroup",
	"follow-joined",
];

describeNew("F on a process", () => {
	let server: FollowServer;
	let session: LiveSession;
	let client: ChildProcess;
	const stateOf = ({ health }: Snapshot) =>
		health.probes.filter(({ probe }) => PROBES.includes(probe)).map(({ state }) => state);
	const made = ({ effects }: Follow, whose: string) =>
		effects.filter(({ path }) => path.startsWith(`${server.folder}/${whose}.`));

	beforeAll(async () => {
		server = await new FollowServer("loop").ready();
		server.crowd(2);
		session = new LiveSession({ concerns: ["process", "ipc", "file", "tcp"], standby: ["follow"] });
		const words = (prefix: string, requests: number) =>
			server
				.client(prefix, requests)
				.map((word) => `'${word}'`)
				.join(" ");
		// Its child exists before it is followed, and the first request was sent before.
		const script = `${words("before", BEFORE)}; echo begun; (read word; ${words("mine", REQUESTS)}; echo ended); read word`;
		client = spawn("sh", ["-c", script, "eb-client"], { stdio: ["pipe", "pipe", "ignore"] });
		await once(client.stdout as NodeJS.ReadableStream, "data");
	});
	afterAll(() => {
		client.kill("SIGKILL");
		session.close();
		server.close();
	});

	test("until then nothing is attached", () => {
		const snapshot = session.refresh();
		expect([stateOf(snapshot), snapshot.follow ?? []]).toEqual([PROBES.map(() => "standby"), []]);
	});

	test("from then on the daemon's work for it is reported, with nothing from before and nothing of others", async () => {
		session.follow(client.pid ?? 0);
		client.stdin?.write("go\n");
		await once(client.stdout as NodeJS.ReadableStream, "data");
		const snapshot = session.refresh();
		expect(stateOf(snapshot)).toEqual(PROBES.map(() => "on"));
		const [follow] = snapshot.follow ?? [];
		if (follow === undefined) throw new Error("nothing is followed");
		expect(follow.actors.map(({ comm, role, class: sure }) => [comm, role, sure]).sort()).toEqual([
			["eb-client", "command", "certain"],
			["eb-server", "daemon", "certain"],
			["sh", "command", "certain"],
			["sh", "command", "certain"],
		]);
		expect(made(follow, "mine").map(({ class: sure }) => sure)).toEqual(
			Array.from({ length: 2 * REQUESTS }, () => "certain"),
		);
		expect([made(follow, "before"), made(follow, "other0"), made(follow, "other1")]).toEqual([[], [], []]);
	});

	test("the pane's numbers are those of the files", () => {
		const sizes = server.sizes("mine");
		const bytes = sizes.reduce((sum, size) => sum + size, 0);
		const snapshot = session.refresh();
		const rowsOf = (view: FollowView) =>
			FOLLOW.select(snapshot, {
				matcher: null,
				linkedPids: null,
				sort: { key: "place", isReversed: false },
				view,
			})
				.slice()
				.map(({ row }) => row as FollowRow);
		const daemon = rowsOf("chain").find(({ comm }) => comm === "eb-server");
		expect(daemon).toMatchObject({ files: 2 * REQUESTS, writeBytes: bytes });
		const did = rowsOf("did").filter(({ effect }) => effect?.path.startsWith(`${server.folder}/mine.`));
		expect(did.map(({ writeBytes }) => writeBytes).sort()).toEqual(sizes.sort());
	});

	test("when following stops, nothing more is reported, and nothing is attached", () => {
		session.follow(null);
		const snapshot = session.refresh();
		expect([stateOf(snapshot), snapshot.follow ?? []]).toEqual([PROBES.map(() => "standby"), []]);
		expect(
			FOLLOW.select(snapshot, {
				matcher: null,
				linkedPids: null,
				sort: { key: "place", isReversed: false },
				view: "chain",
			}).length,
		).toBe(0);
	});

	test("no process has that pid", () => {
		expect(() => session.follow(0x3ffffe)).toThrow("There is no process 4194302");
	});
});

test.skipIf(whyNoBpf !== null)(
	"where steps are lost, nothing that a daemon did then is certain, and the pane says so",
	async () => {
		const server = await new FollowServer("loop").ready();
		const words = ["-c", 'read word; exec "$@"', "eb-client", ...server.client("mine", 211)];
		const client = spawn("sh", words, { stdio: ["pipe", "ignore", "ignore"] });
		const tight = new LiveSession({
			...{ concerns: ["process", "file", "follow"], pids: [client.pid ?? 0] },
			...{ beatMs: null, capacity: { ringBytes: 16384 } }, // no records of other processes
		});
		try {
			tight.follow(client.pid ?? 0);
			client.stdin.end("go\n");
			expect(await once(client, "exit")).toEqual([0, null]);
			const snapshot = tight.refresh();
			const lost = snapshot.health.probes.find(({ probe }) => probe === "follow")?.lost ?? 0;
			const [follow] = snapshot.follow ?? [];
			const daemons = follow?.actors.filter(({ role }) => role === "daemon").map(({ class: sure }) => sure);
			expect(daemons).toEqual(["likely"]);
			expect(lost).toBeGreaterThan(0);
			const [line] = FOLLOW.select(snapshot, {
				matcher: null,
				linkedPids: null,
				sort: { key: "place", isReversed: false },
				view: "chain",
			}).slice();
			expect(line && FOLLOW.heading(line.row)).toMatch(/; [1-9]\d* records lost/);
		} finally {
			client.kill("SIGKILL");
			tight.close();
			server.close();
		}
	},
);

test.skipIf(whyNoBpf !== null)(
	"workers that a daemon had before are not taken for processes of the command",
	async () => {
		const server = await new FollowServer("pipeq", 4).ready();
		const client = (prefix: string, requests: number) => server.client(prefix, requests).join(" ");
		const script = `read word; ${client("first", 1)}; echo; read word; ${client("mine", REQUESTS)}; echo`;
		const shell = spawn("sh", ["-c", script, "eb-client"], { stdio: ["pipe", "pipe", "ignore"] });
		const session = new RecordSession({ pids: [shell.pid ?? 0], concerns: ["process", "file", "follow"] });
		try {
			for (const _ of [1, 2]) {
				shell.stdin.write("go\n");
				await once(shell.stdout, "data");
				session.sweep(); // passes over all processes
			}
			const written = session
				.all("wire_step")
				.filter(({ pid, kind }) => pid !== server.pid && kind === WireStepKind.FILE_WRITE);
			expect(written.length).toBe(2 * (1 + REQUESTS));
		} finally {
			shell.kill("SIGKILL");
			session.close();
			server.close();
		}
	},
);
