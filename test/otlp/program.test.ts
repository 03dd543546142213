/** `--otlp`: the built program, and a receiver that decodes what it sends. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runEbtop, startEbtop } from "../helpers/run-ebtop.ts";
import { Receiver } from "./receiver.ts";

const SECRET = "eb-secret-3511";

describe("--otlp", () => {
	const folder = mkdtempSync(join(tmpdir(), "eb-otlp-"));
	let receiver: Receiver;
	let pid = 0;
	let stderr = "";
	beforeAll(async () => {
		receiver = await Receiver.open();
		const run = startEbtop(["--json", "-d", "0.2", "-n", "5", "--otlp", receiver.url]);
		run.child.stderr?.on("data", (text) => {
			stderr += text;
		});
		const ended = new Promise((resolve) => run.child.once("exit", resolve));
		await run.nextLine();
		symlinkSync("/bin/sleep", join(folder, "eb-otlp"));
		const child = spawn(join(folder, "eb-otlp"), ["1000"], { stdio: "ignore", argv0: SECRET });
		pid = child.pid ?? 0;
		run.child.stdout?.resume();
		await ended;
		child.kill("SIGKILL");
	});
	afterAll(() => {
		receiver.close();
		rmSync(folder, { recursive: true });
	});

	const own = (name: string) => receiver.metrics.get(name)?.find(({ attributes }) => attributes["process.pid"] === pid);

	it("sends processes as the semantic conventions name them", () => {
		expect(stderr).toBe("");
		expect(receiver.resource).toMatchObject({ "service.name": "ebtop", "os.type": "linux" });
		expect(own("process.memory.usage")).toMatchObject({ unit: "By", isMonotonic: false });
		expect(own("process.memory.usage")?.value).toBeGreaterThan(0);
		expect(own("process.thread.count")).toMatchObject({ value: 1, unit: "{thread}" });
		const cpu = own("process.cpu.time");
		expect(cpu).toMatchObject({ unit: "s", isMonotonic: true });
		expect(cpu?.attributes["process.executable.name"]).toBe("sleep");
		const created = Date.parse(String(cpu?.attributes["process.creation.time"]));
		expect(Math.abs(created - Date.now())).toBeLessThan(600_000);
		expect(Math.round(cpu?.startMs ?? 0)).toBeGreaterThanOrEqual(created); // which has whole milliseconds
	});

	it("sends sums by program, and how far they can be trusted", () => {
		const programs = receiver.metrics.get("ebtop.program.processes") ?? [];
		const all = receiver.metrics.get("process.thread.count")?.length ?? 0;
		const unlisted = receiver.metrics.get("ebtop.process.unlisted")?.[0]?.value ?? Number.NaN;
		expect(programs.reduce((sum, { value }) => sum + value, 0)).toBe(all + unlisted);
		expect(receiver.metrics.get("ebtop.otlp.dropped")).toMatchObject([{ value: 0 }]);
		expect(receiver.metrics.has("ebtop.records.lost")).toBe(true);
	});

	it.skipIf(process.getuid?.() !== 0)("sends events as log records, without command lines", () => {
		const programs = receiver.metrics
			.get("ebtop.program.processes")
			?.map(({ attributes }) => attributes["ebtop.program"]);
		expect(programs).toContain("eb-otlp");
		const ofChild = receiver.logs.filter(({ attributes }) => attributes["process.pid"] === pid);
		expect(ofChild.map(({ name }) => name)).toContain("ebtop.exec");
		for (const body of receiver.bodies) expect(body.includes(SECRET)).toBe(false);
	});
});

it("goes on without a receiver, and says so", async () => {
	const receiver = await Receiver.open();
	const { url } = receiver;
	receiver.close();
	const outcome = await runEbtop("--json", "-d", "0.1", "-n", "2", "--source", "proc", "--otlp", url);
	expect(outcome.status).toBe(0);
	expect(outcome.stdout.trim().split("\n")).toHaveLength(3);
	expect(outcome.stderr).toMatch(
		new RegExp(`^ebtop: Nothing reaches the OpenTelemetry receiver ${url} \\([^)]+\\); ebtop goes on trying\\.\n$`),
	);
});

it.each(["127.0.0.1:4318", "ftp://eb", "http://eb:secret@eb", "http://eb/?x=1"])("refuses %s", async (url) => {
	const { status, stderr } = await runEbtop("--json", "-n", "1", "--otlp", url);
	expect(status).toBe(2);
	expect(stderr).toMatch(/^ebtop: --otlp takes the URL of an OpenTelemetry receiver/);
});
