/** Programs started on the live kernel: the whole argv, the file that runs, and what could not be started. */

import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ProcessRow, Snapshot } from "../../src/model/snapshot.ts";
import * as wire from "../../src/model/wire/layout.gen.ts";
import { describeLive, LiveSession, processIn } from "../helpers/live-session.ts";
import { compileWorkload, until, Workload } from "../helpers/workload.ts";

let workload: Workload;
let session: LiveSession;

/** Runs a case until the program that it executes (`name`) waits. */
async function executed(testCase: string, name: string): Promise<ProcessRow> {
	workload = new Workload("exec", [testCase]);
	await workload.ready("eb-execs");
	await workload.work(name);
	const snapshot = session.refresh();
	expect(session.losses()).toEqual([]);
	return processIn(snapshot, workload.pid(name)) as ProcessRow;
}

const execsOf = (type: number, pid: number) => session.records(type).filter((view) => wire.headPid(view, 0) === pid);

describeLive("exec", () => {
	beforeAll(() => {
		session = new LiveSession({ concerns: ["process"] });
	});
	beforeEach(() => session.forgetRecords());
	afterEach(() => workload.end());
	afterAll(() => session.close());

	test("900 arguments are complete", async () => {
		const row = await executed("many-args", "eb-args");
		expect(row.comm).toBe("eb-args");
		expect(row.exe).toBe(compileWorkload("exec"));
		expect(row.args.length).toBe(900);
		for (let index = 1; index < 900; index++)
			expect(row.args[index]).toBe(`argument-${index}-${String(index).padStart(100, "0")}`);
	});

	test("arguments with blanks, newlines, escapes, nothing, and what is not UTF-8", async () => {
		const row = await executed("strange-args", "eb-strange");
		expect(row.args).toEqual(["eb-strange", "two words", "a\\x0anewline", "esc\\x1b[31m", "", "\\xff\\xfe"]);
	});

	test("beyond 128 KiB the arguments are cut, not lost", async () => {
		const row = await executed("huge-arg", "eb-huge");
		expect(row.args[0]).toBe("eb-huge");
		expect(row.args[1]?.length).toBe(130_000);
		expect(row.args[2]?.startsWith("xxxxxxxx")).toBe(true);
	});

	test("one argument of 130,973 bytes that are not UTF-8 is whole", async () => {
		const row = await executed("broken-arg", "eb-broken");
		expect(row.args).toEqual(["eb-broken", "\\xff".repeat(130_973)]);
	});

	test("a script: its interpreter runs, its own name is the comm", async () => {
		const row = await executed("script", "eb-script");
		expect(row).toMatchObject({ comm: "eb-script", exe: compileWorkload("exec") });
		expect(row.args).toEqual([join(workload.directory, "eb-interp"), "-x", "./eb-script", "one"]);
	});

	test("exec from a thread keeps the process", async () => {
		const row = await executed("thread", "eb-by-thread");
		expect(row.pid).toBe(workload.pid("eb-execs"));
		expect(row.args).toEqual(["eb-by-thread", "threaded"]);
		expect(execsOf(wire.WireType.EXEC, row.pid).length).toBe(1);
		expect(execsOf(wire.WireType.EXIT, row.pid).length).toBe(0);
	});

	test("vfork and exec: fork, exec, executable, arguments come in this order", async () => {
		const row = await executed("vfork", "eb-vforked");
		expect(row.ppid).toBe(workload.pid("eb-execs"));
		const types = [wire.WireType.FORK, wire.WireType.EXEC, wire.WireType.EXE, wire.WireType.ARGS];
		const times = types.map(
			(type) => execsOf(type, row.pid)[0]?.getBigUint64(wire.WIRE_FIELDS.wire_head.time.at, true) as bigint,
		);
		expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
		expect(new Set(times).has(undefined as unknown as bigint)).toBe(false);
	});

	test("programs that could not be started, each with its error", async () => {
		workload = new Workload("exec", ["failing"]);
		await workload.ready("eb-execs");
		const pid = workload.pid("eb-execs");
		await workload.work("eb-execs");
		const snapshot: Snapshot = session.refresh();
		const errors = execsOf(wire.WireType.EXEC_FAILED, pid).map((view) => wire.execError(view, 0));
		expect(errors).toEqual([-2, -2, -2, -13, -13, -13, -13, -13, -8]);
		const events = snapshot.events.filter((event) => event.type === "exec-failed" && event.pid === pid);
		expect(events.length).toBe(9);
		expect(events.filter((event) => event.text.includes("eb-denied")).length).toBe(5);
	});

	test("the arguments of those that could not be started", async () => {
		workload = new Workload("exec", ["failing-args"]);
		await workload.ready("eb-execs");
		const pid = workload.pid("eb-execs");
		const quiet = new LiveSession({ concerns: ["process"], noArgs: true });
		await workload.work("eb-execs");
		const failed = ({ events }: Snapshot) =>
			events.flatMap((event) => (event.type === "exec-failed" && event.pid === pid ? [event.data.args] : []));
		const args = failed(session.refresh());
		const usual = ["eb-name", "two words", "", "esc\\x1b[31m", "x".repeat(1009), "y".repeat(255)];
		expect(args.slice(0, 12)).toEqual(Array(7 + 5).fill(usual));
		expect(args[12]).toEqual(["eb-bad", "?", "behind"]);
		const long = args[13] as string[];
		expect(long.slice(0, 3)).toEqual(["eb-long", "0".repeat(31), `${"0".repeat(30)}1`]);
		expect([long.length, long.at(-1)]).toEqual([1 + 127 + 1, "…"]);
		expect(args.slice(14)).toEqual([Array(11).fill("z"), []]);
		expect(failed(quiet.refresh())).toEqual(Array(16).fill([]));
		quiet.close();
	});

	test("what runs already has its executable and arguments at the start", async () => {
		const row = await executed("strange-args", "eb-strange");
		const late = new LiveSession({ concerns: ["process"] });
		late.close();
		expect(processIn(late.first, row.pid)).toMatchObject({
			exe: readlinkSync(`/proc/${row.pid}/exe`),
			args: row.args,
			comm: "eb-strange",
			ppid: row.ppid,
			start: row.start,
		});
	});

	test("with --no-args none is ever read", async () => {
		const quiet = new LiveSession({ concerns: ["process"], noArgs: true });
		const row = await executed("many-args", "eb-args");
		const found = await until("the program", () => processIn(quiet.refresh(), row.pid));
		quiet.close();
		expect(found).toMatchObject({ comm: "eb-args", exe: row.exe, args: [] });
		expect(quiet.records(wire.WireType.ARGS)).toEqual([]);
	});
});
