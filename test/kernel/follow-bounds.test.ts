/** The bounds of following, with tiny sizes: what is past them is counted. */

import { spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { WireStepKind } from "../../src/model/wire/layout.gen.ts";
import { type Connections, FollowServer, type ServerKind } from "../helpers/follow-servers.ts";
import { describeNew } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";

const REQUESTS = 11;
let server: FollowServer | null = null;
let session: RecordSession | null = null;

afterEach(() => {
	session?.close();
	server?.close();
	session = server = null;
});

type Capacity = NonNullable<NonNullable<ConstructorParameters<typeof RecordSession>[0]>["capacity"]>;

/** The session after a client, or that many at once, got all answers. */
async function followed(
	kind: ServerKind,
	capacity: Capacity,
	{ connections, clients = 1 }: { readonly connections?: Connections; readonly clients?: number } = {},
): Promise<RecordSession> {
	server = await new FollowServer(kind, 1).ready();
	const each = Array.from({ length: clients }, (_, at) => server?.client(`mine${at}`, REQUESTS, connections) ?? []);
	const script = `read word; ${each.map((words) => `${words.join(" ")} &`).join(" ")} wait`;
	const shell = spawn("sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"] });
	session = new RecordSession({
		pids: [shell.pid ?? 0],
		concerns: ["process", "ipc", "file", "tcp", "follow"],
		capacity,
	});
	const ended = new Promise((resolve) => shell.on("exit", resolve));
	shell.stdin.end("go\n");
	expect(await ended).toBe(0);
	session.sweep();
	return session;
}

describeNew("the bounds of following", () => {
	test("steps past the budget of a second are counted", async () => {
		const tight = await followed("loop", { followBudget: 3 });
		expect(tight.all("wire_step").length).toBeGreaterThan(2 * REQUESTS); // steps of the command have no budget
		expect(tight.map("follow-steps").overflow).toBeGreaterThan(REQUESTS);
	});

	test("with enough room none is, and what is not followed sends no record", async () => {
		const roomy = await followed("loop", {});
		const names = ["followed", "follow-streams", "follow-threads", "follow-requests", "follow-steps"];
		expect(names.map((name) => roomy.map(name))).toMatchObject([
			{ used: 1, overflow: 0 },
			{ used: 2, overflow: 0 },
			{ used: 1, overflow: 0 },
			{ used: 0, overflow: 0 },
			{ used: 0, overflow: 0 },
		]);
		const pids = new Set(roomy.all("wire_step").map(({ pid }) => pid));
		expect(pids.size).toBe(2);
	});

	test("what a daemon does too long after a request is not examined", async () => {
		const brief = await followed("loop", { followOpenUs: 1 });
		const told = brief.all("wire_step").filter(({ pid, kind }) => pid === server?.pid && kind !== WireStepKind.ACCEPT);
		expect(told.map(({ kind }) => kind)).toEqual(Array(REQUESTS).fill(WireStepKind.READ));
	});

	test("daemons past the table are counted", async () => {
		// The server and its child for the connection, one after the other.
		const tight = await followed("fork", { followed: 1 });
		expect(tight.map("followed")).toMatchObject({ used: 1, capacity: 1 });
		expect(tight.map("followed").overflow).toBeGreaterThanOrEqual(REQUESTS);
	});

	test("the oldest streams are dropped, and that is counted", async () => {
		const tight = await followed("fork", { followStreams: 4 }, { connections: "kept" });
		expect(tight.map("follow-streams").overflow).toBeGreaterThanOrEqual(REQUESTS - 4);
	});

	test("the oldest threads are dropped, and that is counted; those that end need no entry", async () => {
		// A thread for each connection, and the one that accepts.
		const tight = await followed("tpc", { followThreads: 4 }, { connections: "kept" });
		expect(tight.map("follow-threads").overflow).toBeGreaterThanOrEqual(REQUESTS - 4);
		tight.close();
		server?.close();
		const ending = await followed("fork", { followThreads: 8 }); // the children, of which a few may live at a time
		expect(ending.map("follow-threads").overflow).toBe(0);
	});

	test("the oldest unanswered requests are dropped, and that is counted", async () => {
		// One thread reads all requests, and another one answers them one after the other.
		const tight = await followed("pool", { followRequests: 2 }, { clients: 13 });
		expect(tight.map("follow-requests").overflow).toBeGreaterThan(0);
	});
});
