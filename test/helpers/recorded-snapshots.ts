/** The snapshots of a recording, through the same decoder and model as a live run. */

import { statSync } from "node:fs";
import { StateReader } from "../../src/history/state-reader.ts";
import type { RecordingInfo } from "../../src/model/feed/recorder.ts";
import { ReplayFeed } from "../../src/model/feed/replay.ts";
import { SegmentsReader } from "../../src/model/feed/segments-reader.ts";
import { Model } from "../../src/model/model.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** Of a recording of what was shown. */
export const SHOWN_INFO: RecordingInfo = {
	version: "0.0.0",
	host: "eb-host",
	kernel: "6.1.0",
	machine: "x86_64",
	source: "bpf",
	content: "snapshots",
	options: {},
};

/**
 * Reads the whole recording, a file or a folder, as fast as it goes; rejects if it is broken, with what could be read in
 * `snapshots`.
 */
export async function recordedSnapshots(path: string, snapshots: Snapshot[] = []): Promise<Snapshot[]> {
	const feed = new ReplayFeed(statSync(path).isDirectory() ? new SegmentsReader(path) : path, { pace: "fast" });
	const model = feed.recording.content === "snapshots" ? new StateReader() : new Model(feed.info);
	return new Promise((resolve, reject) => {
		const onBatch = (batch: Uint8Array) => {
			const snapshot = model.apply(batch);
			if (snapshot) snapshots.push(snapshot);
			return undefined;
		};
		feed.start(onBatch, (error) => {
			feed.stop();
			if (error) reject(error);
			else resolve(snapshots);
		});
	});
}
