import { machine } from "node:os";
import { expect, test } from "vitest";
import { WireKind } from "../../src/model/wire/layout.gen.ts";
import { nameOfCall } from "../helpers/calls.ts";
import { describeLive, whyNotNew } from "../helpers/live-session.ts";
import { observe, RecordSession } from "../helpers/record-session.ts";

/** Arm64 has no fork, vfork and pause. */
const isArm = machine() === "aarch64";
const PAUSE = isArm ? "ppoll" : "pause";

const counted = async (name: string) => {
	const { session, run } = await observe({}, "calls", name);
	return { calls: session.calls(run.pid), session, run };
};

describeLive("system calls of one process", () => {
	test("calls, errors, and exit_group, which never returns", async () => {
		const { calls } = await counted("plain");
		expect(calls.getppid).toEqual({ count: 1009, errors: 0 });
		expect(calls.dup).toEqual({ count: 17, errors: 17 });
		expect(calls.exit_group).toEqual({ count: 1, errors: 0 });
		expect(calls.execve).toEqual({ count: 1, errors: 0 });
	});

	test("all numbers that no kernel has are one row and hide nothing", async () => {
		const { calls } = await counted("wrong");
		expect(calls.syscall_other).toEqual({ count: 1109, errors: 1109 });
		expect(calls.getppid).toEqual({ count: 101, errors: 0 });
		expect(Object.keys(calls).filter((call) => call !== "syscall_other" && call.startsWith("syscall_"))).toEqual([]);
	});

	test("threads that count into one slot at once lose nothing", async () => {
		const { calls, session, run } = await counted("threads");
		expect(calls.getppid).toEqual({ count: 4 * 25013, errors: 0 });
		expect(calls.pwrite64).toEqual({ count: 4 * 25013, errors: 0 });
		expect(session.files(run).shared?.io).toMatchObject({ opens: 1, writes: 4 * 25013, writeBytes: 4 * 25013 });
		expect(calls.exit).toEqual({ count: 4, errors: 0 });
	});

	test("fork and vfork return twice and are one call each", async () => {
		const { calls } = await counted("children");
		if (isArm) expect(calls.clone).toEqual({ count: 5 + 3, errors: 0 });
		else {
			expect(calls.fork).toEqual({ count: 5, errors: 0 });
			expect(calls.vfork).toEqual({ count: 3, errors: 0 });
		}
		expect(calls.wait4).toEqual({ count: 8, errors: 0 });
	});
});

describeLive("calls that a signal interrupts", () => {
	test("a handler ends pause and nanosleep: EINTR; its return is a call too", async () => {
		const { calls } = await counted("interrupted");
		expect(calls[PAUSE]).toEqual({ count: 3, errors: 3 });
		expect(calls.nanosleep).toEqual({ count: 2, errors: 2 });
		expect(calls.rt_sigreturn).toEqual({ count: 5, errors: 0 });
	});

	test("with SA_RESTART the call runs again and is counted once", async () => {
		const { calls } = await counted("restarted");
		expect(calls.readv).toEqual({ count: 1, errors: 0 });
		expect(calls.rt_sigreturn).toEqual({ count: 1, errors: 0 });
	});

	test("those that the end of the process interrupts are counted too", async () => {
		const { calls } = await counted("broken-off");
		expect(calls[PAUSE]).toEqual({ count: 5, errors: 0 });
		expect(calls.nanosleep).toEqual({ count: 3, errors: 0 });
		expect(calls.restart_syscall).toBeUndefined();
	});

	test("a sleep that was stopped is one nanosleep, not a restart_syscall", async () => {
		const { calls } = await counted("stopped");
		expect(calls.nanosleep).toEqual({ count: 1, errors: 0 });
		expect(calls.restart_syscall).toBeUndefined();
	});

	test("however many threads are stopped at once, each sleep is one nanosleep", async () => {
		const { calls } = await counted("stopped-all");
		expect(calls.nanosleep).toEqual({ count: 4211, errors: 0 });
		expect(calls.restart_syscall).toBeUndefined();
	});
});

describeLive("32-bit programs", () => {
	test("numbers and arguments of their own, sockets, native AIO, sleeps", async () => {
		const { session, run } = await observe({ events: ["sleep"] }, "calls32");
		const calls = session.calls(run.pid);
		const machine32 = isArm ? "arm" : "i386";
		expect(calls[`getpid/${machine32}`]).toEqual({ count: 7, errors: 0 });
		expect(calls[`write/${machine32}`]).toEqual({ count: 5, errors: 0 });
		expect(calls[`exit_group/${machine32}`]).toEqual({ count: 1, errors: 0 });
		if (isArm) expect(calls["send/arm"]).toEqual({ count: 3, errors: 0 });
		else expect(calls["socketcall/i386"]).toEqual({ count: 7, errors: 0 });
		const failed = session.all("wire_exec").filter(({ pid, error }) => pid === run.pid && error !== 0);
		const texts = failed.map(({ tail, name_len }) => tail.toString("latin1", 0, name_len));
		expect(texts).toEqual(Array(3).fill("./eb-missing\0eb-32\0two words\0"));
		const asked = session.all("wire_call_event").flatMap((event) => (event.pid === run.pid ? [event.asked_ns] : []));
		expect(asked).toEqual(whyNotNew === null ? [...Array(3).fill(7e6), ...Array(2).fill(3e6)] : []);
		expect(session.files(run).file?.io).toMatchObject({ opens: 1, writes: 5 + 3, writeBytes: 15 + 21 });
		const sockets = session.objects(run.pid).filter((seen) => seen.object.kind === WireKind.UNIX_STREAM);
		expect(sockets.map((seen) => [seen.io.writeBytes, seen.io.readBytes])).toEqual([
			[33, 0],
			[0, 33],
		]);
	});
});

describeLive("many short lives", () => {
	test("each of 67 processes is there with its calls, although no refresh happened while it lived", async () => {
		const session = new RecordSession();
		const pids: number[] = [];
		for (let count = 0; count < 67; count++) pids.push((await session.run("calls", "plain")).pid);
		session.sweep();
		session.close();
		const exits = session.all("wire_exit").map((exit) => exit.pid);
		const counts = session.all("wire_syscall").filter((call) => nameOfCall(call) === "getppid" && call.count === 1009);
		expect(exits).toEqual(expect.arrayContaining(pids));
		expect(counts.map((call) => call.pid)).toEqual(expect.arrayContaining(pids));
	});
});
