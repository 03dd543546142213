/** The snapshots of a recording, through the same decoder and model as a live run. */

import { StateReader } from "../../src/history/state-blocks.ts";
import { ReplayFeed } from "../../src/model/feed/replay.ts";
import { Model } from "../../src/model/model.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** Reads the whole recording as fast as possible; rejects if it is damaged. */
export function recordedSnapshots(path: string): Promise<Snapshot[]> {
	const feed = new ReplayFeed(path, { pace: "fast" });
	const model = feed.recording.content === "snapshots" ? new StateReader() : new Model(feed.info);
	const snapshots: Snapshot[] = [];
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
