/** System calls are sampled, never counted. */
import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, expect, it } from "vitest";
import { Observer } from "./observer.ts";

const children: ChildProcess[] = [];
const observer = new Observer({ concerns: ["syscall"] });

afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
});

it("shows the call that a process is in as a sample, without a rate, until it is gone", async () => {
	const child = spawn("/bin/sh", ["-c", "read go"], { stdio: ["pipe", "ignore", "ignore"] });
	children.push(child);
	const find = () => observer.refresh().syscalls.filter(({ pid }) => pid === child.pid);
	const sample = await observer.until("the read", ({ syscalls }) =>
		syscalls.find(({ pid, name }) => pid === child.pid && name === "read (sampled)"),
	);

	expect(sample).toMatchObject({ comm: "sh", nr: 0, rate: 0, errors: 0, errorRate: 0, latency: null });
	expect(sample.count).toBeGreaterThan(0);
	expect(find()).toHaveLength(1);
	child.kill("SIGKILL");
	await observer.until("its end", () => find().length === 0);
});

it("health says so, and no call is counted", () => {
	const { health, system } = observer.refresh();
	const probe = health.probes.find(({ probe }) => probe === "syscall");

	expect(probe).toMatchObject({ state: "fallback", variant: "sampled" });
	expect(probe?.reason).toContain("System calls are not counted");
	expect(system.syscallRate).toBeNull();
});
