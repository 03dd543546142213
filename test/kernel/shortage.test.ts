/** No thread or fd available: a refresh does what it can and reports what it could not; the next one recovers. */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { describeLive } from "../helpers/live-session.ts";
import { type RunningEbtop, startEbtop } from "../helpers/run-ebtop.ts";
import { cgroupHierarchy, TestCgroup } from "../helpers/test-cgroup.ts";
import { until } from "../helpers/workload.ts";

const LISTEN = `
import os, socket, sys
open("/proc/self/comm", "w").write("eb-elsewhere")
here = socket.socket(); here.bind(("0.0.0.0", 4711)); here.listen()
open(sys.argv[1], "w").close()
sys.stdin.read()`;

let folder: string;
let elsewhere: ReturnType<typeof spawn>;
let running: RunningEbtop;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "eb-"));
	elsewhere = spawn("unshare", ["--net", "python3", "-c", LISTEN, join(folder, "ready")], {
		stdio: ["pipe", "ignore", "inherit"],
	});
	await until("the listener", () => existsSync(join(folder, "ready")));
});
afterEach(async () => {
	elsewhere.stdin?.end();
	running.child.kill("SIGINT");
	await running.ended;
	rmSync(folder, { recursive: true });
});

async function next(count = 1): Promise<Snapshot> {
	let line: string | null = null;
	for (let taken = 0; taken < count; taken++) line = await running.nextLine();
	if (line === null) throw new Error(`it has ended: ${(await running.ended).stderr}`);
	return JSON.parse(line);
}

async function nextUntil(what: string, isFound: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
	for (let refresh = 0; refresh < 60; refresh++) {
		const snapshot = await next();
		if (isFound(snapshot)) return snapshot;
	}
	throw new Error(`${what}: not in 60 refreshes`);
}

const listener = (snapshot: Snapshot) =>
	snapshot.tcp.filter(({ localPort, role, state }) => localPort === 4711 && role === "listener" && state === "LISTEN")
		.length;
const reasonOf = (snapshot: Snapshot, name: string) =>
	snapshot.health.probes.find(({ probe }) => probe === name)?.reason ?? "";

describeLive("a shortage", () => {
	const hierarchy = cgroupHierarchy("pids");
	const why = typeof hierarchy === "string" ? ` (skipped: ${hierarchy})` : "";
	describe.skipIf(why !== "")(`of threads${why}`, () => {
		test.each(["bpf", "proc"])("leaves %s as it was, other network namespaces too", async (source) => {
			const cgroup = new TestCgroup(`eb-pids-${source}`, "pids");
			try {
				const enter = ["sh", "-c", `echo $$ > ${cgroup.folder}/cgroup.procs; exec "$@"`, "sh"];
				const words = source === "bpf" ? ["--require-bpf"] : ["--source", "proc"];
				running = startEbtop(["--json", "-d", "0.2", ...words], enter);
				await nextUntil("the listener", (snapshot) => listener(snapshot) === 1);
				cgroup.forbidThreads();
				const later = await next(7);
				expect(listener(later)).toBe(1);
				expect(reasonOf(later, "tcp")).not.toContain("could not be read");
				running.child.kill("SIGINT");
				expect((await running.ended).status).toBe(0);
			} finally {
				await cgroup.remove();
			}
		});
	});

	test.each(["bpf", "proc"])("of descriptors removes no row of %s, and it says so", async (source) => {
		const sleepers = Array.from({ length: 7 }, () => spawn("sleep", ["60"], { stdio: "ignore" }));
		try {
			const pids = [elsewhere, ...sleepers].map((child) => child.pid as number);
			const rows = ({ processes }: Snapshot) =>
				processes.filter(({ pid, state }) => pids.includes(pid) && state === "S").length;
			const words = source === "bpf" ? ["--require-bpf"] : ["--source", "proc"];
			running = startEbtop(["--json", "-d", "0.1", "--panes", "processes,tcp", ...words]);
			await nextUntil("the listener", (snapshot) => listener(snapshot) === 1 && rows(snapshot) === 8);
			const { pid } = running.child;
			const limit = (count: number) => execFileSync("prlimit", ["--pid", String(pid), `--nofile=${count}:4096`]);
			limit(readdirSync(`/proc/${pid}/fd`).length - 20);
			const isSaid = (snapshot: Snapshot) =>
				snapshot.health.probes.some(({ reason }) => reason?.includes("Too many open files"));
			await nextUntil("what is short", isSaid);
			const during = await next(5);
			expect([rows(during), listener(during), isSaid(during)]).toEqual([8, 1, true]);
			limit(4096);
			const after = await nextUntil("all is well", (snapshot) => !isSaid(snapshot));
			expect([rows(after), listener(after)]).toEqual([8, 1]);
		} finally {
			for (const sleeper of sleepers) sleeper.kill();
		}
	});
});
