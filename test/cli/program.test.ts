import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { patienceMs } from "../helpers/circumstances.ts";
import { runEbtop, startEbtop, untilStuck } from "../helpers/run-ebtop.ts";
import { INFO, linesOf, syntheticBatches, temporaryFolder, writeRecording } from "../replay/recordings.ts";

const folder = temporaryFolder();
const recording = join(folder, "eb.ebtop");
const batches = syntheticBatches(4);
writeRecording(recording, batches);
afterAll(() => rmSync(folder, { recursive: true }));

describe("wrong usage ends with status 2, one line and nothing on stdout", () => {
	const cut = join(folder, "nothing.ebtop");
	writeFileSync(cut, "");
	const cases: string[][] = [
		["--no-such-option"],
		["-d", "0"],
		["-n", "none"],
		["-f", "pid ="],
		["-p", "4194303"],
		["--panes", "cpu"],
		["--replay", join(folder, "missing")],
		["--replay", folder],
		["--replay", cut],
		["--record", join(folder, "missing/file")],
		["--demo", "--", "true"],
		["receipt", "show", join(folder, "missing")],
		["follow", "--", "true"],
	];
	it.each(cases.map((words) => [words]))("%j", async (words) => {
		const { status, stdout, stderr } = await runEbtop(...words);
		expect(stderr).toMatch(/^ebtop: [^\n]*\.\n$/);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
	});
	it("and starts no recording", async () => {
		const target = join(folder, "new.ebtop");
		await runEbtop("--record", target, "-p", "4194303");
		expect(existsSync(target)).toBe(false);
	});
});

it("prints its version and its options", async () => {
	const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
	expect(await runEbtop("-V")).toEqual({ status: 0, stdout: `ebtop ${version}\n`, stderr: "" });
	const help = await runEbtop("--help");
	expect(help.status).toBe(0);
	expect(help.stdout).toContain("--replay PATH");
});

describe("a recording needs no privileges", () => {
	it("and its JSON is what the live run wrote", async () => {
		const { status, stdout, stderr } = await runEbtop("--replay", recording, "--json");
		expect(stdout.trimEnd().split("\n")).toEqual(linesOf(INFO, batches));
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	});
	it("ends after -n refreshes behind line 0", async () => {
		const { stdout } = await runEbtop("--replay", recording, "--json", "-n", "2");
		expect(stdout.trimEnd().split("\n")).toEqual(linesOf(INFO, batches).slice(0, 3));
	});
	it("--once is one snapshot of one interval", async () => {
		const { status, stdout, stderr } = await runEbtop("--replay", recording, "--json", "--once");
		expect({ status, lines: stdout.trimEnd().split("\n"), stderr }).toEqual({
			status: 0,
			lines: linesOf(INFO, batches).slice(1, 2),
			stderr: "",
		});
		const text = await runEbtop("--replay", recording, "--batch", "--once");
		expect(text.stdout).toBe((await runEbtop("--replay", recording, "--batch", "-n", "1")).stdout);
		expect(text.stdout.match(/^ebtop - /gm)).toHaveLength(1);
	});
	it("is narrowed by --filter and --panes", async () => {
		const { stdout } = await runEbtop("--replay", recording, "--json", "-f", "comm = none", "-n", "1");
		expect(JSON.parse(stdout.split("\n")[1] as string)).toMatchObject({ processes: [], syscalls: [], host: "eb-host" });
		const panes = await runEbtop("--replay", recording, "--json", "--panes", "syscalls", "-n", "1");
		const line = JSON.parse(panes.stdout.split("\n")[1] as string);
		expect([line.processes.length, line.syscalls.length]).toEqual([0, 1]);
	});
	it("plays a truncated file up to its end, says so, and ends with status 2", async () => {
		const cut = join(folder, "cut.ebtop");
		const bytes = readFileSync(recording);
		writeFileSync(cut, bytes.subarray(0, bytes.length - 60));
		const { status, stdout, stderr } = await runEbtop("--replay", cut, "--json");
		expect(stdout.trimEnd().split("\n")).toEqual(linesOf(INFO, batches).slice(0, 3));
		expect(stderr).toBe(`ebtop: Cannot play ${cut}: its end is missing.\n`);
		expect(status).toBe(2);
	});
	it("is plain text where stdout is not a terminal: a table for each refresh behind the first", async () => {
		const { status, stdout } = await runEbtop("--replay", recording);
		expect(status).toBe(0);
		expect(stdout.match(/^ebtop - .* eb-host Linux 6\.1\.0/gm)).toHaveLength(3);
		expect(stdout).toMatch(/^ *42 +1 +0 +S .*\[eb-played\]$/m);
		expect(stdout).toMatch(/^ *42 +eb-played +getpid +97 +291 +0 +0$/m);
		expect(stdout.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
	});
});

describe("ends in order", () => {
	const long = join(folder, "long.ebtop");
	writeRecording(long, syntheticBatches(3000));

	it("when its reader goes away, without a message", async () => {
		const { child, nextLine, ended } = startEbtop(["--replay", long, "--json"]);
		await nextLine();
		child.stdout?.destroy();
		expect(await ended).toMatchObject({ status: 0, stderr: "" });
	});
	it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("on %s, with whole lines only", async (signal) => {
		const { child, nextLine, ended } = startEbtop(["--replay", long, "--json"]);
		await nextLine();
		child.kill(signal);
		const { status, stdout, stderr } = await ended;
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		for (const line of stdout.trimEnd().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
	});
	it("and waits for a slow reader to take the rest", async () => {
		const { child, nextLine, ended } = startEbtop(["--replay", long, "--json", "-n", "400"]);
		await nextLine();
		child.stdout?.pause();
		await untilStuck(child.pid as number);
		child.stdout?.resume();
		const { status, stdout } = await ended;
		expect(status).toBe(0);
		expect(
			stdout
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line).seq),
		).toEqual([...Array(401).keys()]);
	});
	it("on a signal while its reader takes nothing", async () => {
		const launcher = new URL("../../bin/ebtop", import.meta.url).pathname;
		const child = spawn(launcher, ["--replay", long, "--json"], {
			stdio: ["ignore", "pipe", "ignore"],
			timeout: patienceMs,
			killSignal: "SIGKILL",
		});
		child.stdout.once("data", () => {
			child.stdout.pause();
			child.kill("SIGTERM");
		});
		// "exit", not "close": what it wrote is still unread.
		expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
		child.stdout.destroy();
	});
});
