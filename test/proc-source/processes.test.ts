/** What /proc shows about a process that the test knows. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import { Observer } from "./observer.ts";

let folder = "";
const children: ChildProcess[] = [];
const observers: Observer[] = [];

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "eb-proc-"));
	copyFileSync("/bin/sleep", join(folder, "eb-sleep"));
	symlinkSync("/bin/sh", join(folder, "eb-sh"));
});

afterAll(() => rmSync(folder, { recursive: true }));

afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
	for (const observer of observers.splice(0)) observer.close();
});

function observe(options = {}): Observer {
	const observer = new Observer(options);
	observers.push(observer);
	return observer;
}

function start(name: string, args: readonly string[]): number {
	const child = spawn(join(folder, name), args, { stdio: ["pipe", "ignore", "ignore"] });
	children.push(child);
	if (child.pid === undefined) throw new Error(`${name} did not start`);
	return child.pid;
}

function row(snapshot: Snapshot, pid: number): ProcessRow | undefined {
	return snapshot.processes.find((process) => process.pid === pid);
}

/** Reads the number in a link such as net:[4026531840]. */
function namespace(pid: number, name: string): number {
	return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/${name}`))?.[0]);
}

const programOf = (pid: number) => (process: ProcessRow) => process.pid === pid && process.comm === "eb-sleep";

it("reads all documented fields", async () => {
	const pid = start("eb-sh", ["-c", "read go", "a b", ""]);
	const found = await observe().until("the shell", ({ processes }) =>
		processes.find((process) => process.pid === pid && process.comm === "eb-sh"),
	);
	const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
	const hertz = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

	expect(found).toMatchObject({
		ppid: process.pid,
		start: String((BigInt(stat[19] ?? 0) * 1_000_000_000n) / BigInt(hertz)),
		exe: readlinkSync(`/proc/${pid}/exe`),
		args: [join(folder, "eb-sh"), "-c", "read go", "a b", ""],
		uid: process.geteuid?.(),
		gid: process.getegid?.(),
		user: userInfo().username,
		state: "S",
		threads: 1,
		seccomp: "disabled",
		exit: null,
	});
	expect(found.rssBytes).toBeGreaterThan(100_000);
	for (const name of ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"] as const) {
		expect(found.namespaces[name]).toBe(namespace(pid, name));
	}
	expect(readFileSync(`/proc/${pid}/cgroup`, "utf8")).toContain(`:${found.cgroup}\n`);
});

it("sees an exec: same process, new program and arguments", async () => {
	const pid = start("eb-sh", ["-c", `read go; exec ${folder}/eb-sleep 3601`]);
	const observer = observe();
	const before = await observer.until("the shell", ({ processes }) =>
		processes.find((process) => process.pid === pid && process.comm === "eb-sh"),
	);
	children.at(-1)?.stdin?.write("\n");
	const after = await observer.until("the exec", ({ processes }) => processes.find(programOf(pid)));

	expect(after).toMatchObject({ exe: join(folder, "eb-sleep"), args: [join(folder, "eb-sleep"), "3601"] });
	expect(after.start).toBe(before.start);
});

it("never reads arguments with noArgs", async () => {
	const pid = start("eb-sleep", ["3600"]);
	const found = await observe({ noArgs: true }).until("eb-sleep", ({ processes }) => processes.find(programOf(pid)));

	expect(found.args).toEqual([]);
	expect(found.exe).toBe(join(folder, "eb-sleep"));
});

describe("a narrow view", () => {
	it("shows the wanted process and its descendants only, also when their parent is gone", async () => {
		const pid = start("eb-sh", ["-c", `${folder}/eb-sleep 3600 & ${folder}/eb-sleep 3600 & wait`]);
		const observer = observe({ pids: [pid] });
		const comms = ["eb-sh", "eb-sleep", "eb-sleep"];
		const family = await observer.until("three processes", ({ processes }) =>
			JSON.stringify(processes.map(({ comm }) => comm).sort()) === JSON.stringify(comms) ? processes : undefined,
		);
		process.kill(pid, "SIGKILL");
		const orphans = await observer.until("the end of the parent", ({ processes }) => {
			const living = processes.filter(({ exit }) => exit === null);
			return living.length === 2 ? living : undefined;
		});

		expect(family.filter(({ ppid }) => ppid === pid)).toHaveLength(2);
		for (const orphan of orphans) {
			expect(orphan.comm).toBe("eb-sleep");
			process.kill(orphan.pid, "SIGKILL");
		}
	});

	it("selects by name", async () => {
		const pid = start("eb-sleep", ["3600"]);
		const found = await observe({ comm: "eb-sl*" }).until("eb-sleep", ({ processes }) =>
			processes.some(programOf(pid)) ? processes : undefined,
		);

		expect(found.every(({ comm }) => comm.startsWith("eb-sl"))).toBe(true);
	});

	it("refuses a pid that does not exist", () => {
		expect(() => observe({ pids: [4_194_303] })).toThrow("There is no process 4194303.");
	});
});

it("shows a process that went away as gone", async () => {
	const pid = start("eb-sleep", ["3600"]);
	const observer = observe();
	await observer.until("eb-sleep", ({ processes }) => processes.find(programOf(pid)));
	process.kill(pid, "SIGKILL");
	const gone = await observer.until("its end", (snapshot) => {
		const process = row(snapshot, pid);
		return process !== undefined && process.exit !== null && process;
	});

	expect(gone.state).toBe("X");
	expect(gone.exit?.code).toBeNull();
});

describe("a sleeping process, of which little is read", () => {
	/** Refreshes until nothing about it is new. */
	async function observed(pid: number): Promise<Observer> {
		const observer = observe();
		await observer.until("the shell", (snapshot) => row(snapshot, pid)?.comm === "eb-sh");
		for (let i = 0; i < 5; i++) observer.refresh();
		return observer;
	}

	it("has its new parent as soon as the old one is gone", async () => {
		const pid = start("eb-sh", ["-c", `${folder}/eb-sleep 3600 & wait`]);
		const observer = await observed(pid);
		const child = await observer.until("its child", ({ processes }) =>
			processes.find(({ ppid, comm }) => ppid === pid && comm === "eb-sleep"),
		);
		process.kill(pid, "SIGKILL");
		const orphan = await observer.until("another parent", (snapshot) => {
			const its = row(snapshot, child.pid);
			return its?.ppid !== pid && its;
		});
		process.kill(child.pid, "SIGKILL");

		expect(orphan).toMatchObject({ comm: "eb-sleep", exit: null });
	});

	it("is seen running again, with what it opens then", async () => {
		const pid = start("eb-sh", ["-c", `read go; exec 7>${folder}/opened; read end`]);
		const observer = await observed(pid);
		children.at(-1)?.stdin?.write("\n");

		const file = await observer.until("its file", ({ files }) =>
			files.find((each) => each.pid === pid && each.path === `${folder}/opened`),
		);
		expect(file.type).toBe("regular");
	});

	// If its exit is seen as an event, it is shown as dead for some seconds first.
	it("stays as a zombie until its parent is gone", async () => {
		const pid = start("eb-sh", ["-c", `${folder}/eb-sleep 0.2 & exec ${folder}/eb-sleep 3600`]);
		const observer = observe({ pids: [pid] });
		const isZombie = ({ ppid, state }: ProcessRow) => ppid === pid && state === "Z";
		let looks = 0;
		const zombie = await observer.until("a zombie that stays", ({ processes }) => {
			const found = processes.find(isZombie);
			looks = found ? looks + 1 : 0;
			return looks === 11 && found;
		});
		process.kill(pid, "SIGKILL");

		await observer.until("its end", (snapshot) => row(snapshot, zombie.pid)?.state !== "Z");
	});
});
