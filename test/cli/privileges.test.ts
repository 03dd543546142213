/**
 * The capabilities that ebtop keeps while it runs, per thread, and that it sees as much as before it dropped the
 * others.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type RunningEbtop, startEbtop } from "../helpers/run-ebtop.ts";

const BITS = { dac_read_search: 2, ipc_owner: 15, sys_ptrace: 19, sys_admin: 21 } as const;
type Name = keyof typeof BITS;
const ALL_NAMES = Object.keys(BITS) as Name[];

const isRoot = process.getuid?.() === 0;
const why = isRoot ? "" : " (skipped: it takes root to have something to give up)";

const folder = mkdtempSync(join(tmpdir(), "eb-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Thread {
	readonly comm: string;
	/** By the names above; what else there is as a number. */
	readonly capabilities: string[];
	readonly rest: Record<string, string>;
}

function threadsOf(pid: number): Thread[] {
	return readdirSync(`/proc/${pid}/task`).map((tid) => {
		const text = readFileSync(`/proc/${pid}/task/${tid}/status`, "utf8");
		const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(text)?.[1] ?? "";
		const names = ["CapInh", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"];
		expect(field("CapEff")).toBe(field("CapPrm"));
		return {
			comm: field("Name"),
			capabilities: capabilitiesOf(BigInt(`0x${field("CapPrm")}`)),
			rest: Object.fromEntries(names.map((name) => [name, field(name)])),
		};
	});
}

function capabilitiesOf(set: bigint): string[] {
	const numbers = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (set >> BigInt(bit)) & 1n);
	return numbers.map((bit) => ALL_NAMES.find((name) => BITS[name] === bit) ?? String(bit));
}

const NOTHING = "0000000000000000";
const LOCKED = { CapInh: NOTHING, CapBnd: NOTHING, CapAmb: NOTHING, NoNewPrivs: "1", Seccomp: "2" };

/** Looks at a run from its second line on, until `isSeen` or a few lines later, then ends it. */
async function lookAt<Result>(
	running: RunningEbtop,
	look: (pid: number, snapshot: Snapshot) => Result,
	isSeen: (result: Result) => boolean = () => true,
): Promise<Result> {
	await running.nextLine();
	for (let left = 10; ; left--) {
		const line = await running.nextLine();
		if (line === null) throw new Error((await running.ended).stderr);
		const result = look(running.child.pid as number, JSON.parse(line));
		if (!isSeen(result) && left > 0) continue;
		running.child.kill("SIGINT");
		expect(await running.ended).toMatchObject({ status: 0, stderr: "" });
		return result;
	}
}

const nobodyWith = (...names: Name[]) => {
	const set = names.length === 0 ? "-all" : names.map((name) => `+${name}`).join();
	return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", `--inh-caps=${set}`, `--ambient-caps=${set}`];
};

describe.skipIf(!isRoot)(`a run from /proc${why}`, () => {
	test("keeps three capabilities, a fourth in the thread that visits network namespaces, and cannot gain more", async () => {
		const threads = await lookAt(startEbtop(["--json", "-d", "0.2", "--source", "proc"]), threadsOf);
		expect(threads.length).toBeGreaterThan(5);
		for (const { rest } of threads) expect(rest).toEqual(LOCKED);
		const common = ["dac_read_search", "ipc_owner", "sys_ptrace"];
		for (const { comm, capabilities } of threads) {
			expect([comm, capabilities]).toEqual([comm, comm === "ebtop-visitor" ? [...common, "sys_admin"] : common]);
		}
		expect(threads.filter(({ comm }) => comm === "ebtop-visitor")).toHaveLength(1);
	});

	test("lists in its health which capabilities it has, and what it cannot see for lack of others", async () => {
		const words = ["--json", "-d", "0.2", "--source", "proc"];
		const rights = (_: number, { health }: Snapshot) => health.probes.find(({ probe }) => probe === "rights");
		expect(await lookAt(startEbtop(words), rights)).toMatchObject({
			state: "on",
			variant: "seccomp",
			reason: "Kept: cap_sys_ptrace, cap_dac_read_search, cap_ipc_owner, cap_sys_admin in one thread.",
		});
		expect(await lookAt(startEbtop(words, nobodyWith("sys_ptrace")), rights)).toMatchObject({
			state: "fallback",
			reason: expect.stringMatching(/^Without root, names of docker's .* Kept: cap_sys_ptrace\.$/),
		});
	});

	test("goes before what it watches, unless the user has chosen its priority", async () => {
		/** Without the reader of the proc connector, which has a priority of its own. */
		const prioritiesOf = (pid: number) =>
			new Set(
				readdirSync(`/proc/${pid}/task`)
					.map((tid) => getPriority(Number(tid)))
					.filter((priority) => priority !== -20),
			);
		const words = ["--json", "-d", "0.2", "--source", "proc"];
		const start = (nice: number) => startEbtop(words, ["nice", "-n", String(nice - getPriority())]);
		expect(await lookAt(start(0), prioritiesOf)).toEqual(new Set([-5]));
		expect(await lookAt(start(3), prioritiesOf)).toEqual(new Set([3]));
	});

	const hasGroups = existsSync("/proc/self/autogroup");
	const noGroups = hasGroups ? "" : " (skipped: this kernel has no groups by session)";
	test.skipIf(!hasGroups)(`raises the priority of its session if nothing else runs there${noGroups}`, async () => {
		const priorityOf = (pid: number) => / nice (-?\d+)$/m.exec(readFileSync(`/proc/${pid}/autogroup`, "utf8"))?.[1];
		const words = ["--json", "-d", "0.2", "--source", "proc"];
		expect(await lookAt(startEbtop(words, ["setsid"]), priorityOf)).toBe("-5");
		expect(await lookAt(startEbtop(words), priorityOf)).toBe(priorityOf(process.pid));
		expect(await lookAt(startEbtop([...words, "--", "sleep", "60"], ["setsid"]), priorityOf)).toBe("0");
	});

	test("keeps none for links and connections if those are not measured", async () => {
		const words = ["--json", "-d", "0.2", "--source", "proc", "--panes", "processes"];
		const threads = await lookAt(startEbtop(words), threadsOf);
		for (const { capabilities } of threads) expect(capabilities).toEqual(["dac_read_search", "sys_ptrace"]);
	});

	test("as another user with two capabilities sees what root has open, and without them does not", async () => {
		const path = join(folder, "eb-open");
		const file = openSync(path, "w");
		const seesFile = (_: number, { files }: Snapshot) =>
			files.some((row) => row.pid === process.pid && row.path === path);
		const words = ["--json", "-d", "0.2", "--source", "proc"];
		const [able, unable] = [nobodyWith("sys_ptrace", "dac_read_search"), nobodyWith()];
		expect(await lookAt(startEbtop(words, able), seesFile, (isSeen) => isSeen)).toBe(true);
		expect(await lookAt(startEbtop(words, unable), seesFile, (isSeen) => isSeen)).toBe(false);
		const threads = await lookAt(startEbtop(words, able), threadsOf);
		for (const { capabilities, rest } of threads) {
			expect(capabilities).toEqual(["dac_read_search", "sys_ptrace"]);
			expect(rest).toMatchObject({ CapInh: NOTHING, CapAmb: NOTHING, NoNewPrivs: "1", Seccomp: "2" });
		}
		closeSync(file);
	});

	test("a recording is played with only the capability to read files", async () => {
		// Nobody reads what it prints, so that it waits.
		const child = spawn("bin/ebtop", ["--json", "--demo"], { stdio: ["ignore", "pipe", "inherit"] });
		await once(child.stdout, "readable");
		const threads = threadsOf(child.pid as number);
		child.kill("SIGKILL");
		for (const { capabilities, rest } of threads) {
			expect(capabilities).toEqual(["dac_read_search"]);
			expect(rest).toEqual(LOCKED);
		}
	});
});

interface Report {
	readonly privileges: {
		readonly capabilities: { name: string; state: string; purpose: string; loss: string }[];
		readonly noNewPrivileges: boolean;
		readonly refusedCalls: number;
		readonly problem: string | null;
	};
}

describe("--probes", () => {
	test("lists the capabilities that remain, and what is not seen if one is missing", async () => {
		const launcher = isRoot ? nobodyWith("sys_ptrace") : [];
		const { stdout, status } = await startEbtop(["--probes", "--json"], launcher).ended;
		expect(status).toBe(0);
		const { privileges }: Report = JSON.parse(stdout);
		expect(privileges).toMatchObject({ noNewPrivileges: true, problem: null });
		expect(privileges.refusedCalls).toBeGreaterThan(60);
		const states = Object.fromEntries(privileges.capabilities.map(({ name, state }) => [name, state]));
		expect(states).toMatchObject({ cap_sys_ptrace: isRoot ? "kept" : "missing", cap_sys_admin: "missing" });
		for (const { purpose, loss } of privileges.capabilities) {
			expect(purpose).not.toBe("");
			expect(loss).toMatch(/^[A-Z].*\.$/);
		}
		const { stdout: text } = await startEbtop(["--probes"], launcher).ended;
		expect(text).toContain("cap_sys_admin        missing          Connections of other network namespaces");
		expect(text).toContain("new privileges cannot be gained");
	});
});
