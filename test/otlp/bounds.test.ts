import type { LogRecordExporter, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { expect, test } from "vitest";
import { LogQueue } from "../../src/otlp/log-queue.ts";
import { MOST_PROCESSES, Processes } from "../../src/otlp/processes.ts";
import { aProcess, aSnapshot } from "../helpers/snapshots.ts";

/** A receiver that takes records only while it is up. */
class Exporter implements LogRecordExporter {
	isUp = false;
	/** With which it refuses. */
	status: number | undefined;
	readonly taken: unknown[] = [];
	export(logs: ReadableLogRecord[], done: Parameters<LogRecordExporter["export"]>[1]): void {
		if (this.isUp) this.taken.push(...logs);
		const error = Object.assign(new Error("eb"), { code: this.status });
		done(this.isUp ? { code: 0 } : { code: 1, error });
	}
	async shutdown(): Promise<void> {}
	async forceFlush(): Promise<void> {}
}

const record = (no: number) => ({ no }) as unknown as ReadableLogRecord;
const numbers = (taken: readonly unknown[]) => taken.map((each) => (each as { no: number }).no);

test("while the receiver is down a bounded number of events waits, the rest is counted", async () => {
	const exporter = new Exporter();
	const outcomes: boolean[] = [];
	const queue = new LogQueue(exporter, (error) => outcomes.push(error === null), { records: 7, batch: 3 });
	for (let no = 0; no < 11; no++) queue.onEmit(record(no));
	expect(queue.dropped).toBe(4);
	await queue.forceFlush();
	expect(outcomes).toEqual([false]);
	queue.onEmit(record(11)); // no room
	expect(queue.dropped).toBe(5);
	exporter.isUp = true;
	await queue.forceFlush();
	expect(numbers(exporter.taken)).toEqual([0, 1, 2, 3, 4, 5, 6]);
	expect(outcomes).toEqual([false, true, true, true]);
	queue.onEmit(record(12));
	await queue.forceFlush();
	expect(numbers(exporter.taken).length + queue.dropped).toBe(13);
	await queue.shutdown();
});

test.each([
	[404, [], 3],
	[503, [0, 1, 2], 0],
])("what a receiver answers with status %i waits for another try, or is counted", async (status, taken, dropped) => {
	const exporter = new Exporter();
	exporter.status = status;
	const queue = new LogQueue(exporter, () => {});
	for (let no = 0; no < 3; no++) queue.onEmit(record(no));
	await queue.forceFlush();
	exporter.isUp = true;
	await queue.forceFlush();
	expect([numbers(exporter.taken), queue.dropped]).toEqual([taken, dropped]);
	await queue.shutdown();
});

test("only the processes that use most have metrics; the others are counted", () => {
	const processes = new Processes();
	const rows = Array.from({ length: MOST_PROCESSES + 13 }, (_, at) =>
		aProcess({ pid: 1000 + at, start: String(at), cpuPercent: at }),
	);
	processes.add(aSnapshot({ processes: rows }));
	const { processes: listed, others } = processes.listed();
	expect([listed.length, others]).toEqual([MOST_PROCESSES, 13]);
	expect(listed.map(({ row }) => row.pid)).not.toContain(1012);
	expect(listed.map(({ row }) => row.pid)).toContain(1013);
});

test("CPU time adds up over refreshes, and ends with the process", () => {
	const processes = new Processes();
	const row = aProcess({ pid: 7, start: "5", cpuPercent: 50, exit: null });
	for (const seq of [1, 2, 3]) processes.add(aSnapshot({ seq, intervalMs: 2000, processes: [row] }));
	expect(processes.listed().processes).toMatchObject([{ cpuSeconds: 3 }]);
	processes.add(aSnapshot({ seq: 4 }));
	expect(processes.listed()).toEqual({ processes: [], others: 0 });
});
