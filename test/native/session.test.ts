/** The addon's interface: options, errors, lifetimes. The kernel tests check its batches. */

import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadAddon, type SessionOptions } from "../../src/model/feed/addon.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { patienceMs } from "../helpers/circumstances.ts";
import { describeLive } from "../helpers/live-session.ts";
import { until } from "../helpers/workload.ts";

const addon = loadAddon();
const misuse = join(import.meta.dirname, "misuse.ts");
const run = (testCase: string) =>
	execFileSync(process.execPath, ["--expose-gc", misuse, testCase], { encoding: "utf8", timeout: patienceMs }).trim();

function errorOf(action: () => void): { code: string; message: string } {
	try {
		action();
	} catch (error) {
		return error as { code: string; message: string };
	}
	throw new Error("nothing was thrown");
}

test("the addon is built from this header", () => {
	expect(addon.wireVersion).toBe(wire.WIRE_VERSION);
	expect(addon.wireSizes).toEqual(wire.WIRE_SIZES);
});

const mistakes: [string, unknown, RegExp][] = [
	["nothing", undefined, /needs its options/],
	["no source", {}, /source must be/],
	["an unknown source", { source: "kprobe" }, /source must be/],
	["an unknown concern", { source: "bpf", concerns: ["tape"] }, /no concern called tape/],
	["concerns that are no list", { source: "bpf", concerns: "tcp" }, /concerns must be an array/],
	["a pid that is none", { source: "bpf", pids: [0] }, /whole number/],
	["a pid that is text", { source: "bpf", pids: ["1"] }, /whole number/],
	["a pid that does not exist", { source: "bpf", pids: [4_194_302] }, /^There is no process 4194302;/],
	["an empty comm", { source: "bpf", comm: "" }, /1 to 31 bytes/],
	["a long comm", { source: "bpf", comm: "x".repeat(32) }, /1 to 31 bytes/],
	["a flag that is none", { source: "bpf", latency: 1 }, /latency must be true or false/],
	["a size that is none", { source: "bpf", capacity: { syscall: -1 } }, /capacity.syscall must be/],
	["an unknown probe", { source: "bpf", force: { tape: "tp_btf" } }, /no variant tp_btf of a probe tape/],
];

test.each(mistakes)("%s is a usage error with a message of one sentence", (_, options, sentence) => {
	const error = errorOf(() => new addon.Session(options as SessionOptions));
	expect(error).toMatchObject({ code: "EBTOP_USAGE", message: expect.stringMatching(sentence) });
	expect(error.message).toMatch(/^[A-Za-z0-9].*\.$/);
});

describeLive("a session", () => {
	test("returns whole records of multiples of 8 bytes, a tick at the end of each sweep", () => {
		const session = new addon.Session({ source: "bpf" });
		for (const batch of [session.sweep(), session.drain(), session.sweep()]) {
			const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
			let at = 0;
			while (at < batch.byteLength) {
				expect(wire.headSize(view, at) % 8).toBe(0);
				at += wire.headSize(view, at);
			}
			expect(at).toBe(batch.byteLength);
		}
		const last = session.sweep(12.5);
		const tick = new DataView(last.buffer, last.byteOffset + last.byteLength - wire.WIRE_SIZES.wire_tick);
		expect(wire.headType(tick, 0)).toBe(wire.WireType.TICK);
		expect(wire.tickBusyNs(tick, 0)).toBe(12_500_000);
		session.close();
	});

	test("can be closed twice, and stays closed", () => {
		const session = new addon.Session({ source: "bpf" });
		session.close();
		session.close();
		for (const use of [() => session.drain(), () => session.sweep(), () => session.want([])])
			expect(errorOf(use)).toMatchObject({ code: "EBTOP_CLOSED", message: "The session is closed; open a new one." });
	});

	test("a batch stays unchanged when the next one comes and when the session is closed", () => {
		const session = new addon.Session({ source: "bpf" });
		const first = session.sweep();
		const copy = first.slice();
		session.sweep();
		session.close();
		expect(Buffer.compare(first, copy)).toBe(0);
	});

	test("two at once do not affect each other", () => {
		const [one, two] = [new addon.Session({ source: "bpf" }), new addon.Session({ source: "bpf" })];
		one.close();
		expect(two.sweep().length).toBeGreaterThan(0);
		two.close();
	});

	test("attaches standby probes when they are wanted, also after it dropped its capabilities", () => {
		const { ON, STANDBY } = wire.WireProbeState;
		const states = (disk: number, threads: number) => [threads, disk, disk, disk, disk].join();
		const seen = [states(STANDBY, STANDBY), states(ON, STANDBY), states(ON, ON), states(STANDBY, STANDBY)];
		expect(run("standby")).toBe(seen.join(" "));
	});

	test("is released by the garbage collector", () => expect(run("garbage")).toBe("released"));
	test("works in a worker that is terminated without closing it", () => expect(run("worker")).toBe("true"));

	test("leaves nothing in the kernel when its process is killed; all programs are called ebtop_…", async () => {
		const victim = spawn(process.execPath, [misuse, "victim"], { stdio: ["ignore", "pipe", "inherit"] });
		const ids: number[] = JSON.parse(
			await new Promise((resolve) => victim.stdout.once("data", (text) => resolve(`${text}`))),
		);
		const left = () => {
			const all: { id: number; name?: string }[] = JSON.parse(
				execFileSync("bpftool", ["-j", "prog", "show"], { encoding: "utf8" }),
			);
			return all.filter((program) => ids.includes(program.id));
		};
		const names = left().map((program) => program.name);
		victim.kill("SIGKILL");
		expect(names.length).toBeGreaterThan(5);
		for (const name of names) expect(name).toMatch(/^ebtop_\w{1,9}$/);
		await until("the end of its programs", () => left().length === 0);
	});

	test("a variant that this kernel refuses is an error if it is forced", () => {
		const here = addon.probes().find((probe) => probe.probe === "oom")?.variant;
		const other = here === "tp_btf" ? "tp_btf-pid" : "tp_btf";
		const error = errorOf(() => new addon.Session({ source: "bpf", force: { oom: other } }));
		expect(error).toMatchObject({
			code: "EBTOP_UNSUPPORTED",
			message: expect.stringContaining(`Variant ${other} of probe oom`),
		});
	});

	test("every probe is reported once, with a reason if it is on a fallback or off", () => {
		const reports = addon.probes();
		expect(new Set(reports.map((report) => report.probe)).size).toBe(reports.length);
		for (const { state, variant, reason } of reports) {
			expect(variant === null).toBe(state === "off");
			if (state !== "on") expect(reason).toMatch(/^[A-Z].*\.$/);
		}
		expect(reports.map((report) => report.probe)).toEqual(
			expect.arrayContaining(["fork", "exec", "exit", "syscall", "tcp"]),
		);
	});
});
