/**
 * A command is followed into daemons that serve other clients at the same time; the files' names say whose they are.
 */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Receipt } from "../../src/follow/receipt.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { isThere } from "../helpers/daemons.ts";
import {
	BUS_SERVERS,
	FollowServer,
	followTogether,
	type Score,
	SERVERS,
	type ServerKind,
} from "../helpers/follow-servers.ts";
import { titled, whyNotNew } from "../helpers/live-session.ts";
import { startEbtop } from "../helpers/run-ebtop.ts";
import { receiptErrors, schemaErrors } from "../helpers/snapshot-schema.ts";
import { until } from "../helpers/workload.ts";

const why = process.getuid?.() === 0 ? whyNotNew : "not root";
const REQUESTS = 7;
const FILES = 2 * REQUESTS;

async function withServer<T>(kind: ServerKind, others: number, use: (server: FollowServer) => Promise<T>): Promise<T> {
	const server = new FollowServer(kind);
	try {
		await server.ready();
		server.crowd(others);
		return await use(server);
	} finally {
		server.close();
	}
}

const follow = (kind: ServerKind, others: number): Promise<Score> =>
	withServer(kind, others, async (server) => {
		const score = await server.follow(REQUESTS);
		expect(receiptErrors(score.receipt)).toEqual([]);
		expect(score.files).toBe(FILES);
		return score;
	});

const daemonsOf = ({ daemons }: Receipt) => daemons.map(({ comm, isFollowed }) => `${comm} ${isFollowed}`);
/** Those that each of these daemons has: where the rules end. */
const LIMITS: readonly string[] = ["later", "memory", "goroutine", "running"];
const unexpectedGaps = ({ gaps }: Receipt) => gaps.filter(({ kind }) => !LIMITS.includes(kind));
/** Jobs are handed over in memory only: no rule can be certain whose they are. */
const IN_MEMORY: readonly ServerKind[] = ["poolback", "shmq"];
/** Other shapes, and one that cannot be known as a whole: the benchmark tries these. */
const NOT_HERE: readonly ServerKind[] = [...IN_MEMORY, "signalled", "stages", "oneshot", "pieces", "together", "held"];
/** One of each way to serve several at once; `npm run bench -- follow` tries them all. */
const WITH_OTHERS: readonly ServerKind[] = ["tpc", "prefork", "loop", "pool", "mux", "shim", "deferred"];

// Each watches only its own command and server, through its own ring.
describe.skipIf(why !== null).concurrent(titled("followed into a daemon", why), () => {
	for (const kind of SERVERS.filter((each) => !NOT_HERE.includes(each))) {
		test(`${kind}: all that was done for its only client, to the byte`, async () => {
			const { classes, bytes, bytesFound, receipt } = await follow(kind, 0);
			expect(classes).toEqual({
				certain: { right: FILES, wrong: 0 },
				likely: { right: 0, wrong: 0 },
				guess: { right: 0, wrong: 0 },
			});
			expect(bytesFound).toBe(bytes);
			expect(unexpectedGaps(receipt)).toEqual([]);
			expect(receipt.gaps).toContainEqual(
				expect.objectContaining({
					kind: "later",
					rule: "stream",
					process: expect.objectContaining({ comm: expect.stringMatching(/^eb-/) }),
				}),
			);
			expect(daemonsOf(receipt)[0]).toMatch(/ true$/);
			expect(receipt.edges[0]?.why).toMatch(/\.$/);
		});
	}

	test.each(WITH_OTHERS)("%s: nothing of what it does for three other clients or for itself", async (kind) => {
		const { classes } = await follow(kind, 3);
		expect(classes.certain.wrong + classes.likely.wrong).toBe(0);
		expect(classes.certain.right).toBeGreaterThan(FILES / 2);
	});

	test("a second stage of workers is certain, the first is likely if it was woken and woke the second", async () => {
		const { classes } = await follow("stages", 0);
		expect(classes).toMatchObject({ certain: { right: REQUESTS, wrong: 0 }, likely: { wrong: 0 } });
		expect(classes.likely.right).toBeGreaterThan(0);
	});

	test("each request over a new connection with the same descriptor number: nothing of others", async () => {
		const servers = (["loop", "pool"] as const).map((kind) => new FollowServer(kind, undefined, "each"));
		try {
			for (const server of servers) {
				await server.ready();
				server.crowd(1);
			}
			for (const { classes, files } of await followTogether(servers, REQUESTS)) {
				expect(files).toBe(FILES);
				expect([classes.certain.wrong, classes.likely.wrong]).toEqual([0, 0]);
				expect(classes.certain.right).toBeGreaterThan(FILES / 2);
			}
		} finally {
			for (const server of servers) server.close();
		}
	});

	test("a daemon that dies before it replies: what it did, what its child goes on to do, and how it ended", async () => {
		const folder = mkdtempSync(join(tmpdir(), "eb-dying-"));
		const made = (name: string, size: number) =>
			`open F, ">", "${folder}/${name}"; syswrite F, "x" x ${size}; close F;`;
		const perl = (script: string) => ["perl", "-MSocket", "-e", script];
		const name = `pack_sockaddr_un("${folder}/socket")`;
		const [program = "", ...words] = perl(`socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, ${name}); listen(S, 5);
			while (accept(A, S)) { sysread(A, $_, 99); if (!/mine/) { ${made("other", 13)} close A; next }
				${made("mine", 1009)} if (!fork) { select undef, undef, undef, 0.1; ${made("later", 1013)} exit } kill 9, $$ }`);
		const daemon = spawn(program, words, { stdio: "ignore" });
		try {
			await until("the socket", () => existsSync(join(folder, "socket")));
			const client = (word: string) =>
				perl(`socket(C, AF_UNIX, SOCK_STREAM, 0); connect(C, ${name}) or die;
				syswrite(C, "${word}"); shutdown(C, 1); sysread(C, $_, 99);
				if ("${word}" eq "mine") { select undef, undef, undef, 0.02 until -s "${folder}/later" }`);
			const [other = "", ...rest] = client("another");
			expect(spawnSync(other, rest, { timeout: 10_000 }).status).toBe(0);
			const file = join(folder, "receipt");
			expect(await startEbtop(["follow", "--receipt", file, "--", ...client("mine")]).ended).toMatchObject({
				status: 0,
			});
			const receipt: Receipt = JSON.parse(readFileSync(file, "utf8"));
			expect(receiptErrors(receipt)).toEqual([]);
			const files = receipt.files.filter(({ path, created }) => created && path.startsWith(folder));
			expect(files.map(({ path, writeBytes, class: sure }) => [basename(path), writeBytes, sure])).toEqual([
				["later", 1013, "certain"],
				["mine", 1009, "certain"],
			]);
			expect(receipt.daemons.map(({ pid, exit, isFollowed }) => [pid, exit?.signal, isFollowed])).toEqual([
				[daemon.pid, "SIGKILL", true],
			]);
		} finally {
			daemon.kill("SIGKILL");
			rmSync(folder, { recursive: true });
		}
	});

	test("with a dashboard, snapshots show what is known so far", async () => {
		await withServer("pool", 2, async (server) => {
			const words = ["--json", "-d", "0.5", "--panes", "tcp", "--", ...server.client("mine", REQUESTS)];
			const { status, stdout } = await startEbtop(words).ended;
			expect(status).toBe(0);
			const lines = stdout.trimEnd().split("\n");
			const last: Snapshot = JSON.parse(lines.at(-1) ?? "");
			expect(schemaErrors(last)).toEqual([]);
			const [followed] = last.follow ?? [];
			const made = followed?.effects.filter(({ created }) => created) ?? [];
			const sure = made.filter(({ class: its }) => its !== "guess");
			expect(sure.map(({ path, class: its }) => [server.isMine(path), its])).toEqual(
				Array.from({ length: FILES }, () => [true, "certain"]),
			);
			expect(followed).toMatchObject({ state: "ended", exit: { code: 0 }, reduced: [], moreEffects: 0 });
			const [daemon] = followed?.actors.filter(({ role }) => role === "daemon") ?? [];
			expect(daemon).toMatchObject({ comm: "eb-server", class: "certain" });
			const { elapsedMs = 0, lanes = [] } = followed ?? {};
			const worked = lanes.find((lane) => lane.actor === daemon?.id)?.spans ?? [];
			expect(worked.length).toBeGreaterThan(0);
			for (const { fromMs, toMs } of worked) {
				expect([fromMs >= 0, toMs >= fromMs, elapsedMs >= toMs]).toEqual([true, true, true]);
			}
			expect(followed?.edges).toContainEqual(
				expect.objectContaining({ to: daemon?.id, rule: "replier", class: "certain" }),
			);
		});
	});

	test("plain text has the chain: command, daemon, and why", async () => {
		await withServer("tpc", 0, async (server) => {
			const words = ["--batch", "-d", "0.5", "--panes", "follow", "--", ...server.client("mine", REQUESTS)];
			const { status, stdout } = await startEbtop(words).ended;
			expect(status).toBe(0);
			const last = stdout.slice(stdout.lastIndexOf("Follow:"));
			expect(last).toMatch(/certain +\d+ +eb-client +command +the command, and what it started/);
			// Two files for each request.
			expect(last).toMatch(new RegExp(`certain +\\d+ +eb-server +daemon +.+\\. +${FILES} +`));
		});
	});

	test.each(IN_MEMORY)("%s: likely, for its only client and beside others", async (kind) => {
		const { classes, receipt } = await follow(kind, 0);
		expect(classes).toEqual({
			certain: { right: 0, wrong: 0 },
			likely: { right: FILES, wrong: 0 },
			guess: { right: 0, wrong: 0 },
		});
		expect(unexpectedGaps(receipt)).toEqual([]);
		const beside = await follow(kind, 3);
		expect(beside.classes.certain).toEqual({ right: 0, wrong: 0 });
		expect(beside.classes.likely.wrong).toBe(0);
		expect(beside.classes.likely.right).toBeGreaterThan(0);
	});

	// A service makes two files for each call; one that is started for the call makes another at its start.
	const busFiles = { dbus: FILES, activated: FILES + REQUESTS };
	const hasBus = isThere("dbus-daemon");
	test.skipIf(!hasBus).each(BUS_SERVERS)(
		`a real dbus-daemon, %s: likely what its service does for the command${hasBus ? "" : " (skipped: it is not installed)"}`,
		async (kind) => {
			const { classes, files, receipt } = await withServer(kind, 3, (server) => server.follow(REQUESTS));
			expect(files).toBe(busFiles[kind]);
			expect([classes.certain, classes.likely], JSON.stringify(receipt.gaps)).toEqual([
				{ right: 0, wrong: 0 },
				{ right: files, wrong: 0 },
			]);
		},
	);

	test("signals: likely what their handlers do, if the thread was waiting", async () => {
		const { classes } = await follow("signalled", 3);
		expect(classes).toMatchObject({ certain: { right: 0, wrong: 0 }, likely: { wrong: 0 }, guess: { wrong: 0 } });
		expect(classes.likely.right).toBeGreaterThan(0);
	});
});
