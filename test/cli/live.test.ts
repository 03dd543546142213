import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runEbtop, startEbtop, untilStuck } from "../helpers/run-ebtop.ts";

// Uses the /proc source, which needs no privileges; test/kernel does the same with BPF.
const LIVE = ["--source", "proc", "--json", "-d", "0.2"];
const folder = mkdtempSync(join(tmpdir(), "eb-live-"));
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (stdout: string) => stdout.trimEnd().split("\n");
const seqsOf = (stdout: string): number[] => linesOf(stdout).map((line) => JSON.parse(line).seq);

describe("a live run", () => {
	it("ends with the refresh that -n asks for", async () => {
		const { status, stdout, stderr } = await runEbtop(...LIVE, "-n", "2");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(seqsOf(stdout)).toEqual([0, 1, 2]);
	});
	it("--once has the rates of its one interval", async () => {
		const { status, stdout, stderr } = await runEbtop(...LIVE, "--once");
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(seqsOf(stdout)).toEqual([1]);
		expect(JSON.parse(stdout).intervalMs).toBeGreaterThan(0);
	});
	it("replays to the same lines", async () => {
		const file = join(folder, "eb.ebtop");
		const live = await runEbtop(...LIVE, "-n", "2", "--record", file);
		const replay = await runEbtop("--replay", file, "--json");
		expect(linesOf(replay.stdout)).toEqual(linesOf(live.stdout));
	});
	it("keeps its recording whole when it is killed", async () => {
		const file = join(folder, "killed.ebtop");
		const { child, nextLine, ended } = startEbtop([...LIVE, "--record", file]);
		const lines = [await nextLine(), await nextLine()];
		child.kill("SIGKILL");
		await ended;
		const replay = await runEbtop("--replay", file, "--json");
		expect(linesOf(replay.stdout).slice(0, 2)).toEqual(lines);
		expect(replay.status).toBe(2);
	});
	it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("writes a last line on %s", async (signal) => {
		const { child, nextLine, ended } = startEbtop(["--source", "proc", "--json", "-d", "60"]);
		await nextLine();
		child.kill(signal);
		const { status, stdout, stderr } = await ended;
		expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
		expect(seqsOf(stdout)).toEqual([0, 1]);
	});
	it("ends quietly when its reader leaves", async () => {
		const { child, nextLine, ended } = startEbtop(LIVE);
		await nextLine();
		child.stdout?.destroy();
		expect(await ended).toMatchObject({ status: 0, stderr: "" });
	});
	it("waits for a slow reader with longer intervals, and no line is missing", async () => {
		const { child, nextLine, ended } = startEbtop(LIVE);
		await nextLine();
		child.stdout?.pause();
		await untilStuck(child.pid as number);
		child.stdout?.resume();
		for (let line = 0; line < 3; line++) await nextLine();
		child.kill("SIGTERM");
		const { stdout } = await ended;
		expect(seqsOf(stdout)).toEqual(linesOf(stdout).map((_, seq) => seq));
	});
	it("has the comm ebtop, not that of Node's main thread", async () => {
		const { child, nextLine, ended } = startEbtop(LIVE);
		await nextLine();
		expect(readFileSync(`/proc/${child.pid}/comm`, "utf8")).toBe("ebtop\n");
		child.kill("SIGTERM");
		await ended;
	});
});
