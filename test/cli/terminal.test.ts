import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
	chownSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import xterm from "@xterm/headless";
import { afterAll, describe, expect, it } from "vitest";
import { runEbtop, untilStuck } from "../helpers/run-ebtop.ts";
import { play, syntheticBatches, temporaryFolder, writeRecording } from "../replay/recordings.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));
const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";
/** Rows and columns; a terminal without a size is 0 x 0. The last is the one that the tests look at. */
const SIZES = [
	[1, 1],
	[0, 0],
	[2, 2],
	[3, 500],
	[0, 5],
	[300, 1000],
	[5, 5],
	[24, 80],
];

/** What /proc says of a process; nothing once it is gone. */
function statusOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/status`, "utf8");
	} catch {
		return "";
	}
}

const folder = temporaryFolder();
const recording = join(folder, "eb.ebtop");
writeRecording(recording, syntheticBatches(2));
const children: ChildProcess[] = [];
/** Closes the terminals of programs that a test did not end. */
afterAll(() => {
	for (const child of children) child.kill("SIGKILL");
	rmSync(folder, { recursive: true });
});

interface StartPlace {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
}

/** The real program on a real pseudo terminal (util-linux's `script`) of this size. */
function startOnTerminal(words: string, columns = 80, rows = 24, place: StartPlace = {}) {
	const size = `stty rows ${rows} cols ${columns}`;
	const line = `${size}; tty; sh -c 'echo pid=$$; exec ${LAUNCHER} ${words}'; echo "status=$?"`;
	const child = spawn("script", ["-qec", line, "/dev/null"], {
		env: { ...process.env, TERM: "xterm-256color", XDG_CONFIG_HOME: folder, ...place.env }, // no user's settings
		...(place.cwd === undefined ? {} : { cwd: place.cwd }),
	});
	children.push(child);
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
	let output = "";
	const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
	child.stdout.on("data", (bytes: Buffer) => {
		output += bytes;
		terminal.write(bytes);
	});
	const text = (): string => {
		const lines = Array.from({ length: rows }, (_, row) =>
			terminal.buffer.active.getLine(row)?.translateToString(true),
		);
		return lines.join("\n");
	};
	/** Waits until the screen shows it; the test's timeout ends the wait otherwise. */
	const shows = async (wanted: string): Promise<void> => {
		while (!text().includes(wanted)) await new Promise((resolve) => setTimeout(resolve, 20));
	};
	const told = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? "";
	return {
		child,
		shows,
		text,
		ended,
		output: () => output,
		/** Of ebtop itself. */
		pid: () => Number(told(/pid=(\d+)/)),
		device: () => told(/(\/dev\/pts\/\d+)/),
	};
}

// Concurrent, since most of them wait for a program that starts or hangs.
describe.concurrent("on a terminal", () => {
	it("shows the recording, and q leaves the terminal as it was", async () => {
		const run = startOnTerminal(`--replay ${recording}`);
		await run.shows("eb-played");
		expect(run.text()).toContain("REPLAY eb.ebtop");
		run.child.stdin.write("q");
		await run.ended;
		const [, screen = "", after = ""] = run
			.output()
			.split(ENTER)
			.flatMap((part) => part.split(LEAVE));
		expect(screen).toContain("eb-host");
		expect(after).toContain("status=0");
	});
	it("shows mistakes in the settings in the header, and uses the rest", async () => {
		const config = join(folder, "config.json");
		writeFileSync(config, '{ "panes": ["tcp", "files"],\n"delay": 99, "theme": 1 }');
		const run = startOnTerminal(`--replay ${recording} --config ${config}`, 200);
		await run.shows(`${config}, line 2: "delay" takes seconds from 0.1 to 60, not 99.`);
		expect(run.text()).toContain("There is more: --print-config lists all.");
		expect(run.text()).not.toContain("Processes");
		run.child.stdin.write("q");
		await run.ended;
		expect(run.output()).toContain("status=0");
	});
	it("saves the history as the caller where the caller may write, though root no longer may", async () => {
		const cwd = mkdtempSync(join(tmpdir(), "eb-callers-"));
		const caller = process.getuid?.() === 0 ? 65_534 : (process.getuid?.() ?? 0);
		chownSync(cwd, caller, -1);
		const env = { SUDO_UID: String(caller), SUDO_GID: String(process.getgid?.() ?? 0) };
		const run = startOnTerminal(`--replay ${recording}`, 200, 24, { cwd, env });
		await run.shows("eb-played");
		await run.shows(new Date(1_790_000_101_123).toISOString().slice(11, 19)); // the second refresh
		run.child.stdin.write("E");
		await run.shows("Saved in ebtop-");
		run.child.stdin.write("q");
		await run.ended;
		const [saved = ""] = readdirSync(cwd);
		expect(statSync(join(cwd, saved))).toMatchObject({ uid: caller, mode: 0o040_700 });
		expect(statSync(join(cwd, saved, "recording.ebtop"))).toMatchObject({ uid: caller, mode: 0o100_600 });
		const { stdout } = await runEbtop("--replay", join(cwd, saved, "recording.ebtop"), "--json");
		const { stdout: original } = await runEbtop("--replay", recording, "--json");
		const parsed = (lines: string) =>
			lines
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line));
		expect(parsed(stdout)).toEqual(parsed(original));
		rmSync(cwd, { recursive: true });
	});
	it("says that the terminal is no recording", async () => {
		const run = startOnTerminal("--replay -", 160);
		await run.ended;
		expect(run.output()).toContain("pipe one into it.");
		expect(run.output()).toContain("status=2");
	});
	it("ends after -n refreshes by itself", async () => {
		const run = startOnTerminal(`--replay ${recording} -n 1`);
		await run.ended;
		expect(run.output()).toContain(LEAVE);
		expect(run.output()).toContain("status=0");
	});
	it.each(["INT", "TERM", "HUP"])("restores it on SIG%s", async (signal) => {
		const run = startOnTerminal(`--replay ${recording}`);
		await run.shows("eb-played");
		process.kill(run.pid(), `SIG${signal}`);
		await run.ended;
		expect(run.output().split(LEAVE)[1]).toContain("status=0");
	});
	it("survives many resizes, to tiny sizes and none, and opens no file for them", async () => {
		const run = startOnTerminal(`--replay ${recording}`);
		await run.shows("eb-played");
		const folder = () => `/proc/${run.pid()}/fd`;
		const open = () =>
			readdirSync(folder()).filter((fd) => readlinkSync(`${folder()}/${fd}`).startsWith("/dev/")).length;
		const before = open();
		const sizes = SIZES.map(([rows, columns]) => `stty -F ${run.device()} rows ${rows} cols ${columns}`).join("\n");
		await promisify(execFile)("sh", ["-ec", Array(20).fill(sizes).join("\n")]);
		run.child.stdin.write("?");
		await run.shows("Keys");
		expect(open()).toBe(before);
		run.child.stdin.write("q");
		await run.ended;
		expect(run.output()).toContain("status=0");
	});
	it("goes on recording behind a terminal that takes nothing, and ends on SIGTERM", async () => {
		const path = join(folder, "eb-stuck.ebtop");
		const run = startOnTerminal(`--source proc -d 0.1 --record ${path}`, 200, 60);
		await run.shows("Processes");
		const { pid: reader } = run.child;
		process.kill(reader as number, "SIGSTOP");
		for (let grown = 0, size = 0; grown < 25; ) {
			await new Promise((resolve) => setTimeout(resolve, 20));
			if (statSync(path).size > size) grown++;
			size = statSync(path).size;
		}
		process.kill(run.pid(), "SIGTERM");
		while (/^State:\s[^ZX]/m.test(statusOf(run.pid()))) await new Promise((resolve) => setTimeout(resolve, 20));
		process.kill(reader as number, "SIGCONT");
		await run.ended;
		expect(run.output()).toContain("status=0");
		expect((await play(path)).error).toBeNull();
	});
	it("ends on SIGTERM behind a terminal that takes no text either", async () => {
		const run = startOnTerminal("--source proc -d 0.1 --batch");
		while (run.pid() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const { pid: reader } = run.child;
		process.kill(reader as number, "SIGSTOP");
		await untilStuck(run.pid());
		process.kill(run.pid(), "SIGTERM");
		while (/^State:\s[^ZX]/m.test(statusOf(run.pid()))) await new Promise((resolve) => setTimeout(resolve, 20));
		process.kill(reader as number, "SIGCONT");
		await run.ended;
		expect(run.output()).toContain("status=0");
	});
	const isRoot = process.getuid?.() === 0;
	const why = isRoot ? "" : " (skipped: it takes root to have something to give up)";
	it.skipIf(!isRoot)(`drops its rights behind a terminal that does not take the first frame${why}`, async () => {
		const run = startOnTerminal("", 1000, 300);
		while (run.pid() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const { pid: reader } = run.child;
		process.kill(reader as number, "SIGSTOP");
		while (!/^Seccomp:\s2$/m.test(statusOf(run.pid()))) await new Promise((resolve) => setTimeout(resolve, 20));
		expect(run.text()).not.toContain("Quit");
		process.kill(run.pid(), "SIGTERM");
		process.kill(reader as number, "SIGCONT");
		await run.ended;
		expect(run.output()).toContain("status=0");
	});
	it("prints plain text where --batch asks for it", async () => {
		const run = startOnTerminal(`--replay ${recording} --batch`);
		await run.ended;
		expect(run.output()).not.toContain("\x1b");
		expect(run.output()).toContain("eb-played");
	});
});
