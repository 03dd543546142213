/** Counts that each CPU still holds in its lines are neither lost nor counted twice, at any time. */
import { expect, test } from "vitest";
import { nameOfCall } from "../helpers/calls.ts";
import type { TestSessionOptions } from "../helpers/drained-session.ts";
import { describeLive } from "../helpers/live-session.ts";
import { RecordSession, type Run } from "../helpers/record-session.ts";

const THREADS = 5;
const ROUNDS = 10007;
const CHILDREN = 101;

/** Runs a workload and sweeps continuously, so that many sweeps coincide with a CPU changing a line. */
async function sweepDuring(options: TestSessionOptions, name: string): Promise<{ session: RecordSession; run: Run }> {
	const session = new RecordSession(options);
	let isRunning = true;
	const running = session.run("lines", name).finally(() => {
		isRunning = false;
	});
	while (isRunning) {
		session.sweep();
		await new Promise((resolve) => setImmediate(resolve));
	}
	const run = await running;
	session.sweep();
	session.close();
	return { session, run };
}

/** Counters of one slot that have decreased, as text. */
function fallen(session: RecordSession): string[] {
	const last = new Map<string, readonly number[]>();
	const found: string[] = [];
	const compare = (key: string, counts: readonly number[]) => {
		const before = last.get(key);
		if (before?.some((count, index) => (counts[index] ?? 0) < count)) found.push(`${key}: ${before} then ${counts}`);
		last.set(key, counts);
	};
	for (const call of session.all("wire_syscall"))
		compare(`call ${call.pid} ${call.start} ${call.abi} ${call.nr}`, [call.count, call.errors]);
	for (const io of session.all("wire_io")) {
		const key = `io ${io.pid} ${io.start} ${io.dev} ${io.big("ino")} ${io.gen}`;
		compare(key, [io.opens, io.reads, io.writes, io.read_bytes, io.write_bytes]);
	}
	return found;
}

describeLive("the lines of a CPU", () => {
	test("threads that move from CPU to CPU", async () => {
		const { session, run } = await sweepDuring({}, "threads");
		expect(session.calls(run.pid).getppid).toEqual({ count: THREADS * ROUNDS, errors: 0 });
		expect(session.files(run).shared?.io).toEqual({
			opens: 1,
			reads: THREADS * ROUNDS,
			writes: THREADS * ROUNDS,
			readBytes: 0,
			writeBytes: 3 * THREADS * ROUNDS,
		});
		expect(fallen(session)).toEqual([]);
	});

	test("calls that take one line from each other all the time", async () => {
		const { session, run } = await sweepDuring({}, "meet");
		const calls = session.calls(run.pid);
		expect(calls.getppid).toEqual({ count: ROUNDS, errors: 0 });
		expect(calls.getdents).toEqual({ count: ROUNDS, errors: ROUNDS });
		expect(calls.sendmsg).toEqual({ count: ROUNDS, errors: ROUNDS });
		expect(fallen(session)).toEqual([]);
	});

	test("processes that die and whose lines are reused, also when the tables are full", async () => {
		for (const capacity of [{}, { syscall: 128, io: 64 }]) {
			const { session } = await sweepDuring({ capacity }, "crowd");
			const children = session
				.all("wire_syscall")
				.filter((call) => nameOfCall(call) === "getppid" && call.count === 211);
			const writers = session.all("wire_io").filter((io) => io.writes === 53 && io.write_bytes === 53);
			if ("io" in capacity) {
				const spilled = session.all("wire_spill").length;
				expect(spilled).toBeGreaterThan(0);
				expect(children.length).toBeLessThanOrEqual(CHILDREN);
			} else {
				expect(new Set(children.map((call) => call.pid)).size).toBe(CHILDREN);
				expect(new Set(writers.map((io) => io.pid)).size).toBe(CHILDREN);
			}
			expect(fallen(session)).toEqual([]);
		}
	});
});
