import { expect, test } from "vitest";
import { describeLive, testNew } from "../helpers/live-session.ts";
import { observe, type RecordSession } from "../helpers/record-session.ts";
import { compileWorkload } from "../helpers/workload.ts";

/** Requests that are counted when io_getevents returns them, on kernels that refuse programs at their functions. */
const isFallback = (session: RecordSession) => session.probe("aio").state === 2;

describeLive("native AIO", () => {
	test("reads and writes, whole and short, belong to the process and its file", async () => {
		const { session, run } = await observe({}, "aio", "files");
		const { file, written } = session.files(run);
		expect(file?.io).toEqual({ opens: 1, writes: 11, writeBytes: 11 * 997, reads: 8, readBytes: 7 * 1009 + 13 });
		expect(session.probe("aio").lost).toBe(0);
		const spill = session.all("wire_spill").findLast(({ pid }) => pid === run.pid);
		const closed = { opens: 1, writes: spill?.writes ?? 0, writeBytes: spill?.write_bytes ?? 0 };
		if (isFallback(session)) expect(closed).toEqual({ opens: 1, writes: 1, writeBytes: 53 });
		else expect(written?.io).toMatchObject({ opens: 1, writes: 1, writeBytes: 53 });
	});

	test("reads that a device completes", async () => {
		const binary = compileWorkload("aio");
		const { session, run } = await observe({}, "aio", "direct", binary);
		const read = session.objects(run.pid).find(({ name, io }) => name === binary && io.reads > 0);
		expect(read?.io).toMatchObject({ reads: 3, readBytes: 3 * 4096, writes: 0 });
	});

	test("completions that the program takes from the ring are counted, or said to be lost", async () => {
		const { session, run } = await observe({}, "aio", "ring");
		const writes = session.files(run).file?.io.writes ?? 0;
		const { lost } = session.probe("aio");
		if (!isFallback(session)) expect([writes, lost]).toEqual([1201, 0]);
		else {
			expect(writes).toBe(0);
			expect(lost).toBeGreaterThan(0);
			expect(lost).toBeLessThanOrEqual(1201);
		}
	});

	testNew("a user's crowd of contexts hides no other process's ring, and nothing of the crowd is lost", async () => {
		const { session, run } = await observe({ pids: [process.pid], force: { aio: "tp_btf" } }, "aio", "crowd");
		const { lost } = session.probe("aio");
		expect(lost).toBeGreaterThan(0);
		expect(lost).toBeLessThanOrEqual(41 * 31);
		const name = `${run.directory}/crowd`;
		const crowd = session.all("wire_io").find(({ pid, writes }) => pid !== run.pid && writes > 4003)?.pid ?? Number.NaN;
		expect(session.objects(crowd).find((seen) => seen.name === name)?.io.writes).toBe(41 * 4003);
	});
});
