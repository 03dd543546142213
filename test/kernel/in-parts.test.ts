/** A session that loads and attaches most of its programs after its first refresh. */

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/command-line.ts";
import { loadAddon } from "../../src/model/feed/addon.ts";
import { WireProbeState } from "../../src/model/wire/layout.gen.ts";
import { measuredLater, sessionOptions } from "../../src/run/open-feed.ts";
import { forcedVariants } from "../helpers/circumstances.ts";
import { describeLive, isBefore517 } from "../helpers/live-session.ts";
import { RecordSession } from "../helpers/record-session.ts";
import { textOf } from "../helpers/wire-read.ts";

const STANDBY = ["disk", "thread", "sched", "follow"] as const;
const SCREEN = {
	concerns: ["process", "syscall", "ipc", "file", "tcp"],
	standby: isBefore517 ? STANDBY.filter((name) => name !== "follow") : STANDBY,
} as const;
const FIRST = ["fork", "exec", "exit", "syscall", "tcp", "sysv", "signal"];
const REST = ["io-uring", "aio", "fd-pass", "datagram", "mapping"];
/** Attached while the five panes are shown. What else is there costs nothing then. */
const USUAL = [
	...[...FIRST, ...REST, "cgroup-change", "namespace-change", "file", "multishot", "cq-overflow", "interrupt"],
	...["oom", "rights"],
];
const ON_STANDBY = ["disk", "threads", "sched"];
const STANDBY_STATE = 3;
/** Of other kernels all programs are loaded at once. */
const comesInParts = !isBefore517 && Number.parseInt(release(), 10) < 7 && Object.keys(forcedVariants).length === 0;

const statesOf = (session: RecordSession, probes: readonly string[]) =>
	Object.fromEntries(probes.map((name) => [name, session.probe(name).state]));

describeLive("a session in parts", () => {
	test("has the probes of a whole session when it is complete, and they count", async () => {
		const whole = new RecordSession(SCREEN);
		whole.sweep();
		const wanted = statesOf(whole, [...FIRST, ...REST, ...ON_STANDBY]);
		whole.close();
		const session = new RecordSession({ ...SCREEN, inParts: true });
		try {
			session.sweep();
			expect(statesOf(session, FIRST)).toEqual(Object.fromEntries(FIRST.map((name) => [name, wanted[name]])));
			if (comesInParts)
				expect(statesOf(session, REST)).toEqual(Object.fromEntries(REST.map((name) => [name, STANDBY_STATE])));
			session.want(["disk", "thread", "sched"]);
			session.sweep();
			await session.complete();
			session.want([]);
			session.sweep();
			expect(statesOf(session, [...FIRST, ...REST, ...ON_STANDBY])).toEqual(wanted);
			session.want(["disk", "thread", "sched"]);
			session.sweep();
			expect(Object.values(statesOf(session, ON_STANDBY))).not.toContain(STANDBY_STATE);
			if (session.probe("io-uring").state === 0) return;
			const run = await session.run("uring");
			session.sweep();
			const { file } = session.files(run);
			expect(file?.io).toEqual({ opens: 1, writes: 7, writeBytes: 707, reads: 5, readBytes: 485 });
		} finally {
			session.close();
		}
	});

	test("of the usual screen attaches nothing for what is not shown: disk, threads, scheduling, most events …", () => {
		const options = parseCommandLine([]);
		const session = new RecordSession({ ...sessionOptions(options, "bpf", measuredLater(options)), inParts: false });
		try {
			session.sweep();
			const { ON, FALLBACK, STANDBY } = WireProbeState;
			const inState = (...states: number[]) =>
				session
					.all("wire_probe")
					.flatMap((each) => (states.includes(each.state) ? [textOf(Buffer.from(each.list("probe")))] : []));
			expect(inState(ON, FALLBACK).filter((name) => !USUAL.includes(name))).toEqual([]);
			expect(inState(STANDBY)).toEqual(expect.arrayContaining(["disk", "threads", "sched", "seccomp"]));
		} finally {
			session.close();
		}
	});

	test("may be closed before it is complete", async () => {
		const session = new RecordSession({ ...SCREEN, inParts: true });
		const completed = session.complete();
		session.close();
		await expect(completed).resolves.toBeUndefined();
		expect(() => session.sweep()).toThrow(/closed/);
	});
});

/** How many programs this process has attached. */
function linksOfThis(): number {
	const targets = readdirSync("/proc/self/fd").map((fd) => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`);
		} catch {
			return ""; // that of the folder itself
		}
	});
	return targets.filter((target) => target.includes("bpf_link")).length;
}

/** Runs a program of this name while nobody has opened the session, and returns what the session's first refresh has of it. */
async function seenBefore(name: string, open: () => ReturnType<ReturnType<typeof loadAddon>["Session"]["open"]>) {
	const before = linksOfThis();
	while (linksOfThis() < before + FIRST.length) await sleep(10);
	for (let links = -1; links !== linksOfThis(); await sleep(500)) links = linksOfThis();
	const folder = mkdtempSync(join(tmpdir(), "eb-"));
	copyFileSync("/bin/true", join(folder, name));
	execFileSync(join(folder, name));
	rmSync(folder, { recursive: true });
	const session = await open();
	const isSeen = Buffer.from(session.sweep()).includes(name);
	session.close();
	return isSeen;
}

describeLive("a session opened early", () => {
	test("is the one that is opened with the same options, and has counted from the beginning", async () => {
		const { Session } = loadAddon();
		const options = { ...SCREEN, source: "bpf", inParts: true } as const;
		Session.openEarly(options);
		expect(await seenBefore("eb-early", () => Session.open(options))).toBe(true);
	});

	test("is closed if it is opened with others", async () => {
		const { Session } = loadAddon();
		Session.openEarly({ ...SCREEN, source: "bpf", inParts: true });
		const others = { source: "bpf", concerns: ["process"] } as const;
		expect(await seenBefore("eb-other", () => Session.open(others))).toBe(false);
	});
});
