/** What bounds the following, with tiny sizes: what is past them is counted. */

import { spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { type Connections, FollowServer } from "../helpers/follow-servers.ts";
import { describeLive } from "../helpers/live-session.ts";
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

/** The session after a client has had all its answers. */
async function followed(kind: "loop" | "fork", capacity: Capacity, connections?: Connections): Promise<RecordSession> {
	server = await new FollowServer(kind).ready();
	const words = ["-c", 'read word; exec "$@"', "eb-client", ...server.client("mine", REQUESTS, connections)];
	const client = spawn("sh", words, { stdio: ["pipe", "ignore", "ignore"] });
	session = new RecordSession({
		pids: [client.pid ?? 0],
		concerns: ["process", "ipc", "file", "tcp", "follow"],
		capacity,
	});
	const ended = new Promise((resolve) => client.on("exit", resolve));
	client.stdin.end("go\n");
	expect(await ended).toBe(0);
	session.sweep();
	return session;
}

describeLive("the bounds of following", () => {
	test("steps past the budget of a second are counted", async () => {
		const tight = await followed("loop", { followBudget: 3 });
		expect(tight.all("wire_step").length).toBeGreaterThan(2 * REQUESTS); // those of the command have no budget
		expect(tight.map("follow-steps").overflow).toBeGreaterThan(REQUESTS);
	});

	test("with room enough none is, and what is not followed costs no record", async () => {
		const roomy = await followed("loop", {});
		const maps = ["followed", "follow-streams", "follow-steps"].map((name) => roomy.map(name));
		expect(maps).toMatchObject([
			{ used: 1, overflow: 0 },
			{ used: 2, overflow: 0 },
			{ used: 0, overflow: 0 },
		]);
		const pids = new Set(roomy.all("wire_step").map(({ pid }) => pid));
		expect(pids.size).toBe(2);
	});

	test("daemons past the table are counted", async () => {
		// The server and its child for the connection, one after the other.
		const tight = await followed("fork", { followed: 1 });
		expect(tight.map("followed")).toMatchObject({ used: 1, capacity: 1 });
		expect(tight.map("followed").overflow).toBeGreaterThanOrEqual(REQUESTS);
	});

	test("of streams the oldest go, and that is counted", async () => {
		const tight = await followed("fork", { followStreams: 4 }, "kept");
		expect(tight.map("follow-streams").overflow).toBeGreaterThanOrEqual(REQUESTS - 4);
	});
});
