/** Fork, exec and exit as events, if this user may use the kernel's proc connector. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { ProcessRow } from "../../src/model/snapshot.ts";
import { WireType } from "../../src/model/wire/layout.gen.ts";
import { childrenOf } from "../helpers/ground-truth.ts";
import { until } from "../helpers/workload.ts";
import { Observer } from "./observer.ts";

const observer = new Observer({ concerns: ["process"] });
const probe = observer.refresh().health.probes.find(({ probe }) => probe === "process-events");

afterAll(() => observer.close());

it.runIf(probe?.state === "off")(
	"says why there are none (needs a user or a kernel without the proc connector)",
	() => {
		expect(probe?.reason).toMatch(/^Forks and exits are seen from one refresh to the next, not as events: .+\.$/);
	},
);

const connectorTest = it.skipIf(probe?.state === "off");

connectorTest("shows processes that lived between two refreshes (needs the proc connector)", async () => {
	const folder = mkdtempSync(join(tmpdir(), "eb-events-"));
	observer.refresh();
	// One lives until its program has been read; the others may be gone by then, so that only their events exist.
	const brief = Array.from({ length: 11 }, (_, at) => `/bin/sh -c 'exit ${at}' & wait $!`);
	const longer = "/bin/sh -c 'echo $$ >new; mv new pid; until [ -e go ]; do :; done; exit 29' & wait $!";
	const script = `${brief.join("; ")}; ${longer}; (exit 23) & wait; kill -TERM $$`;
	const shell = spawn("/bin/sh", ["-c", script], { cwd: folder, stdio: "ignore" });
	const exited = once(shell, "exit");
	const pidOfLonger = await until("the longer one", () => {
		const file = join(folder, "pid");
		return existsSync(file) && Number(readFileSync(file, "utf8"));
	});
	await observer.untilRecord(WireType.ARGS, pidOfLonger);
	writeFileSync(join(folder, "go"), "");
	await exited;
	rmSync(folder, { recursive: true });

	const { pid } = shell;
	const { processes, health } = observer.refresh();
	expect(health.records.lost).toBe(0);
	const children = processes.filter(({ ppid }) => ppid === pid);
	const codes = children.map(({ exit }) => exit?.code ?? Number.NaN).sort((a, b) => a - b);

	expect(processes.find((process) => process.pid === pid)?.exit).toMatchObject({ code: null, signal: "SIGTERM" });
	expect(codes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 23, 29]);
	expect(children.find(({ exit }) => exit?.code === 29)).toMatchObject({
		comm: "sh",
		args: ["/bin/sh", "-c", expect.stringContaining("exit 29")],
		exe: realpathSync("/bin/sh"),
		uid: process.geteuid?.(),
	});
});

connectorTest("never shows another program than the one that ran (needs the proc connector)", () => {
	const { pid } = spawnSync("/bin/sh", ["-c", `${"/bin/true & ".repeat(101)} wait`]);
	const { processes, health } = observer.refresh();
	expect(health.records.lost).toBe(0);
	const children = processes.filter(({ ppid }) => ppid === pid);
	const isKnownOrUnknown = ({ comm, exe, args }: ProcessRow) =>
		["true", "?"].includes(comm) &&
		[realpathSync("/bin/true"), null].includes(exe) &&
		["/bin/true", undefined].includes(args[0]);

	expect(children.filter(({ exit }) => exit?.code === 0)).toHaveLength(101);
	expect(children.filter((child) => !isKnownOrUnknown(child))).toEqual([]);
});

/** Refreshes once; returns what the probe lost since the last refresh. */
function lostIn(bounded: Observer, before: number): number {
	return (bounded.refresh().health.probes.find(({ probe }) => probe === "process-events")?.lost ?? 0) - before;
}

connectorTest("what finds no place among the waiting events is counted as lost (needs the proc connector)", () => {
	const bounded = new Observer({ concerns: ["process"], capacity: { processEvents: 7 } });
	try {
		const before = lostIn(bounded, 0);
		spawnSync("/bin/sh", ["-c", `${"/bin/true & ".repeat(23)} wait`]);
		expect(lostIn(bounded, before)).toBeGreaterThanOrEqual(23 * 3 - 7);
	} finally {
		bounded.close();
	}
});

const CHILDREN = 23;

/** Runs the program so often that many stop at their first step, and gives what was lost of them. */
async function lostOf(bounded: Observer, program: string, word: string): Promise<number> {
	const before = lostIn(bounded, 0);
	const child = `"$0" -c 'kill -STOP $$' eb-long "$1" &`;
	const words = ["-c", `${child.repeat(CHILDREN)} wait`, program, word];
	const shell = spawn("/bin/sh", words, { stdio: "ignore", detached: true });
	try {
		await until("all of them", () => {
			const isStopped = (pid: number) => readFileSync(`/proc/${pid}/status`, "utf8").includes("\nState:\tT");
			const children = childrenOf(shell.pid ?? 0);
			return children.length === CHILDREN && children.every(isStopped);
		});
		return lostIn(bounded, before);
	} finally {
		process.kill(-(shell.pid ?? 0), "SIGKILL");
		bounded.close();
	}
}

connectorTest(
	"of long command lines those past a bound are not read, which counts (needs the proc connector)",
	async () => {
		const bounded = new Observer({ concerns: ["process"], capacity: { processPrograms: 50_000 } });
		expect(await lostOf(bounded, "/bin/sh", "x".repeat(5003))).toBeGreaterThanOrEqual(CHILDREN - 11);
	},
);

connectorTest("and of long paths the same (needs the proc connector)", async () => {
	const root = mkdtempSync(join(tmpdir(), "eb-events-"));
	const folder = join(root, ...Array.from({ length: 15 }, () => "x".repeat(241)));
	try {
		mkdirSync(folder, { recursive: true });
		const program = join(folder, "eb-sh");
		copyFileSync("/bin/sh", program);
		chmodSync(program, 0o755);
		const bounded = new Observer({ concerns: ["process"], noArgs: true, capacity: { processPrograms: 20_000 } });
		expect(await lostOf(bounded, program, "")).toBeGreaterThanOrEqual(CHILDREN - 7);
	} finally {
		rmSync(root, { recursive: true });
	}
});
