/** Small recordings of synthetic records: a process, its system calls, a tick for each second. */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FeedInfo } from "../../src/model/feed/feed.ts";
import { Recorder } from "../../src/model/feed/recorder.ts";
import { OutputFile } from "../../src/model/feed/regular-file.ts";
import { ReplayFeed } from "../../src/model/feed/replay.ts";
import { Model } from "../../src/model/model.ts";
import { WireType } from "../../src/model/wire/layout.gen.ts";
import { batchOf, record } from "../helpers/wire-encode.ts";

export const INFO: FeedInfo = {
	host: "eb-host",
	kernel: "6.1.0",
	machine: "x86_64",
	source: "bpf",
};

const SECOND_NS = 1_000_000_000n;
/** The time of day at which the machine started. */
const BOOT_NS = 1_790_000_000_123_456_789n;

export function temporaryFolder(): string {
	return mkdtempSync(join(tmpdir(), "eb-replay-"));
}

/** The batches of a live run with this many ticks; between two ticks there is a batch without one. */
export function syntheticBatches(ticks: number): Uint8Array[] {
	return Array.from({ length: ticks }, (_, second) => {
		const time = BigInt(second + 100) * SECOND_NS;
		const head = { pid: 42, start: 7n, time };
		const process = record(WireType.PROCESS, "wire_process", head, { ppid: 1, comm: "eb-played", uid: 0, state: 83 });
		const calls = record(WireType.SYSCALL, "wire_syscall", head, { nr: 39, count: BigInt(second) * 97n });
		const tick = record(WireType.TICK, "wire_tick", { time }, { wall_ns: BOOT_NS + time });
		return [batchOf(process), batchOf(process, calls, tick)];
	}).flat();
}

export function writeRecording(path: string, batches: readonly Uint8Array[]): void {
	const recorder = new Recorder(new OutputFile(path), INFO, "0.0.0", {});
	for (const batch of batches) recorder.write(batch);
	recorder.close();
}

/** The JSON lines that a model makes from batches. */
export function linesOf(info: FeedInfo, batches: readonly Uint8Array[]): string[] {
	const model = new Model(info);
	return batches.flatMap((batch) => {
		const snapshot = model.apply(batch);
		return snapshot === null ? [] : [JSON.stringify(snapshot)];
	});
}

/** Plays a file to its end: returns the batches, and the error if there was one. */
export function play(path: string): Promise<{ feed: ReplayFeed; batches: Uint8Array[]; error: Error | null }> {
	const feed = new ReplayFeed(path, { pace: "fast" });
	const batches: Uint8Array[] = [];
	return new Promise((resolve) => {
		feed.start(
			(batch) => {
				batches.push(batch);
			},
			(error) => resolve({ feed, batches, error }),
		);
	});
}
