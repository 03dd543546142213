import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { syntheticBatches, temporaryFolder, writeRecording } from "../replay/recordings.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/ebtop", import.meta.url));
const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";

const folder = temporaryFolder();
const recording = join(folder, "eb.ebtop");
writeRecording(recording, syntheticBatches(2));
const children: ChildProcess[] = [];
/** Whatever a test did not end itself loses its terminal. */
afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The real program on a real pseudo terminal (util-linux's `script`) of this size. */
function startOnTerminal(words: string, columns = 80, rows = 24) {
	const line = `stty rows ${rows} cols ${columns}; ${LAUNCHER} ${words}; echo "status=$?"`;
	const child = spawn("script", ["-qec", line, "/dev/null"], { env: { ...process.env, TERM: "xterm-256color" } });
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
	/** Waits until the screen shows it; the test's own time-out ends a wait in vain. */
	const shows = async (wanted: string): Promise<void> => {
		while (!text().includes(wanted)) await new Promise((resolve) => setTimeout(resolve, 20));
	};
	return { child, shows, text, ended, output: () => output };
}

describe("on a terminal", () => {
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
	it("ends after -n refreshes by itself", async () => {
		const run = startOnTerminal(`--replay ${recording} -n 1`);
		await run.ended;
		expect(run.output()).toContain(LEAVE);
		expect(run.output()).toContain("status=0");
	});
	it.each(["INT", "TERM", "HUP"])("restores it on SIG%s", async (signal) => {
		const run = startOnTerminal(`--replay ${recording}`);
		await run.shows("eb-played");
		// The folder's name is this test's alone, so no other program is meant.
		spawn("pkill", [`-${signal}`, "-f", `ebtop.cjs --replay ${recording}`]);
		await run.ended;
		expect(run.output().split(LEAVE)[1]).toContain("status=0");
	});
	it("prints plain text where --batch asks for it", async () => {
		const run = startOnTerminal(`--replay ${recording} --batch`);
		await run.ended;
		expect(run.output()).not.toContain("\x1b");
		expect(run.output()).toContain("eb-played");
	});
});
